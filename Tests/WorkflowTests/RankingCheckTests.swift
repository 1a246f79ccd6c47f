import Catalog
import Evaluation
import Foundation
import Reports
import Results
import Testing

@testable import Workflow

/// What `verify` finds in rankings alone.
@Suite struct RankingCheckTests {
    @Test func `A query that is listed twice is named`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rankings-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func query(_ id: String, _ image: String) -> Rankings.Query {
            .init(
                scenario: "top", id: id, imageID: image,
                answers: [.init(imageID: "c", score: 0.5, isRelevant: true)])
        }
        // Between the two, another query, since the file joins neighbouring rows of one query.
        try SearchFiles.neighbours.write(
            Rankings(queries: [query("q1", "a"), query("q2", "b"), query("q1", "a")]), in: folder)
        let scenario = Scenario(
            id: "top", queries: [.init(id: "q1", imageID: "a"), .init(id: "q2", imageID: "b")], database: ["c"])
        let check = RankingCheck(scenarios: [scenario], whales: ["a": "w", "b": "w", "c": "w"], count: 20)
        let found = try check.findings(ReportNode(Node(.search), key: "k", outputDigest: "", directory: folder))
        #expect(found.map(\.problem) == ["query 'q1' is listed twice"])
    }
}
