import Basics
import Evaluation

/// `evaluation.json` and `queries.csv` as tables and charts read them.
struct EvaluationView {
    let json: JSONValue
    let queries: [QueryRow]

    /// The metric with its depth, such as `mAP@20`.
    var metric: String { json[path: "contract.metric"]?.string ?? "mAP" }
    /// The depth, or nil where the evaluation does not say.
    var k: Int? { json[path: "contract.k"]?.integer }

    /// The scenarios in the order of their queries.
    var scenarios: [String] {
        let known = json["scenarios"]?.object ?? [:]
        var seen: Set<String> = []
        let asked = queries.map(\.scenario).filter { known[$0] != nil && seen.insert($0).inserted }
        return asked + known.keys.filter { !seen.contains($0) }.sorted()
    }

    /// Why queries missed.
    ///
    /// - Throws: ``ValueError`` for an evaluation that does not tell.
    func causes() throws(ValueError) -> JSONValue {
        guard let causes = json["causes"],
            ["causes", "look_alikes", "hubs"].allSatisfy({ causes[$0]?.array != nil })
        else {
            throw ValueError("evaluation.json tells no causes", "Run 'whalebook run evaluate' again.")
        }
        return causes
    }

    /// What is known of a scenario; scenario names may hold dots.
    func scenario(_ name: String) -> JSONValue { json["scenarios"]?[name] ?? .null }

    /// The models of an ensemble, each alone, for the seed that the numbers are of; empty where one model ranks.
    var models: [(title: String, measures: JSONValue)] {
        let entries = json["members"]?.array ?? []
        let seed = json[path: "contract.run.seed"]?.integer
        let folds = Set(entries.compactMap { $0["fold"]?.integer })
        return entries.filter { seed == nil || $0["seed"]?.integer == seed }.compactMap { entry in
            guard let member = entry["member"]?.string, let fold = entry["fold"]?.integer else { return nil }
            return (folds.count > 1 ? "\(member) of fold \(fold)" : member, entry)
        }
    }

    /// How the numbers were counted, in one paragraph of plain text.
    var contract: String {
        let contract = json["contract"] ?? .null
        var sentences: [String] = []
        let queries = contract["queries"]?.double.map { "\(NumberText.thousands($0)) queries" } ?? "the queries"
        let scenarios = contract["scenarios"]?.double.map {
            $0 == 1 ? "1 scenario" : "\(NumberText.thousands($0)) scenarios"
        }
        sentences.append("\(metric) is the mean over \(queries)\(scenarios.map { " of \($0)" } ?? "").")
        let rules = [
            ("ties", "ties"), ("self_match", "the query's own photograph"),
            ("same_encounter", "photographs of the query's encounter"), ("unanswerable", "queries without an answer"),
        ]
        .compactMap { key, words in contract[key]?.string.map { "\(words): \($0)" } }
        if !rules.isEmpty { sentences.append(rules.joined(separator: "; ").capitalisingFirst + ".") }
        if let broken = contract["broken_photographs"]?.integer {
            let those = NumberText.counted(broken, "photograph", "photographs")
            sentences.append("Left out of everything: \(those) that could not be read.")
        }
        let told = contract["measures"]?.object ?? [:]
        sentences.append(
            (told["top"]?.string ?? "top k: the share of queries with a right photograph among the first k")
                .capitalisingFirst + ".")
        let others = ["r_precision", "minp", "baks"].compactMap { told[$0]?.string }
        if !others.isEmpty { sentences.append(others.joined(separator: "; ") + ".") }
        sentences.append(seedSpread + ".")
        let digests = [("queries_digest", "queries"), ("database_digest", "database")]
            .compactMap { key, words in contract[key]?.string.map { "\(words) \(Self.short($0))" } }
        if !digests.isEmpty { sentences.append("Digests: \(digests.joined(separator: ", ")).") }
        return sentences.joined(separator: " ")
    }

    /// How far the metric varies with the seed.
    private var seedSpread: String {
        let seeds = json[path: "pooled.seeds"] ?? .null
        let count = seeds["values"]?.array?.count ?? 1
        guard count > 1, let mean = seeds["mean"]?.double, let deviation = seeds["deviation"]?.double else {
            return Spread.unknown(over: "seed").capitalisingFirst
        }
        return "\(count) seeds: mean \(NumberText.fixed(mean, 4)), standard deviation \(NumberText.fixed(deviation, 4))"
    }

    private static func short(_ digest: String) -> String {
        let parts = digest.split(separator: ":")
        guard let last = parts.last else { return digest }
        return (parts.dropLast().map(String.init) + [String(last.prefix(12))]).joined(separator: ":")
    }
}

extension String {
    /// The text with its first letter large.
    var capitalisingFirst: String { prefix(1).uppercased() + dropFirst() }
}
