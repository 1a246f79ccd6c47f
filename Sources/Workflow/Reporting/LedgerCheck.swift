import Basics
import Digests
import Foundation
import Reports
import Results

/// Compares the runs of a record with their evaluations, so that nobody can change a headline in both the record and
/// the document.
struct LedgerCheck {
    let store: Store
    /// The folders of the recomputed evaluations, by key.
    let counted: [String: URL]

    init(_ record: RenderRecord, store: Store) {
        self.store = store
        counted = Dictionary(
            record.results.filter { $0.stage == .evaluate }.map { ($0.key, $0.directory) }
        ) { first, _ in first }
    }

    /// Adds a finding for each run whose numbers differ from its evaluation, or from this store's ledger.
    ///
    /// - Throws: ``StoreError``, ``FileError`` if something cannot be read.
    func check(_ record: RenderRecord, _ verification: inout Verification) throws {
        let own = try Ledger(store).entries
        for entry in record.ledgerRuns + record.comparedEntries {
            let name = "run \(entry.name)"
            let known = own.first { $0.number == entry.number && $0.startedAt == entry.startedAt }
            if let known, !known.isSame(as: entry) {
                verification.join([Finding(file: name, problem: "differs from the ledger here")])
            }
            guard let key = entry.state(of: .evaluate)?.key else {
                if entry.metrics != RunEntry.Metrics() {
                    verification.join([Finding(file: name, problem: "has measures without an evaluation")])
                }
                continue
            }
            let evaluation = try evaluation(key)
            if let evaluation {
                verification.join(
                    FigureDifferences.findings(
                        in: name, found: try JSONValue(encoding: entry.metrics),
                        expected: try JSONValue(encoding: RunEntry.Metrics(evaluation))))
            }
            verification.note(run: entry.name, isKnown: known != nil || evaluation != nil)
        }
    }

    /// The evaluation of a key: recomputed, else from the store if it is undamaged.
    private func evaluation(_ key: String) throws -> EvaluationResult? {
        let file = EvaluateFiles.evaluation
        if let folder = counted[key] { return try file.read(in: folder) }
        guard let record = try store.record(of: .evaluate, key: key),
            let place = try store.result(of: .evaluate, key: key),
            let data = try FileError.attempt({ try place.contents(of: file.name) }),
            Digest.of(data) == record.outputs[file.name]?.digest
        else { return nil }
        return try? JSONDecoder().decode(EvaluationResult.self, from: data)
    }
}

extension RunEntry {
    /// Whether both describe the same run; names may differ.
    fileprivate func isSame(as other: RunEntry) -> Bool {
        var (one, two) = (self, other)
        (one.tags, two.tags) = ([], [])
        return one == two
    }
}
