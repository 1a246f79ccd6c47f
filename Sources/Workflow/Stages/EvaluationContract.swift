import Basics
import Catalog
import Digests
import Evaluation
import Foundation

/// What the numbers of an evaluation were counted on and how: two evaluations compare only where this agrees.
struct EvaluationContract {
    let scenarios: [Scenario]
    let catalog: Catalog
    let results: [QueryResult]
    /// Answers that the search returns for a query.
    let returned: Int
    /// `split.csv`.
    let split: URL
    /// Photographs that could not be read and were left out.
    let broken: Int
    /// The node whose ranking is told query by query.
    let run: Node
    /// Whether any member is trained.
    let trains: Bool

    func json() throws -> JSONValue {
        let answerable = results.count(where: \.isAnswerable)
        var run: [String: JSONValue] = [:]
        if let seed = self.run.seed { run["seed"] = .number(Double(seed)) }
        if let fold = self.run.fold { run["fold"] = .number(Double(fold)) }
        var contract: [String: JSONValue] = [
            "metric": .string("mAP@\(AveragePrecision.limit)"), "k": .number(Double(AveragePrecision.limit)),
            "returned": .number(Double(returned)), "queries": .number(Double(answerable)),
            "asked": .number(Double(results.count)), "scenarios": .number(Double(scenarios.count)),
            "ties": "equal scores share the precision at the end of their group, as scikit-learn does",
            "self_match": "left out of its own ranking",
            "unanswerable": "left out of every mean, as the official labels leave them out",
            "same_encounter": .string(sameEncounter), "encounters_known": .bool(knowsEncounters),
            "trained": .bool(trains),
            "unseen_animals": "animals that training never saw are asked for like any other",
            "measures": .object(Self.measures),
            "queries_digest": .string(Self.digest(scenarios) { $0.queries.map { "\($0.id),\($0.imageID)" } }),
            "database_digest": .string(Self.digest(scenarios, \.database)),
            "split_digest": .string("sha256:" + (try Digest.ofContents(of: split.path))), "run": .object(run),
        ]
        if broken > 0 { contract["broken_photographs"] = .number(Double(broken)) }
        return .object(contract)
    }

    /// What each measure counts, by its name in `evaluation.json`.
    private static let measures: [String: JSONValue] = [
        "map": .string("mean over queries of the average precision of the first \(AveragePrecision.limit) answers"),
        "top": "top k: the share of queries with a right photograph among the first k (CMC@k)",
        "r_precision": "R-precision: the share of right photographs among the first R, R the number there are",
        "minp": "mINP: the number of right photographs divided by the rank of the last of them in the whole database",
        "baks":
            "BAKS: the share of queries whose first photograph is right, averaged over each animal's, then over animals",
        "map_by_animal": "the mean of the animals' own mAP, so that each counts alike",
        "viewpoints": "each query asked of the database photographs of one view alone; ties by database order",
        "interval": "95%, percentiles of resampled animals",
    ]

    /// Whether answers are photographs of the query's own encounter: a ranking has one database for all its queries, so
    /// scenarios that want none keep the encounters of queries out of the database.
    private var sameEncounter: String {
        guard knowsEncounters else {
            return "not known, since no query names its encounter"
        }
        let shares = scenarios.map { $0.answersOfOwnEncounter(in: catalog) }
        let (count, total) = shares.reduce((0, 0)) { ($0.0 + $1.count, $0.1 + $1.total) }
        return count == 0
            ? "none is a right answer"
            : "\(count) of \(total) right answers are photographs of their query's encounter"
    }

    /// Whether any query names its encounter.
    private var knowsEncounters: Bool {
        scenarios.contains { $0.queries.contains { catalog[$0.imageID]?.encounterID != nil } }
    }

    private static func digest(_ scenarios: [Scenario], _ lines: (Scenario) -> [String]) -> String {
        let text = scenarios.map { ([$0.id] + lines($0)).joined(separator: "\n") }.joined(separator: "\n\n")
        return "sha256:" + Digest.of(text)
    }
}
