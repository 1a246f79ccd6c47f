import Basics
import Foundation
import Reports

extension Project {
    /// Makes every number and figure of rendered documents anew from the rankings, labels and other primary results, and
    /// compares.
    ///
    /// Results are taken from the store where it has them as they were recorded, else from the reference.
    ///
    /// - Parameters:
    ///   - documents: `name.book.md`, each with every rendering of it that has a record.
    ///   - outputDirectory: Where the renderings are; nil for beside each document.
    ///   - versions: Those of the libraries that draw here.
    /// - Returns: All that differs, document by document.
    /// - Throws: ``VerificationError``, ``FileError``.
    public func verify(
        _ documents: [URL], in outputDirectory: URL?, surroundings: Surroundings, reference: ReferenceFolder,
        versions: [String: String]
    ) async throws -> [Finding] {
        let place = place(surroundings, try await inspector())
        let recount = try Recount(self)
        defer { recount.end() }
        var findings: [Finding] = []
        for document in documents {
            let folder = outputDirectory ?? document.deletingLastPathComponent()
            for verification in try DocumentVerification.all(of: document, in: folder) {
                let found = try found(verification.record, reference: reference, findings: &findings)
                let counted = try await recount.recounted(found, findings: &findings)
                findings += try verification.findings(results: counted, place: place, versions: versions)
            }
        }
        // Several documents draw on the same results.
        var seen: Set<String> = []
        return findings.filter { seen.insert($0.description).inserted }
    }

    /// The record with the folders where its results are here; what was changed in them is a finding.
    private func found(
        _ record: RenderRecord, reference: ReferenceFolder, findings: inout [Finding]
    ) throws -> RenderRecord {
        var folders: [String: URL] = [:]
        for node in record.results {
            let own = store.folder.appending(path: "cache/\(node.place)")
            let other = reference.folder(of: node)
            let known = [own, other].filter { FileManager.default.fileExists(atPath: $0.path) }
            guard
                let folder = known.first(where: { node.changedFiles(in: $0, isWhole: $0 == own).isEmpty })
                    ?? known.last
            else { throw VerificationError.noResult(name: node.name, places: [own.path, other.path]) }
            findings += node.changedFiles(in: folder, isWhole: folder == own)
            folders[node.place] = folder
        }
        return record.locating { folders[$0.place] ?? $0.directory }
    }
}
