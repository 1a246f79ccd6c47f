import Basics
import Configuration
import Digests
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct NodeTests {
    @Test func `Members and seeds fan out and evaluate joins them`() {
        let graph = NodeGraph(members: [("a", [0]), ("b", [0])], seeds: [1, 2, 3], folds: [0])
        func count(_ stage: StageName) -> Int { graph.nodes.count { $0.stage == stage } }
        #expect(StageName.allCases.map(count) == [1, 1, 0, 6, 6, 0, 0, 3, 0, 0, 3, 1, 3, 2, 1])
        #expect(
            graph.upstream(of: Node(.search, seed: 2, fold: 0)) == [
                Node(.split, fold: 0), Node(.embed, member: "a", seed: 2, fold: 0),
                Node(.embed, member: "b", seed: 2, fold: 0),
            ])
        #expect(graph.upstream(of: Node(.evaluate)).count == 8)
    }

    @Test func `Joined folds form one ensemble of each member's folds`() {
        let graph = NodeGraph(
            members: [("a", [0, 2]), ("b", [0, 1, 2])], seeds: [1, 2], folds: [0, 1, 2], joinsFolds: true)
        func count(_ stage: StageName) -> Int { graph.nodes.count { $0.stage == stage } }
        #expect(StageName.allCases.map(count) == [3, 1, 0, 10, 10, 0, 0, 2, 0, 0, 2, 1, 6, 5, 1])
        let models = [("a", 0), ("b", 0), ("b", 1), ("a", 2), ("b", 2)]
        #expect(
            graph.upstream(of: Node(.search, seed: 2)) == [Node(.split, fold: 0)]
                + models.map { Node(.embed, member: $0.0, seed: 2, fold: $0.1) })
        #expect(graph.upstream(of: Node(.evaluate)).count == 8)
    }

    @Test func `Each model has a bridge if it is configured; the search depends on it, query extension does not`() {
        let graph = NodeGraph(
            members: [("a", [0]), ("b", [0, 1])], seeds: [1, 2], folds: [0, 1], joinsFolds: true, hasAdapter: true)
        let bridges = [("a", 0), ("b", 0), ("b", 1)].map { Node(.bridge, member: $0.0, seed: 2, fold: $0.1) }
        #expect(graph.nodes.filter { $0.stage == .bridge && $0.seed == 2 } == bridges)
        #expect(
            graph.upstream(of: bridges[2]) == [
                Node(.split, fold: 1), Node(.embed, member: "b", seed: 2, fold: 1),
            ])
        #expect(graph.upstream(of: Node(.search, seed: 2)).filter { $0.stage == .bridge } == bridges)
        #expect(graph.upstream(of: Node(.expand, seed: 2)).allSatisfy { $0.stage != .bridge })
        #expect(graph.upstream(of: Node(.evaluate)).count { $0.stage == .bridge } == 6)
    }

    @Test func `Each model of the first ensemble is checked if it is configured, and only the evaluation reads it`() {
        let graph = NodeGraph(
            members: [("a", [0]), ("b", [0])], seeds: [1, 2], folds: [0], untrained: ["b"], checksBackground: true)
        let checks = ["a", "b"].map { Node(.background, member: $0, seed: 1, fold: 0) }
        #expect(graph.nodes.filter { $0.stage == .background } == checks)
        func inputs(_ member: String) -> [Node] {
            [Node(.split, fold: 0), Node(.embed, member: member, seed: 1, fold: 0)]
        }
        #expect(graph.upstream(of: checks[0]) == [Node(.train, member: "a", seed: 1, fold: 0)] + inputs("a"))
        #expect(graph.upstream(of: checks[1]) == inputs("b"))
        #expect(graph.nodes.filter { !Set(graph.upstream(of: $0)).isDisjoint(with: checks) } == [Node(.evaluate)])
        // Imported embeddings have no network.
        let imported = graph.importing { $0 == Node(.embed, member: "a", seed: 1, fold: 0) }
        #expect(imported.nodes.filter { $0.stage == .background } == [checks[1]])
        #expect(imported.upstream(of: Node(.evaluate)).filter { $0.stage == .background } == [checks[1]])
    }

    @Test func `Marks are found once, matched once for each fold, and joined for each ensemble`() {
        func graph(_ matching: NodeGraph.Matching, joinsFolds: Bool = false) -> NodeGraph {
            NodeGraph(
                members: [("a", [0, 1])], seeds: [1, 2], folds: [0, 1], joinsFolds: joinsFolds, matching: matching)
        }
        let all = graph(.everything)
        func nodes(_ stage: StageName, of graph: NodeGraph) -> [Node] { graph.nodes.filter { $0.stage == stage } }
        #expect(nodes(.keypoints, of: all) == [Node(.keypoints)])
        #expect(nodes(.match, of: all) == [Node(.match, fold: 0), Node(.match, fold: 1)])
        #expect(all.upstream(of: Node(.match, fold: 1)) == [Node(.split, fold: 1), Node(.keypoints)])
        #expect(nodes(.fuse, of: all).count == 4)
        #expect(
            all.upstream(of: Node(.fuse, seed: 2, fold: 1)) == [
                Node(.split, fold: 1), Node(.embed, member: "a", seed: 2, fold: 1), Node(.match, fold: 1),
                Node(.keypoints),
            ])
        // The search questions names by marks, too.
        #expect(all.upstream(of: Node(.search, seed: 2, fold: 1)).last == Node(.keypoints))
        let expand = all.upstream(of: Node(.expand, seed: 2, fold: 1))
        #expect(expand.suffix(2) == [Node(.match, fold: 1), Node(.fuse, seed: 2, fold: 1)])
        #expect(all.upstream(of: Node(.evaluate)).count { $0.stage == .fuse } == 4)
        // A shortlist is the networks', which differ by seed.
        let short = graph(.shortlist)
        #expect(nodes(.match, of: short).count == 4)
        #expect(
            short.upstream(of: Node(.match, seed: 2, fold: 1)).last == Node(.embed, member: "a", seed: 2, fold: 1))
        #expect(nodes(.match, of: graph(.everything, joinsFolds: true)) == [Node(.match)])
    }

    @Test(arguments: [NodeGraph.Matching.everything, .shortlist])
    func `Every node comes after its dependencies`(matching: NodeGraph.Matching) {
        let graph = NodeGraph(
            members: [("a", [0, 1]), ("b", [0, 1])], seeds: [1, 2], folds: [0, 1], hasAdapter: true,
            checksBackground: true, matching: matching)
        for (position, node) in graph.nodes.enumerated() {
            for upstream in graph.upstream(of: node) {
                #expect(graph.nodes.firstIndex(of: upstream).map { $0 < position } == true)
            }
        }
    }

    @Test func `The nodes for a stage include their dependencies`() {
        let graph = NodeGraph(members: [("a", [0])], seeds: [1], folds: [0])
        #expect(graph.nodes(for: [.embed]).map(\.stage) == [.split, .train, .embed])
        #expect(graph.nodes(for: []).count == graph.nodes.count)
    }

    @Test func `Every stage name has its own stage, and reads only what its upstream writes`() {
        #expect(StageName.allCases.map(\.stage.name) == StageName.allCases)
        let graph = NodeGraph(
            members: [("a", [0])], seeds: [1], folds: [0], hasAdapter: true, checksBackground: true,
            matching: .shortlist)
        for stage in StageName.allCases.map(\.stage) {
            let waits = Set(
                graph.nodes.filter { $0.stage == stage.name }.flatMap { graph.upstream(of: $0) }.map(\.stage))
            for (upstream, files) in stage.inputs().files {
                #expect(waits.contains(upstream), "\(stage.name) does not wait for \(upstream)")
                let written = upstream.stage.outputs + upstream.stage.optionalOutputs
                #expect(Set(files).isSubset(of: written), "\(stage.name) reads \(files)")
            }
        }
    }

    @Test func `The error for a misspelt stage suggests the nearest`() {
        #expect {
            try StageName(named: "tarin")
        } throws: {
            "\($0)" == "There is no stage 'tarin'. Did you mean 'train'?"
        }
    }
}

