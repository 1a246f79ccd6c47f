import Basics
import Foundation
import Reports

/// What verifying documents came to.
public struct Verification: Sendable {
    /// Everything that is not what it should be.
    public private(set) var findings: [Finding] = []
    private var leftOut: [String] = []
    private var seen: Set<String> = []
    /// Whether the measures of the ledger's runs could be checked, by name.
    private var runs: [String: Bool] = [:]

    /// What could not be looked at, for want of the files; a line each.
    public var gaps: [String] {
        let unknown = runs.filter { !$0.value }.keys.sorted()
        guard !unknown.isEmpty else { return leftOut }
        let names = unknown.listed(5)
        return leftOut + [
            "the measures of \(NumberText.counted(unknown.count, "run", "runs")) whose results are not here: \(names)"
        ]
    }

    /// Adds findings; what several documents share is added once.
    mutating func join(_ found: [Finding]) {
        for finding in found where seen.insert(finding.description).inserted { findings.append(finding) }
    }

    /// Notes something that could not be looked at.
    mutating func leaveOut(_ gap: String) {
        if seen.insert(gap).inserted { leftOut.append(gap) }
    }

    /// Notes whether a run's measures could be checked; once is enough.
    mutating func note(run name: String, isKnown: Bool) { runs[name] = runs[name] == true || isKnown }
}

extension Project {
    /// Makes every number and figure of rendered documents anew from the rankings, labels and other primary results, and
    /// compares.
    ///
    /// Results are taken from the store where it has them as they were recorded, else from the reference. Nothing is
    /// written but into a temporary folder that goes again.
    ///
    /// - Parameters:
    ///   - documents: `name.book.md`, each with every rendering of it that has a record.
    ///   - outputDirectory: Where the renderings are; nil for beside each document.
    ///   - versions: Those of the libraries that draw here.
    ///   - isWhole: Whether these are all documents, so that no other rendering should lie beside theirs.
    /// - Returns: All that differs, document by document, and what could not be looked at.
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
        let repetition = Repetition(project: self, folder: temporary.url.appending(path: "anew"))
        var verification = Verification()
        var origins = Origins()
        for document in documents {
            let folder = outputDirectory ?? document.deletingLastPathComponent()
            let renderings = try Renderings(in: folder)
            for rendering in try DocumentVerification.all(of: document, in: folder) {
                if let flaw = rendering.record.flaw {
                    verification.join([Finding(file: rendering.recordPath, problem: "\(flaw); nothing is read by it")])
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
                    verification.join(
                        try rendering.findings(results: counted, place: place, versions: versions))
                } catch {
                    // What was changed may be no longer what it is called.
                    guard let words = origins.words(of: error) else { throw error }
                    verification.join([Finding(file: rendering.recordPath, problem: "cannot be made anew: \(words)")])
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
}
