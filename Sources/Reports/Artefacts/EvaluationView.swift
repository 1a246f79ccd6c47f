import Algorithms
import Basics
import Evaluation
import Results

/// `evaluation.json` and `queries.csv` as tables and charts read them.
struct EvaluationView {
    let result: EvaluationResult
    let queries: [QueryRow]

    /// The metric with its depth, such as `mAP@20`.
    var metric: String { result.contract.metric }
    /// All queries together; nil if none is answerable.
    var pooled: Summary? { result.pooled.summary }
    /// All queries without the right photographs of a query's own encounter; nil if that changes nothing.
    var otherEncounters: Summary? { result.otherEncounters == pooled ? nil : result.otherEncounters }

    /// The scenarios in the order of their queries.
    var scenarios: [String] {
        let known = result.scenarios
        return Array((queries.map(\.scenario).filter { known[$0] != nil } + known.keys.sorted()).uniqued())
    }

    /// The measures of a scenario; nil if none of its queries is answerable.
    func summary(of scenario: String) -> Summary? { result.scenarios[scenario]?.summary }

    /// The models of an ensemble, each alone, for the seed of the other numbers; empty if there is only one model.
    var models: [(title: String, summary: Summary?)] {
        let members = result.members ?? []
        let seed = result.contract.run.seed
        let folds = Set(members.map(\.details.fold))
        return members.filter { seed == nil || $0.details.seed == seed }.map { entry in
            let (member, fold) = (entry.details.member, entry.details.fold)
            return (folds.count > 1 ? "\(member) of fold \(fold)" : member, entry.summary)
        }
    }

    /// What a ranking shows and how queries are counted, for readers of photographs, in one paragraph of plain text.
    var readingText: String {
        let contract = result.contract
        return
            "A query is one photograph, searched in the database of one scenario; it is answerable if the database has "
            + "another photograph of its animal. Average precision (AP) is 1 if a query returns all correct photographs "
            + "first, and 0 if it returns none; \(contract.metric) is its mean. The query's own photograph: "
            + "\(contract.selfMatch). Photographs of the query's encounter: \(contract.sameEncounter)."
    }

    /// How the numbers were counted, in one paragraph of plain text.
    var contractText: String { Self.contractText(of: result) }

    /// What the measures besides mAP and the hit rates are, in a paragraph; nil if the evaluation has none.
    var otherMeasures: String? {
        let others = ["r_precision", "minp", "baks"].compactMap { result.contract.measures[$0] }
        return others.isEmpty ? nil : others.joined(separator: "; ").capitalisingFirst + "."
    }

    /// How the numbers of an evaluation were counted, in one paragraph of plain text.
    static func contractText(of result: EvaluationResult) -> String {
        let contract = result.contract
        let scenarios =
            contract.scenarios == 1 ? "1 scenario" : "\(NumberText.thousands(Double(contract.scenarios))) scenarios"
        let rules = [
            ("ties", contract.ties), ("the query's own photograph", contract.selfMatch),
            ("photographs of the query's encounter", contract.sameEncounter),
            ("unanswerable queries", contract.unanswerable),
        ]
        var sentences = [
            "Average precision (AP) is 1 if a query returns all correct photographs first, and 0 if it returns none. "
                + "\(contract.metric) is its mean over \(NumberText.thousands(Double(contract.queries))) queries of "
                + "\(scenarios).",
            rules.map { "\($0.0): \($0.1)" }.joined(separator: "; ").capitalisingFirst + ".",
        ]
        if let broken = contract.brokenPhotographs {
            let those = NumberText.counted(broken, "photograph", "photographs")
            sentences.append("Left out of everything: \(those) that could not be read.")
        }
        sentences += [contract.measures["top"]].compactMap { $0.map { $0.capitalisingFirst + "." } }
        sentences.append(spread(result.pooled.details.seeds) + ".")
        let digests = [("queries", contract.queriesDigest), ("database", contract.databaseDigest)]
            .map { "\($0.0) \(short($0.1))" }
        sentences.append("Digests: \(digests.joined(separator: ", ")).")
        return sentences.joined(separator: " ")
    }

    /// How much the metric varies with the seed.
    private static func spread(_ seeds: Spread) -> String {
        guard let deviation = seeds.deviation else { return Spread.unknown(over: "seed").capitalisingFirst }
        return "\(seeds.values.count) seeds: mean \(NumberText.fixed(seeds.mean, 3)), standard deviation "
            + NumberText.fixed(deviation, 3)
    }

    private static func short(_ digest: String) -> String {
        let parts = digest.split(separator: ":")
        guard let last = parts.last else { return digest }
        return (parts.dropLast().map(String.init) + [String(last.prefix(12))]).joined(separator: ":")
    }
}
