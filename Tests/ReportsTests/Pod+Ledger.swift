import Basics
import Evaluation
import Foundation
import Results

@testable import Reports

extension Pod {
    /// The workflow with the results of ``Pod/inputs``.
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
            name: name, stage: StageName(rawValue: String(name.prefix { $0 != " " })) ?? .split, state: state,
            upstream: upstream,
            seconds: state == "missing" ? nil : 12)
    }

    /// A run before the present one, which fixed whale 1, broke whale 2, and left whales 3 and 4 unchanged.
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
        try write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate-old")
        try writeTraining(folder: "train-old", parameters: 3_371_000, epochs: 2)
        let (root, asks) = (root, Counter())
        comparisons = asks
        ledger = ReportLedger(runs: [Self.first, Self.failed, Self.present]) { old, new in
            guard ["previous", "1"].contains(old), ["current", "3"].contains(new) else {
                throw ValueError("there is no run '\(old)' or '\(new)'", "'whalebook runs' lists them.")
            }
            asks.count += 1
            func folder(_ name: String) -> URL { root.appending(path: "store/\(name)") }
            func run(_ stages: [StageName], _ suffix: String) -> ReportComparison.Run {
                ReportComparison.Run(
                    nodes: stages.map {
                        ReportNode(
                            $0 == .train ? Node($0, member: "lite0", seed: 1, fold: 0) : Node($0),
                            key: "\($0.rawValue)\(suffix)", outputDigest: "",
                            directory: folder($0.rawValue + suffix))
                    })
            }
            return ReportComparison(
                result: try Self.result(old: folder("evaluate-old"), new: folder("evaluate")),
                old: run([.train, .evaluate, .expand], "-old"), new: run([.train, .evaluate, .expand], ""))
        }
    }

    /// Counts the ledger's comparisons.
    final class Counter: @unchecked Sendable { var count = 0 }

    /// The output of `whalebook compare --json`.
    private static func result(old: URL, new: URL) throws -> ComparisonSummary {
        let comparison = Comparison(
            old: try EvaluateFiles.queries.read(in: old), new: try EvaluateFiles.queries.read(in: new),
            oldSeeds: [0.45], newSeeds: [0.5125])
        return ComparisonSummary(
            comparison, fallenOut: 1, old: first, new: present, changes: present.changes)
    }

    /// A run of the ledger.
    static func run(
        _ number: Int, parent: Int? = 1, day: Int = 1, seconds: Double = 95, settings: [String] = [],
        reason: String? = nil, tags: [String] = [], outcome: RunEntry.Outcome = .finished, failure: String? = nil,
        changes: [RunEntry.Change] = [], nodes: [RunEntry.NodeState] = [], map: Double? = nil,
        configuration: JSONValue = [:]
    ) -> RunEntry {
        RunEntry(
            number: number, parent: parent, startedAt: "2024-05-0\(day)T10:00:00Z", seconds: seconds, command: "",
            settings: settings, reason: reason, tags: tags, commit: nil, hasUncommittedChanges: false, outcome: outcome,
            failure: failure, changes: changes, nodes: nodes,
            metrics: .init(map: map, top1: nil, queries: nil, seeds: nil), machine: [:], configuration: configuration)
    }

    /// A node of a run, by the digest of its output.
    static func state(_ stage: StageName, _ digest: String) -> RunEntry.NodeState {
        .init(Node(stage), key: digest, outputDigest: digest, seconds: 1, ran: true, imported: nil)
    }

    static let first = run(1, parent: nil, nodes: [state(.evaluate, "aa")], map: 0.45)
    static let failed = run(
        2, day: 2, seconds: 5, settings: ["seeds=[9]"], outcome: .failed, failure: "out of memory",
        changes: [.init(name: "seeds", old: [1], new: [9])])
    static let present = run(
        3, day: 3, seconds: 130, reason: "more epochs", tags: ["longer"],
        changes: [.init(name: "train.schedule.epochs", old: 2, new: 3)], nodes: [state(.evaluate, "bb")], map: 0.5125)
}
