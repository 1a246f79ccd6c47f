import Basics
import Foundation
import Reports

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
    /// - Returns: All that differs, document by document, and what could not be looked at.
    /// - Throws: ``VerificationError``, ``FileError``.
    public func verify(
        _ documents: [URL], in outputDirectory: URL?, surroundings: Surroundings, reference: ReferenceFolder,
        versions: [String: String]
    ) async throws -> Verification {
        let place = place(surroundings, try await inspector())
        let temporary = try TemporaryFolder("verify")
        defer { temporary.remove() }
        let evidence = Evidence(
            store: store, reference: reference, folder: temporary.url.appending(path: "results"))
        let repetition = Repetition(project: self, folder: temporary.url.appending(path: "anew"))
        var verification = Verification()
        for document in documents {
            let folder = outputDirectory ?? document.deletingLastPathComponent()
            for rendering in try DocumentVerification.all(of: document, in: folder) {
                if let flaw = rendering.record.flaw {
                    verification.join([Finding(file: rendering.recordPath, problem: "\(flaw); nothing is read by it")])
                    continue
                }
                let found = try evidence.gathered(rendering.record, &verification)
                verification.join(try evidence.otherOptions(found, repetition))
                try await RankingRepetition(repetition: repetition).check(found, &verification)
                let counted = try await Recount(repetition: repetition).recounted(found, &verification)
                try LedgerCheck(counted, store: store).check(counted, &verification)
                verification.join(
                    try rendering.findings(results: counted, place: place, versions: versions))
            }
        }
        return verification
    }
}
