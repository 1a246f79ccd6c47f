import Basics
import Digests
import Foundation
import Reports
import Results
import Testing

@testable import Workflow

/// The findings of `verify` in a changed store and reference: the problem, the user's path, and the remedy.
@Suite struct VerifyDamageTests {
    /// The files of a stage in the store and in the reference.
    private static func folder(_ place: String, _ stage: StageName, in sandbox: Sandbox) throws -> URL {
        sandbox.root.appending(path: "\(place)/\(stage.rawValue)/\(try VerifyTests.key(stage, in: sandbox))")
    }

    @Test(arguments: [StageName.split, .search, .expand, .evaluate])
    func `A damaged record in the store is reported, with a remedy`(stage: StageName) async throws {
        let sandbox = try await VerifyTests.rendered()
        let file = try Self.folder(".whalebook/cache", stage, in: sandbox).appending(path: "node.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        for (harm, reason) in [
            ("{", "it is not valid JSON"), (text.replacing("\"schema\": 1", with: "\"schema\": 3"), "key"),
        ] {
            try AtomicFile.write(harm, to: file)
            let found = try await VerifyTests.findings(sandbox)
            #expect(found.count == 1, "\(found)")
            #expect(found[0].hasPrefix("\(file.path): is damaged: ") && found[0].contains(reason), "\(found)")
            #expect(found[0].contains("Make the result again with 'whalebook run'"), "\(found)")
        }
    }

    @Test(arguments: [StageName.split, .search, .expand])
    func `A document that was rendered without an input of other results is not verified`(
        stage: StageName
    ) async throws {
        let sandbox = try await VerifyTests.rendered()
        let file = try Self.folder(".whalebook/cache", stage, in: sandbox).appending(path: "node.json")
        try AtomicFile.write("{", to: file)
        try await VerifyTests.render(sandbox)
        let verification = try await VerifyTests.verify(sandbox)
        #expect(verification.gaps.contains { $0.hasPrefix("\(file.path) is damaged: ") }, "\(verification.gaps)")
        let found = verification.findings.map(\.description)
        let name = stage == .split ? "split fold 0" : "\(stage.rawValue) seed 1 fold 0"
        #expect(
            found.contains {
                $0.hasPrefix("evaluate/") && $0.contains("the record has no result of \(name)")
                    && $0.contains("Run 'whalebook run'")
            }, "\(found)")
        #expect(!found.contains { $0.contains("did not declare") }, "\(found)")
    }

    /// The replacement for a file of the reference.
    enum Place: CaseIterable { case link, pipe, folder, nothing }

    @Test(arguments: [StageName.split, .expand, .evaluate], Place.allCases)
    func `An entry of the reference that is not a file is reported by its path`(stage: StageName, place: Place)
        async throws
    {
        let sandbox = try await VerifyTests.rendered()
        try FileManager.default.removeItem(at: sandbox.root.appending(path: ".whalebook/cache"))
        let name = stage == .split ? "split.csv" : stage == .expand ? "neighbors.csv" : "queries.csv"
        let file = try Self.folder("reference", stage, in: sandbox).appending(path: name)
        let other = sandbox.root.appending(path: "other.csv")
        try FileManager.default.moveItem(at: file, to: other)
        switch place {
        case .link: try FileManager.default.createSymbolicLink(at: file, withDestinationURL: other)
        case .pipe: mkfifo(file.path, 0o600)
        case .folder: try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        case .nothing: break
        }
        let verification = try await VerifyTests.verify(sandbox)
        let found = verification.findings.map(\.description)
        #expect(found.count == 1 && found[0].hasPrefix("\(file.path): is "), "\(found)")
        let gaps = verification.gaps
        #expect(gaps.contains { $0.contains("files of their results are missing") }, "\(gaps)")
        #expect(!(found + verification.gaps).contains { $0.contains("whalebook-verify") })
    }

    @Test(arguments: [(StageName.split, "split.csv"), (.expand, "neighbors.csv"), (.expand, "ranks.csv")])
    func `A malformed file of the reference is reported by its own path, not by that of a copy`(
        stage: StageName, name: String
    ) async throws {
        let sandbox = try await VerifyTests.rendered()
        try FileManager.default.removeItem(at: sandbox.root.appending(path: ".whalebook/cache"))
        let file = try Self.folder("reference", stage, in: sandbox).appending(path: name)
        try AtomicFile.write("a,b\n1\n", to: file)
        let found = try await VerifyTests.findings(sandbox)
        #expect(found.contains("\(file.path): is not the file that the document used"), "\(found)")
        #expect(found.contains { $0.contains("cannot be recomputed: \(file.path):2: the row has 1 cells") }, "\(found)")
        #expect(!found.contains { $0.contains("whalebook-verify") }, "\(found)")
    }

    @Test func `An extra file of an evaluation in the record is reported`() async throws {
        let sandbox = try await VerifyTests.rendered()
        try FileManager.default.removeItem(at: sandbox.root.appending(path: ".whalebook/cache"))
        let folder = try Self.folder("reference", .evaluate, in: sandbox)
        try AtomicFile.write("more", to: folder.appending(path: "more.csv"))
        let digest = Digest.of("more")
        try VerifyTests.edit(VerifyTests.record, in: sandbox) {
            $0.replacing("\"queries.csv\": \"", with: "\"more.csv\": \"\(digest)\", \"queries.csv\": \"")
        }
        let found = try await VerifyTests.findings(sandbox)
        #expect(found.contains { $0.hasSuffix("more.csv: is not a file that an evaluation writes") }, "\(found)")
        #expect(!found.contains { $0.contains("whalebook-verify") }, "\(found)")
    }

    @Test func `A rendering without a source is found when all documents are verified`() async throws {
        let sandbox = try await VerifyTests.rendered()
        let reports = sandbox.root.appending(path: "reports")
        try FileManager.default.copyItem(
            at: reports.appending(path: "trial_files"), to: reports.appending(path: "other_files"))
        #expect(try await VerifyTests.findings(sandbox) == [])
        let whole = try await sandbox.project().verify(
            [reports.appending(path: "trial.book.md")], in: nil,
            layout: ProjectLayout(of: sandbox.root, executable: sandbox.root),
            reference: ReferenceFolder(sandbox.root.appending(path: "reference")), versions: [:], isWhole: true)
        let found = whole.findings.map(\.description)
        #expect(
            found.count == 1 && found[0].hasPrefix("other_files/record.json: belongs to a document whose source"),
            "\(found)")
    }
}
