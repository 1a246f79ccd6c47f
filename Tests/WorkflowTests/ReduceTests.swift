import Basics
import Configuration
import Evaluation
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct ReduceTests {
    private static let node = Node(.reduce, seed: 1, fold: 0)

    private func map(_ sandbox: Sandbox) async throws -> (map: EmbeddingMap, summary: JSONValue) {
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let folder = try await project.results(of: Self.node)
        return (
            try ReduceFiles.map.read(in: folder),
            try JSONValue.read(folder.appending(path: ReduceFiles.summary.name))
        )
    }

    @Test func `Every photograph is on the map, and similar photographs are near each other`() async throws {
        let sandbox = try Sandbox(yaml: "reduce: {steps: 500, perplexity: 3}\n")
        let file = sandbox.root.appending(path: "near.npy")
        try Sandbox.embeddings(noise: 0.2).write(to: file)
        _ = try await sandbox.project().importResult(file, member: nil, seed: nil, fold: nil)
        let (map, summary) = try await map(sandbox)
        #expect(Set(map.rows.map(\.imageID)).count == map.rows.count)
        #expect(summary["photographs"]?.integer == map.rows.count && summary["of"]?.integer == map.rows.count)
        let shares = summary["variance"]?.array?.compactMap(\.double) ?? []
        #expect(shares.count == 2 && shares[0] >= shares[1] && shares[1] > 0)
        // The pod's animals are p0-, p1-, …, and these embeddings are close to one centre for each.
        let near = map.agreement(by: \.neighbourhood) { String($0.imageID.prefix { $0 != "-" }) }.values.reduce(0, +)
        #expect(Double(near) > 0.8 * Double(map.rows.count), "\(near) of \(map.rows.count)")
    }

    @Test func `If there are too many photographs a sample is drawn, the same each time`() async throws {
        let (first, summary) = try await map(try Sandbox(yaml: "reduce: {photographs: 10, steps: 20}\n"))
        let (second, _) = try await map(try Sandbox(yaml: "reduce: {photographs: 10, steps: 20}\n"))
        #expect(first.rows.count == 10 && summary["of"]?.integer ?? 0 > 10)
        #expect(first == second)
    }

    @Test func `Too few photographs make an empty map`() async throws {
        let (map, summary) = try await map(try Sandbox(yaml: "reduce: {photographs: 3}\n"))
        #expect(map.rows.isEmpty && summary["photographs"]?.integer == 3)
    }

    @Test func `With zero photographs there is no such node`() async throws {
        let sandbox = try Sandbox(yaml: "reduce: {photographs: 0}\n")
        let report = try await sandbox.project().status()
        #expect(!report.nodes.contains { $0.node.stage == .reduce })
        #expect(report.nodes.contains { $0.node.stage == .evaluate })
    }

    @Test func `Joined folds are mapped as one ensemble`() throws {
        let graph = NodeGraph(
            members: [("a", [0, 1]), ("b", [1])], seeds: [1, 2], folds: [0, 1], joinsFolds: true)
        let node = try #require(graph.nodes.first { $0.stage == .reduce })
        #expect(node == Node(.reduce, seed: 1))
        #expect(
            graph.upstream(of: node).map(\.name) == [
                "embed a seed 1 fold 0", "embed a seed 1 fold 1", "embed b seed 1 fold 1",
            ])
        #expect(graph.nodes.count { $0.stage == .reduce } == 1)
    }
}
