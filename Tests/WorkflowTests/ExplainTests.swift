import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct ExplainTests {
    private static let node = Node(.explain, member: "lite0", seed: 1, fold: 0)

    @Test func `The worst queries are explained, each with its first wrong and its first right match`() async throws {
        let sandbox = try Sandbox(yaml: "explain: {queries: 3}\n")
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let folder = try await project.results(of: Self.node)
        let pairs = try ExplainFiles.pairs.read(in: folder)
        let queries = try EvaluateFiles.queries.read(in: await project.results(of: Node(.evaluate)))
        let expanded = try await project.results(of: Node(.expand, seed: 1, fold: 0))
        let answers = try ExpandFiles.neighbours.read(in: expanded).queries
        let worst = try Array(queries.worstFirst(ExpandFiles.ranks.read(in: expanded).byQuery).prefix(3))
        #expect(worst.map(\.averagePrecision).max() ?? 1 <= queries.map(\.averagePrecision).max() ?? 0)
        #expect(Set(worst.map(\.imageID)).count == 3 && pairs.count == 6)
        for query in worst {
            let own = pairs.filter { $0.queryID == query.id }
            #expect(own.map(\.kind) == [.wrong, .right])
            let ranking = try #require(answers.first { $0.id == query.id }).answers
            let wrong = try #require(ranking.firstIndex { $0.isRelevant == false })
            #expect(own[0].rank == wrong + 1 && own[0].imageID == ranking[wrong].imageID)
            #expect(own[1].rank == query.firstHitRank ?? own[1].rank)
            // The pod's animals are p0-, p1-, …
            let animals = own[1...].map(\.imageID).map { $0.split(separator: "-")[0] }
            #expect(animals == [query.imageID.split(separator: "-")[0]])
        }
        let summary = try JSONValue.read(folder.appending(path: ExplainFiles.summary.name))
        #expect(summary["queries"]?.integer == 3 && summary["pairs"]?.integer == 6)
        // The pod has no outlines.
        #expect(summary["animals"] == nil)
        #expect(summary["map"]?.string == "earlier" && summary["fit"]?.string == "stretch")
    }

    @Test func `The worker receives the pairs that the stage keeps`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let kept = try await project.results(of: Self.node).appending(path: ExplainFiles.pairs.name)
        #expect(
            try Data(contentsOf: sandbox.root.appending(path: "bin/asked-pairs.csv")) == Data(contentsOf: kept))
    }

    @Test func `With zero queries there is no such node`() async throws {
        let sandbox = try Sandbox(yaml: "explain: {queries: 0}\n")
        let report = try await sandbox.project().status()
        #expect(!report.nodes.contains { $0.node.stage == .explain })
        #expect(report.nodes.contains { $0.node.stage == .evaluate })
    }

    @Test func `More queries or another feature map make only the heat maps stale`() async throws {
        let sandbox = try Sandbox()
        _ = try await sandbox.project().run(observer: SilentObserver())
        for setting in ["explain.queries=2", "explain.map=last"] {
            let report = try await sandbox.project(settings: [setting]).status()
            #expect(report.nodes.filter { $0.state != .fresh }.map(\.node) == [Self.node], "\(setting)")
        }
    }
}
