import Basics
import Foundation
import Reports
import Results
import Testing

@testable import Workflow

/// A changed record of a result is not used, and the error has a remedy.
@Suite struct DamageTests {
    private static func ran() async throws -> Sandbox {
        let sandbox = try Sandbox(yaml: "explain: {queries: 0}\nreduce: {photographs: 0}\n")
        _ = try await sandbox.project().run(RunOptions(), observer: SilentObserver())
        return sandbox
    }

    private static let node = Node(.expand, seed: 1, fold: 0)

    /// The file of the record of a node's result.
    private static func record(_ sandbox: Sandbox, _ node: Node = node) async throws -> URL {
        try await sandbox.project().results(of: node).appending(path: "node.json")
    }

    private static func status(_ sandbox: Sandbox) async throws -> NodeStatus {
        try #require(try await sandbox.project().status().nodes.first { $0.node == node })
    }

    /// Changes one digit, or the whole file.
    enum Harm: String, CaseIterable {
        case ingredients, schema, machine, facts, outputs, seconds, sources, cut, gone

        func apply(_ json: JSONValue) -> (text: String, reason: String) {
            func member(_ path: [String], _ value: JSONValue) -> JSONValue { json.setting(path[...], to: value) }
            switch self {
            case .ingredients:
                return (member(["ingredients", "version"], 77).text, "its contents do not match its key")
            case .schema: return (member(["ingredients", "schema"], 2).text, "its contents do not match its key")
            case .machine: return (member(["machine", "cores"], 77).text, "its contents do not match its digest")
            case .facts: return (member(["facts", "x"], 1).text, "its contents do not match its digest")
            case .outputs: return (member(["outputs", "x"], ["digest": "", "size": 1]).text, "its contents do not")
            case .seconds: return (member(["seconds"], 77).text, "its contents do not match its digest")
            case .sources: return (member(["sources"], "x").text, "its contents do not match its digest")
            case .cut: return (String(json.text.prefix(60)), "it is not valid JSON")
            case .gone: return ("{}", "it is not a record of a result")
            }
        }
    }

    @Test(arguments: Harm.allCases)
    func `A changed record is damage, and the result is made again`(harm: Harm) async throws {
        let sandbox = try await Self.ran()
        let file = try await Self.record(sandbox)
        let whole = try String(contentsOf: file, encoding: .utf8)
        let (text, reason) = harm.apply(try JSONValue.read(file))
        try AtomicFile.write(text, to: file)
        let project = try sandbox.project()
        let status = try await Self.status(sandbox)
        #expect(status.state == .stale)
        #expect(status.reason.contains("damaged in the store: node.json (\(reason)"), "\(status.reason)")
        #expect(status.reason.contains("'run' makes it again"))
        #expect(try project.store.record(of: .expand, key: file.deletingLastPathComponent().lastPathComponent) == nil)

        let summary = try await project.run(RunOptions(), observer: SilentObserver())
        #expect(summary.ran == [Self.node])
        #expect(try await project.status().isFresh)
        #expect(try JSONValue.read(file)["ingredients"] == JSONValue(parsing: Data(whole.utf8))["ingredients"])
    }

    @Test func `A record of an earlier version, without a digest, is read, but not with another key`()
        async throws
    {
        let sandbox = try await Self.ran()
        let file = try await Self.record(sandbox)
        var members = try #require(try JSONValue.read(file).object)
        members["digest"] = nil
        try AtomicFile.write(JSONValue.object(members).text, to: file)
        #expect(try await sandbox.project().status().isFresh)
        members["ingredients"] = members["ingredients"]?.setting(["version"], to: 77)
        try AtomicFile.write(JSONValue.object(members).text, to: file)
        #expect(try await Self.status(sandbox).state == .stale)
    }

    @Test func `Rendering with a damaged record reports its path`() async throws {
        let sandbox = try await Self.ran()
        let file = try await Self.record(sandbox)
        try AtomicFile.write("{", to: file)
        let inputs = try await sandbox.project().reportInputs(
            command: "t", layout: ProjectLayout(of: sandbox.root, executable: sandbox.root), versions: [:])
        #expect(!inputs.nodes.contains { $0.stage == .expand })
        #expect(
            inputs.damage == [
                "\(file.path) is damaged: it is not valid JSON. Make the result again with 'whalebook run'; if it was "
                    + "imported, import it again."
            ])
    }

    @Test func `A comparison names the damaged record of a run`() async throws {
        let sandbox = try await Self.ran()
        let file = try await Self.record(sandbox, Node(.evaluate))
        try AtomicFile.write("{", to: file)
        let store = try sandbox.project().store
        let run = try #require(try Ledger(store).entries.first)
        #expect(throws: ComparisonError.damaged(run: "1", path: file.path)) {
            try RunComparison(run, run, store: store)
        }
        #expect(throws: ComparisonError.damaged(run: "1", path: file.path)) { try run.results(in: store) }
    }

    @Test func `A stage reports which of its inputs is missing`() throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        var declared = DeclaredInputs(configuration: project.configuration, weights: nil, upstream: [])
        let inputs = EvaluateStage.Inputs(&declared)
        #expect(throws: WorkflowError.missingInput(file: "split/scenarios.json")) {
            try inputs.questions.scenarios()
        }
        #expect(!inputs.labels.isPresent)
    }
}

extension JSONValue {
    /// The value with a member below it set.
    fileprivate func setting(_ path: ArraySlice<String>, to value: JSONValue) -> JSONValue {
        guard let name = path.first else { return value }
        var members = object ?? [:]
        members[name] = (members[name] ?? .object([:])).setting(path.dropFirst(), to: value)
        return .object(members)
    }
}
