import Basics
import Digests
import Foundation
import Reports
import Results
import Testing

@testable import Workflow

/// Forgeries of increasing care, and the findings of `verify`.
@Suite struct VerifyTests {
    static let text = """
        ---
        title: mAP `{wb} evaluate.pooled.map | fixed(4)`
        ---
        ```{runs-table}
        #| label: tbl-runs
        ```
        """

    /// A sandbox with a run and its document, whose results are also kept as a reference.
    static func rendered() async throws -> Sandbox {
        let sandbox = try Sandbox(yaml: "explain: {queries: 0}\nreduce: {photographs: 0}\n")
        try AtomicFile.write(text, to: sandbox.root.appending(path: "reports/trial.book.md"))
        _ = try await sandbox.project().run(RunOptions(tag: "first"), observer: SilentObserver())
        try await render(sandbox)
        return sandbox
    }

    static func render(_ sandbox: Sandbox) async throws {
        let inputs = try await sandbox.project().reportInputs(
            command: "t", layout: ProjectLayout(of: sandbox.root, executable: sandbox.root), versions: [:])
        try RenderRequest(documents: [sandbox.root.appending(path: "reports/trial.book.md")], formats: [.gfm]).render(
            inputs
        ) {
            #expect($0.errors.isEmpty, "\($0.errors)")
        }
        try ReferenceFolder(sandbox.root.appending(path: "reference")).keep(inputs.nodes)
    }

    static func verify(_ sandbox: Sandbox) async throws -> Verification {
        try await sandbox.project().verify(
            [sandbox.root.appending(path: "reports/trial.book.md")], in: nil,
            layout: ProjectLayout(of: sandbox.root, executable: sandbox.root),
            reference: ReferenceFolder(sandbox.root.appending(path: "reference")), versions: [:])
    }

    static func findings(_ sandbox: Sandbox) async throws -> [String] {
        try await verify(sandbox).findings.map(\.description)
    }

    static func edit(_ path: String, in sandbox: Sandbox, _ change: (String) throws -> String) throws {
        let url = sandbox.root.appending(path: path)
        let text = try String(contentsOf: url, encoding: .utf8)
        let changed = try change(text)
        #expect(changed != text, "\(path) was changed")
        try AtomicFile.write(changed, to: url)
    }

    static let record = "reports/trial_files/record.json"

    static func key(_ stage: StageName, in sandbox: Sandbox) throws -> String {
        try #require(try HeldFolder(sandbox.root.appending(path: "reference/\(stage.rawValue)")).names().first)
    }

    @Test func `An unchanged document is verified with the store, and with only the reference`() async throws {
        let sandbox = try await Self.rendered()
        let whole = try await Self.verify(sandbox)
        #expect(whole.findings.isEmpty && whole.gaps.isEmpty, "\(whole)")
        try FileManager.default.removeItem(at: sandbox.root.appending(path: ".whalebook/cache"))
        let small = try await Self.verify(sandbox)
        #expect(small.findings.isEmpty, "\(small)")
        #expect(small.gaps.count == 2 && small.gaps[0].contains("embeddings are not here"), "\(small.gaps)")
    }

    @Test func `A key that leads elsewhere is a finding, and nothing is written there`() async throws {
        let sandbox = try await Self.rendered()
        let key = try Self.key(.evaluate, in: sandbox)
        let mine = FileManager.default.temporaryDirectory.appending(path: "mine-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: mine) }
        try AtomicFile.write("mine", to: mine.appending(path: "submission.csv"))
        for bad in ["../../../\(mine.lastPathComponent)", "../../\(mine.lastPathComponent)", mine.path] {
            try Self.edit(Self.record, in: sandbox) { $0.replacing(key, with: bad) }
            let found = try await Self.findings(sandbox)
            #expect(found.count == 1 && found[0].contains("is not a key of a result"), "\(found)")
            try Self.edit(Self.record, in: sandbox) { $0.replacing(bad, with: key) }
        }
        #expect(try String(contentsOf: mine.appending(path: "submission.csv"), encoding: .utf8) == "mine")
        #expect(try HeldFolder(mine).names() == ["submission.csv"])
    }

    @Test func `Links in a reference are not followed, reading or writing`() async throws {
        let sandbox = try await Self.rendered()
        let key = try Self.key(.evaluate, in: sandbox)
        let place = sandbox.root.appending(path: "reference/evaluate")
        let other = sandbox.root.appending(path: "other")
        try FileManager.default.moveItem(at: place, to: other)
        try FileManager.default.createSymbolicLink(at: place, withDestinationURL: other)
        let file = other.appending(path: "\(key)/queries.csv")
        try AtomicFile.write("mine", to: file)
        await #expect(throws: FileError.self) { try await Self.render(sandbox) }
        #expect(try String(contentsOf: file, encoding: .utf8) == "mine")
        await #expect(throws: FileError.self) { try await Self.verify(sandbox) }
    }

    /// Swaps the first two matches of the first query, but keeps the scores in order.
    private static func exchange(_ text: String) -> String {
        var rows = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let first = rows.indices.dropFirst().first { rows[$0].count > 6 && rows[$0][6] != rows[$0 + 1][6] } ?? 1
        for column in [4, 6] {
            (rows[first][column], rows[first + 1][column]) = (rows[first + 1][column], rows[first][column])
        }
        return rows.map { $0.joined(separator: ",") }.joined(separator: "\n")
    }

    /// Replaces a file of the reference and its digest in the record, and renders, as a forger would.
    private static func lie(_ stage: StageName, _ file: String, in sandbox: Sandbox, _ change: (String) -> String)
        throws
    {
        let path = "reference/\(stage.rawValue)/\(try key(stage, in: sandbox))/\(file)"
        let before = try Digest.ofContents(of: sandbox.root.appending(path: path).path)
        try edit(path, in: sandbox, change)
        let after = try Digest.ofContents(of: sandbox.root.appending(path: path).path)
        try edit(record, in: sandbox) { $0.replacing(before, with: after) }
    }

    @Test func `The store reveals a neighbour that was changed in the reference and the record`()
        async throws
    {
        let sandbox = try await Self.rendered()
        try Self.lie(.expand, "neighbors.csv", in: sandbox, Self.exchange)
        let found = try await Self.findings(sandbox)
        #expect(
            found.contains { $0.contains("neighbors.csv: differs from the file that this store has under") },
            "\(found)")
    }