@Suite struct KeyTests {
    @Test func `Precision is in the keys of stages that use libtorch, and float16 needs a graphics card`() async throws
    {
        let sandbox = try Sandbox()
        _ = try await sandbox.project().run(observer: SilentObserver())
        let report = try await sandbox.project(settings: ["precision=bfloat16"]).status()
        for status in report.nodes {
            switch status.node.stage {
            case .split, .measure: #expect(status.state == .fresh)
            case .train: #expect(status.reason == "precision float32 -> bfloat16")
            default: #expect(status.state == .stale)
            }
        }
        // The sandbox's worker has only a CPU.
        let error = await #expect(throws: WorkflowError.precisionOffDevice(precision: "float16", device: "cpu")) {
            try await sandbox.project(settings: ["precision=float16"]).status()
        }
        #expect(error?.description.contains("Write precision: bfloat16, or float32.") == true)
    }

    private static let cacheKey = CacheKey(
        node: Node(.train, member: "lite0", seed: 1, fold: 0), version: 1,
        parameters: ["train.batch-size": 32, "train.schedule.epochs": 20], inputs: ["split fold 0/split.csv": "ab"],
        data: ["metadata": "cd"], backend: ["device": "cpu"])

    @Test func `A key is the digest of the canonical JSON`() {
        let text = """
            {"backend":{"device":"cpu"},"data":{"metadata":"cd"},"fold":0,"inputs":{"split fold 0/split.csv":"ab"},\
            "member":"lite0","parameters":{"train.batch-size":32,"train.schedule.epochs":20},"schema":1,"seed":1,\
            "stage":"train","version":1}
            """
        #expect(Self.cacheKey.json.canonicalText == text)
        #expect(Self.cacheKey.digest == Digest.of(text))
        // The output of coreutils' sha256sum for the three letters.
        #expect(Digest.of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `A cache key is read back as it was written`() throws {
        let text = Self.cacheKey.json.text
        #expect(CacheKey(try JSONValue(parsing: Data(text.utf8))) == Self.cacheKey)
    }

    @Test func `Two projects with the same contents in different folders have the same keys`() async throws {
        let first = try Sandbox(), second = try Sandbox()
        for sandbox in [first, second] {
            _ = try await sandbox.project().run(observer: SilentObserver())
        }
        let keys = try await [first, second].asyncMap { try await $0.project().status().nodes.map(\.key) }
        #expect(keys[0] == keys[1])
        #expect(keys[0].allSatisfy { $0?.count == 64 })
    }

    @Test func `A member's options are identified by its name, and another member's do not count`() throws {
        let tree = try Configuration(
            parsing: "train: {members: [{name: a, backbone: x}, {name: b, backbone: y}]}", path: "t",
            root: URL(filePath: "/")
        ).tree
        let patterns = ["train.members.*.backbone", "train.schedule.epochs", "expand"]
        #expect(
            Parameters.values(of: patterns, in: tree, member: "b") == [
                "train.members.b.backbone": "y", "train.schedule.epochs": 20, "expand.0.kind": "alpha-qe",
                "expand.0.neighbours": 3, "expand.0.alpha": 3,
            ])
        #expect(Parameters.values(of: patterns, in: tree, member: nil).count == 6)
    }
}

extension Array {
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var result: [Result] = []
        for element in self { result.append(try await transform(element)) }
        return result
    }
}
