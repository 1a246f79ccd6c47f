import Basics
import Digests
import Evaluation
import Foundation
import Results

/// Two runs of the ledger side by side.
public struct RunComparison: Sendable {
    public let old: RunEntry
    public let new: RunEntry
    public let comparison: Comparison
    /// The number of queries that only one run has; 0 unless only common queries are compared.
    public let fallenOut: Int
    /// The folders of the two evaluations.
    public let oldFolder: URL
    public let newFolder: URL

    /// Pairs two runs by query.
    ///
    /// If queries or databases differ, `intersects` compares the common queries; otherwise this is an error.
    ///
    /// - Throws: ``ComparisonError/notComparable(old:new:reasons:)``, ``ComparisonError/noEvaluation(run:)``; for
    ///   results in the store ``ComparisonError/gone(run:path:)`` or ``ComparisonError/damaged(run:path:)``.
    public init(_ old: RunEntry, _ new: RunEntry, store: Store, intersects: Bool = false) throws {
        try self.init(
            old, new, oldFolder: old.wholeResult(of: .evaluate, in: store).folder,
            newFolder: new.wholeResult(of: .evaluate, in: store).folder, intersects: intersects)
    }

    /// Pairs two runs whose evaluations are in any folders.
    init(_ old: RunEntry, _ new: RunEntry, oldFolder: URL, newFolder: URL, intersects: Bool = false) throws {
        self.old = old
        self.new = new
        self.oldFolder = oldFolder
        self.newFolder = newFolder
        let before = try EvaluateFiles.evaluation.read(in: oldFolder)
        let after = try EvaluateFiles.evaluation.read(in: newFolder)
        let reasons = before.contract.differences(from: after.contract)
        guard reasons.isEmpty || intersects && before.contract.metric == after.contract.metric else {
            throw ComparisonError.notComparable(old: old.name, new: new.name, reasons: reasons)
        }
        let oldRows = try EvaluateFiles.queries.read(in: oldFolder)
        let newRows = try EvaluateFiles.queries.read(in: newFolder)
        let comparison = Comparison(
            old: oldRows, new: newRows, oldSeeds: before.pooled.details.seeds.values,
            newSeeds: after.pooled.details.seeds.values)
        self.comparison = comparison
        let answerable = (oldRows + newRows).count { $0.relevant > 0 }
        fallenOut = answerable - 2 * comparison.pairs.count
        if comparison.pairs.isEmpty {
            throw ComparisonError.notComparable(old: old.name, new: new.name, reasons: ["they have no query in common"])
        }
    }
}

extension RunEntry {
    /// The first result of a stage, with every file as it was written, and its record.
    ///
    /// - Throws: ``ComparisonError/noEvaluation(run:)`` if the run has none; as ``wholeResult(of:key:in:)``.
    func wholeResult(of stage: StageName, in store: Store) throws -> (folder: URL, record: NodeRecord) {
        guard let state = state(of: stage) else { throw ComparisonError.noEvaluation(run: name) }
        return try wholeResult(of: stage, key: state.key, in: store)
    }

    /// The result under a key, with every file as it was written, and its record.
    ///
    /// - Throws: ``ComparisonError/gone(run:path:)``, ``ComparisonError/damaged(run:path:)``, ``StoreError``,
    ///   ``FileError``.
    func wholeResult(
        of stage: StageName, key: String, in store: Store
    ) throws -> (folder: URL, record: NodeRecord) {
        let folder = store.folder(of: stage, key: key)
        let found = try store.look(at: stage, key: key)
        if let damage = found.damage { throw ComparisonError.damaged(run: name, path: damage.path) }
        guard let record = found.record else { throw ComparisonError.gone(run: name, path: folder.path) }
        for (file, output) in record.outputs.sorted(by: { $0.key < $1.key }) {
            guard try Digest.ofContents(of: folder.appending(path: file).path) == output.digest else {
                throw ComparisonError.damaged(run: name, path: folder.appending(path: file).path)
            }
        }
        return (folder, record)
    }
}

/// Why two runs cannot be compared.
public enum ComparisonError: Error, Equatable, CustomStringConvertible {
    case notComparable(old: String, new: String, reasons: [String])
    case noEvaluation(run: String)
    case gone(run: String, path: String)
    case damaged(run: String, path: String)

    public var description: String {
        switch self {
        case .notComparable(let old, let new, let reasons):
            "The runs \(quoted: old) and \(quoted: new) are not comparable: \(reasons.listed(by: "; ")). Compare their "
                + "common queries by 'whalebook compare --intersect', or run both on the same split and scenarios."
        case .noEvaluation(let run):
            "The run \(quoted: run) has no evaluation. Choose a finished run; 'whalebook runs' lists them."
        case .damaged(let run, let path):
            "\(path), a result of the run \(quoted: run), is damaged. Run that configuration again with -f."
        case .gone(let run, let path):
            "The results of the run \(quoted: run) are no longer in the store (\(path)). Run that configuration again."
        }
    }
}

extension RunComparison {
    /// The form for other programs, and for documents by `compare.…`.
    public var summary: ComparisonSummary {
        ComparisonSummary(
            comparison, fallenOut: fallenOut, old: old, new: new, changes: new.changes(since: old))
    }

    /// The comparison in readable lines; the verdict is in the words of the report after a retrain.
    public var text: String {
        let summary = summary
        var lines = [
            summary.answer, "  Why: \(summary.why)", "  What to do: \(summary.advice ?? "–")",
        ]
        if let open = summary.leftOpen { lines.append("  Next: \(open)") }
        lines += (summary.commands ?? []).map { "    \($0)" }
        lines += [
            "  old  \(describe(old))", "  new  \(describe(new))",
            """
              queries  \(comparison.pairs.count) compared: \(comparison.wins) better, \(comparison.losses) worse, \
            \(comparison.ties) unchanged
            """,
        ]
        if fallenOut > 0 { lines.append("  left out  \(fallenOut) queries that only one run has") }
        lines += list("broken", comparison.broken) + list("fixed", comparison.fixed)
        lines.append("  still failing  \(comparison.stillFailing.count)")
        return lines.visibleLines
    }

    private func describe(_ entry: RunEntry) -> String {
        let map = entry.map.map { "mAP@20 \(NumberText.fixed($0, 4))" } ?? ""
        let tag = entry.tags.isEmpty ? "" : " (\(entry.tags.joined(separator: ", ")))"
        return "run \(entry.number)\(tag), \(entry.startedAt), \(map)"
    }

    private func list(_ title: String, _ pairs: [Comparison.Pair]) -> [String] {
        let shown = pairs.prefix(10).map { pair in
            let change = [pair.old, pair.new].map { NumberText.fixed($0.averagePrecision, 3) }.joined(separator: " -> ")
            return "    \(pair.old.id) (\(pair.old.whaleID)): \(change)"
        }
        return ["  \(title)  \(pairs.count)"] + shown + (pairs.count > 10 ? ["    …"] : [])
    }
}