    @Test func `A network that was trained here again, in another time, is the same result`() async throws {
        let sandbox = try await Self.rendered()
        // The last column is a time. The document is one of another machine, whose training the reference holds.
        try Self.lie(.train, TrainFiles.history.name, in: sandbox) { text in
            text.dropLast(2) + (text.hasSuffix("7\n") ? "8\n" : "7\n")
        }
        let same = try await Self.findings(sandbox)
        #expect(same == [], "\(same)")
        try FileManager.default.removeItem(at: sandbox.root.appending(path: "reference"))
        let other = try await Self.findings(sandbox)
        #expect(other.contains { $0.contains("history.csv: is not the file that the document used") }, "\(other)")
    }

    @Test func `Without the store, the ranks of right matches reveal it`() async throws {
        let sandbox = try await Self.rendered()
        try Self.lie(.expand, "neighbors.csv", in: sandbox, Self.exchange)
        try FileManager.default.removeItem(at: sandbox.root.appending(path: ".whalebook/cache"))
        let found = try await Self.findings(sandbox)
        let finding = found.first { $0.contains("/neighbors.csv: query '") }
        #expect(finding?.contains("but its ranks say") == true, "\(found)")
    }

    @Test func `The embeddings reveal neighbours and ranks that were changed together`() async throws {
        let sandbox = try await Self.rendered()
        // The store has only the embeddings.
        for stage in StageName.allCases where stage != .embed {
            try? FileManager.default.removeItem(at: sandbox.root.appending(path: ".whalebook/cache/\(stage.rawValue)"))
        }
        try Self.lie(.search, "neighbors.csv", in: sandbox) { text in
            let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            var cells = rows[1].split(separator: ",").map(String.init)
            cells[5] = "0.99999"
            return ([rows[0], cells.joined(separator: ",")] + rows.dropFirst(2)).joined(separator: "\n")
        }
        let found = try await Self.findings(sandbox)
        #expect(found.contains { $0.contains("does not follow from the embeddings for 1 query") }, "\(found)")
    }

    @Test func `The store reveals an option that was changed in the record`() async throws {
        let sandbox = try await Self.rendered()
        let json = try JSONValue.read(sandbox.root.appending(path: Self.record))
        var configuration = try #require(json["configuration"]?.object)
        configuration["search"] = configuration["search"]?.adding("k", 7)
        try AtomicFile.write(
            json.adding("configuration", .object(configuration)).text, to: sandbox.root.appending(path: Self.record))
        let found = try await Self.findings(sandbox)
        #expect(found.contains { $0.hasSuffix("was made with search.k 20, but the record says 7") }, "\(found)")
    }

    @Test func `A headline that was changed in both the record and the table is found`() async throws {
        let sandbox = try await Self.rendered()
        let json = try JSONValue.read(sandbox.root.appending(path: Self.record))
        let map = try #require(json[path: "ledger.0.metrics.map"]?.double)
        var ledger = try #require(json["ledger"]?.array?.first?.object)
        var metrics = try #require(ledger["metrics"]?.object)
        metrics["map"] = 0.9999
        ledger["metrics"] = .object(metrics)
        try AtomicFile.write(
            json.adding("ledger", .array([.object(ledger)])).text, to: sandbox.root.appending(path: Self.record))
        let shown = NumberText.fixed(map, 3)
        try Self.edit("reports/trial.md", in: sandbox) { text in
            text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                .map { $0.hasPrefix("|") ? $0.replacing(shown, with: "0.9999") : $0 }.joined(separator: "\n")
        }
        let found = try await Self.findings(sandbox)
        #expect(found.contains { $0.hasPrefix("run first: map is 0.9999, should be ") }, "\(found)")
        #expect(found.contains("run first: differs from the ledger here"), "\(found)")
    }
}

extension JSONValue {
    /// The object with one more member.
    fileprivate func adding(_ key: String, _ value: JSONValue) -> JSONValue {
        .object((object ?? [:]).merging([key: value]) { $1 })
    }
}
