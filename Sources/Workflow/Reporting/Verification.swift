import Basics
import Foundation
import Reports
import Results

/// The outcome of verifying documents.
public struct Verification: Sendable {
    /// The differences found.
    public private(set) var findings: [Finding] = []
    private var leftOut: [String] = []
    private var seen: Set<String> = []
    /// Whether the measures of the ledger's runs could be checked, by name.
    private var runs: [String: Bool] = [:]

    /// What could not be checked because files are missing, one line each.
    public var gaps: [String] {
        let unknown = runs.filter { !$0.value }.keys.sorted()
        guard !unknown.isEmpty else { return leftOut }
        let names = unknown.listed(5)
        return leftOut + [
            "the measures of \(NumberText.counted(unknown.count, "run", "runs")) whose results are not here: \(names)"
        ]
    }

    /// Adds findings; a finding that several documents share is added once.
    mutating func join(_ found: [Finding]) {
        for finding in found where seen.insert(finding.description).inserted { findings.append(finding) }
    }

    /// Records something that could not be checked.
    mutating func leaveOut(_ gap: String) {
        if seen.insert(gap).inserted { leftOut.append(gap) }
    }

    /// Records whether a run's measures could be checked; once is enough.
    mutating func note(run name: String, isKnown: Bool) { runs[name] = runs[name] == true || isKnown }
}

extension Project {
    /// Recomputes every number and figure of rendered documents from the rankings, labels and other primary results,
    /// and compares them.
    ///
    /// Results are read from the store if it has them as recorded, else from the reference. It writes only to a
    /// temporary folder, which is removed.
    ///
    /// - Parameters:
    ///   - documents: Files `name.book.md`; every rendering with a record is verified.
    ///   - outputDirectory: The folder of the renderings; nil if they are next to each document.
    ///   - layout: The folders of the documents and of the sources that they quote.
    ///   - reference: The small files of results, for those that the store lacks.
    ///   - versions: The versions of the drawing libraries here.
    ///   - isWhole: Whether these are all documents, so that there should be no other rendering in their folders.
    /// - Returns: All differences, document by document, and what could not be checked.
    /// - Throws: ``VerificationError``, ``FileError``.
    public func verify(
        _ documents: [URL], in outputDirectory: URL?, layout: ProjectLayout, reference: ReferenceFolder,
        versions: [String: String], isWhole: Bool = false
    ) async throws -> Verification {
        let inspector = try await inspector()
        let place = try place(layout, inspector)
        let temporary = try TemporaryFolder("verify")
        defer { temporary.remove() }
        let evidence = Evidence(
            store: store, reference: reference, folder: temporary.url.appending(path: "results"))
        let repetition = Repetition(project: self, folder: temporary.url.appending(path: "repeated"))
        var verification = Verification()
        var origins = Origins()
        for document in documents {
            let folder = outputDirectory ?? document.deletingLastPathComponent()
            let renderings = try Renderings(in: folder)
            for rendering in try DocumentVerification.all(of: document, in: folder) {
                if let flaw = rendering.record.flaw {
                    verification.join([Finding(file: rendering.recordPath, problem: "\(flaw); the record is not used")])
                    continue
                }
                guard let found = try evidence.gathered(rendering.record, &origins, &verification) else {
                    verification.leaveOut(
                        "the documents of \(rendering.recordPath): files of their results are missing")
                    continue
                }
                do {
                    verification.join(try evidence.otherOptions(found, repetition))
                    try await RankingRepetition(repetition: repetition, origins: origins).check(found, &verification)
                    let counted = try await Reevaluation(repetition: repetition).reevaluated(found, &verification)
                    try LedgerCheck(counted, store: store).check(counted, &verification)
                    try check(counted.decisions, &verification)
                    verification.join(
                        try rendering.findings(results: counted, place: place, versions: versions))
                } catch {
                    // A changed file may no longer have the format of its name.
                    guard let words = origins.words(of: error) else { throw error }
                    verification.join([Finding(file: rendering.recordPath, problem: "cannot be recomputed: \(words)")])
                }
            }
            verification.join(try renderings.withoutRecord(of: document))
        }
        for damage in try damage(inspector) where !verification.findings.contains(where: { $0.file == damage.path }) {
            verification.leaveOut("\(damage)")
        }
        if isWhole {
            for folder in Set(documents.map { outputDirectory ?? $0.deletingLastPathComponent() }) {
                verification.join(try Renderings(in: folder).withoutDocument(documents))
            }
        }
        return verification
    }
    /// Compares the decisions of a record with the file that they are from, which may have grown.
    private func check(_ recorded: ReportDecisions?, _ verification: inout Verification) throws {
        guard let recorded else { return }
        let name = DecisionLog.fileName
        guard let found = try ReportDecisions(decisionsFile, length: recorded.length) else {
            return verification.leaveOut("the decisions: there is no \(name) of 'review' next to the configuration")
        }
        guard found != recorded else { return }
        let problem =
            found.digest == recorded.digest
            ? "has other decisions than the document shows"
            : "does not begin with the decisions that the document used: lines were changed or removed"
        verification.join([Finding(file: name, problem: problem)])
    }
}
