import Basics
import Evaluation
import Foundation

@testable import Reports

extension Pod {
    /// The workflow that ``Pod/inputs`` has results of.
    static let graph = [
        node("split fold 0", []), node("train lite0 seed 1 fold 0", ["split fold 0"]),
        node("embed lite0 seed 1 fold 0", ["train lite0 seed 1 fold 0"]),
        node("search seed 1 fold 0", ["split fold 0", "embed lite0 seed 1 fold 0"]),
        node("expand seed 1 fold 0", ["split fold 0", "embed lite0 seed 1 fold 0"]),
        node("evaluate", ["split fold 0", "search seed 1 fold 0", "expand seed 1 fold 0"], state: "stale"),
        node(
            "explain lite0 seed 1 fold 0",
            ["train lite0 seed 1 fold 0", "expand seed 1 fold 0", "evaluate"]),
        node("reduce seed 1 fold 0", ["embed lite0 seed 1 fold 0"]),
    ]

    static func node(_ name: String, _ upstream: [String], state: String = "fresh") -> ReportGraphNode {
        ReportGraphNode(
            name: name, stage: String(name.prefix { $0 != " " }), state: state, upstream: upstream,
            seconds: state == "missing" ? nil : 12)
    }

    /// A run before the present one: it fixed whale 1, broke whale 2, and left whales 3 and 4 as they were.
    func addEarlierRun(_ change: (inout [Asked]) -> Void = { _ in }) throws {
        var asked = Self.asked
        (asked[0].precision, asked[0].first) = (0.25, 3)
        (asked[1].precision, asked[1].first) = (1, 1)
        change(&asked)
        try writeQueries(asked, suffix: "-old")
        var evaluation = Self.evaluation.object ?? [:]
        var pooled = evaluation["pooled"]?.object ?? [:]
        pooled["map"] = 0.45
        pooled["top1"] = 0.25
        evaluation["pooled"] = .object(pooled)
        try write("store/evaluate-old/evaluation.json", JSONValue.object(evaluation).text)
        let (root, asks) = (root, Counter())
        comparisons = asks
        ledger = ReportLedger(runs: .array([Self.first, Self.failed, Self.present])) { old, new in
            guard ["previous", "1"].contains(old), ["current", "3"].contains(new) else {
                throw ValueError("there is no run '\(old)' or '\(new)'", "'whalebook runs' lists them.")
            }
            asks.count += 1
            func folder(_ name: String) -> URL { root.appending(path: "store/\(name)") }
            func run(_ stages: [String], _ suffix: String) -> ReportComparison.Run {
                ReportComparison.Run(
                    nodes: stages.map {
                        ReportNode(stage: $0, key: "\($0)\(suffix)", outputDigest: "", directory: folder($0 + suffix))
                    })
            }
            return ReportComparison(
                json: try Self.json(old: folder("evaluate-old"), new: folder("evaluate")),
                old: run(["evaluate", "expand"], "-old"), new: run(["evaluate", "expand"], ""))
        }
    }

    /// How often the ledger was asked.
    final class Counter: @unchecked Sendable { var count = 0 }

    /// What `whalebook compare --json` would tell.
    private static func json(old: URL, new: URL) throws -> JSONValue {
        let comparison = Comparison(
            old: try QueryRow.read(old.appending(path: "queries.csv")),
            new: try QueryRow.read(new.appending(path: "queries.csv")), oldSeeds: [0.45], newSeeds: [0.5125])
        func ids(_ pairs: [Comparison.Pair]) -> JSONValue { .array(pairs.map { ["query_id": .string($0.old.id)] }) }
        func number(_ value: Int) -> JSONValue { .number(Double(value)) }
        return [
            "verdict": .string(comparison.verdict.rawValue), "difference": .number(comparison.difference),
            "probability": .number(comparison.probability), "interval": [-0.375, 0.5625],
            "queries": number(comparison.pairs.count), "fallen_out": 1, "wins": number(comparison.wins),
            "losses": number(comparison.losses), "ties": number(comparison.ties), "fixed": ids(comparison.fixed),
            "broken": ids(comparison.broken), "still_failing": ids(comparison.stillFailing), "seeds_overlap": nil,
            "why": "one seed in at least one run", "changes": ["train.schedule.epochs 2 -> 3"],
            "old": ["name": "1", "number": 1, "map": 0.45, "seeds": [0.45], "reason": nil],
            "new": ["name": "longer", "number": 3, "map": 0.5125, "seeds": [0.5125], "reason": "more epochs"],
        ]
    }

    static let first: JSONValue = [
        "number": 1, "started_at": "2024-05-01T10:00:00Z", "seconds": 95, "settings": [], "tags": [],
        "outcome": "finished", "changes": [], "metrics": ["map": 0.45],
        "nodes": [["stage": "evaluate", "output_digest": "aa"]],
    ]
    static let failed: JSONValue = [
        "number": 2, "parent": 1, "started_at": "2024-05-02T10:00:00Z", "seconds": 5, "settings": ["seeds=[9]"],
        "tags": [], "outcome": "failed", "failure": "out of memory", "metrics": [:], "nodes": [],
        "changes": [["name": "seeds", "old": [1], "new": [9]]],
    ]
    static let present: JSONValue = [
        "number": 3, "parent": 1, "started_at": "2024-05-03T10:00:00Z", "seconds": 130, "settings": [],
        "tags": ["longer"], "reason": "more epochs", "outcome": "finished", "metrics": ["map": 0.5125],
        "changes": [["name": "train.schedule.epochs", "old": 2, "new": 3]],
        "nodes": [["stage": "evaluate", "output_digest": "bb"]],
    ]
}
