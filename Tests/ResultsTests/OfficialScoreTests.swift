import Basics
import Foundation
import Results
import Testing

struct OfficialScoreTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    @Test func `Scores by the official rule equal scikit-learn's`() throws {
        let cases = try #require(JSONValue.read(Self.fixtures.appending(path: "expected.json")).array)
        #expect(cases.count == 6)
        for reference in cases {
            let name = try #require(reference["case"]?.string)
            let score = try OfficialScore(
                .read(Self.fixtures.appending(path: "\(name).submission.csv")),
                labels: .read(Self.fixtures.appending(path: "\(name).labels.csv")))
            guard case .object(let expected) = reference["average_precision"] else {
                Issue.record("no reference of \(name)")
                continue
            }
            #expect(score.averagePrecision.count == expected.count)
            for (query, value) in expected {
                let found = try #require(score.averagePrecision[query])
                #expect(abs(found - (value.double ?? .nan)) < 1e-12, "\(query)")
            }
            let mean = try #require(reference["mean_average_precision"]?.double)
            #expect(abs(score.meanAveragePrecision - mean) < 1e-12, "\(name)")
        }
    }

    private static func score(_ submission: String, _ labels: String, strict: Bool = false) throws -> OfficialScore {
        let folder = FileManager.default.temporaryDirectory.appending(path: "score-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try AtomicFile.write(
            "query_id,database_image_id,score\n" + submission, to: folder.appending(path: "submission.csv"))
        try AtomicFile.write("query_id,database_image_id\n" + labels, to: folder.appending(path: "labels.csv"))
        return try OfficialScore(
            .read(folder.appending(path: "submission.csv")), labels: .read(folder.appending(path: "labels.csv")),
            strict: strict)
    }

    @Test func `A query that is left out is dropped, and refused when strict`() throws {
        #expect(try Self.score("q1,a,0.5\n", "q1,a\nq2,b\n").meanAveragePrecision == 1)
        #expect("\(Self.refusal("q1,a,0.5\n", "q1,a\nq2,b\n"))".contains("1 query has no rows: q2"))
    }

    @Test func `A query that the labels lack is ignored, and refused when strict`() throws {
        #expect(try Self.score("q1,a,0.5\nq3,a,0.5\n", "q1,a\n").meanAveragePrecision == 1)
        #expect("\(Self.refusal("q1,a,0.5\nq3,a,0.5\n", "q1,a\n"))".contains("submission.csv:3"))
    }

    @Test func `A repeated right row exceeds 1, and is refused when strict`() throws {
        #expect(try Self.score("q1,a,0.5\nq1,a,0.4\n", "q1,a\n").meanAveragePrecision == 2)
        #expect("\(Self.refusal("q1,a,0.5\nq1,a,0.4\n", "q1,a\n"))".contains("has 'a' twice"))
    }

    @Test func `More than 20 rows are counted, and refused when strict`() throws {
        let rows = (0..<40).map { "q1,i\($0),0.5\n" }.joined()
        let labels = (0..<40).map { "q1,i\($0)\n" }.joined()
        #expect(try Self.score(rows, labels).meanAveragePrecision == 2)
        #expect("\(Self.refusal(rows, labels))".contains("submission.csv:22"))
    }

    @Test func `Tied scores are one group`() throws {
        // One hit among three equal scores: a third.
        let score = try Self.score("q1,x,0.5\nq1,a,0.5\nq1,y,0.5\n", "q1,a\n").meanAveragePrecision
        #expect(abs(score - 1.0 / 3) < 1e-12)
    }

    @Test func `A query without a hit is 0`() throws {
        #expect(try Self.score("q1,x,0.5\n", "q1,a\n").meanAveragePrecision == 0)
    }

    @Test(arguments: ["1.5", "-0.1", "nan", "high", ""])
    func `A score outside 0 to 1 is refused with its line`(score: String) {
        let error = #expect(throws: ScoringError.self) { try Self.score("q1,a,0.5\nq1,b,\(score)\n", "q1,a\n") }
        #expect(error.map { "\($0)".contains("submission.csv:3: the score '\(score)'") } == true)
    }

    @Test func `Strict mode reports everything at once, each with its line`() {
        let rows = "q1,a,0.5\nq1,a,0.4\nq7,x,0.1\nq7,y,0.1\n" + (0..<21).map { "q2,i\($0),0.5\n" }.joined()
        let lines = Self.refusal(rows, "q1,a\nq2,i1\nq3,z\n").split(separator: "\n")
        let expected = [
            "submission.csv:3: query 'q1' has 'a' twice. Keep one row.",
            "submission.csv:4: the labels have no query 'q7', but 'q1'. Correct the name, or remove its rows.",
            "submission.csv:26: query 'q2' has more than 20 rows. Keep the 20 best.",
            "submission.csv: 1 query has no rows: q3. Add rows for each: the official score silently drops these queries.",
        ]
        #expect(lines.map { $0.split(separator: "/").last.map(String.init) ?? "" } == expected)
    }

    @Test func `With known queries, a query's own photograph is refused and an unanswerable query is not`() {
        let submission = Submission(rows: [
            .init(queryID: "q1", imageID: "p1", score: 0.5), .init(queryID: "q1", imageID: "p2", score: 0.4),
            .init(queryID: "q2", imageID: "p1", score: 0.4),
        ])
        let labels = Labels(rows: [.init(queryID: "q1", imageID: "p2")])
        let problems = StrictScoring(submission, labels: labels, questions: ["q1": "p1", "q2": "p2"]).problems.problems
        #expect(
            problems.map(\.description) == [
                "submission.csv:2: query 'q1' has its own photograph 'p1' as a match. Remove the row."
            ])
        #expect(StrictScoring(submission, labels: labels).problems.problems.map(\.line) == [4])
    }

    private static func refusal(_ submission: String, _ labels: String) -> String {
        do {
            _ = try score(submission, labels, strict: true)
            return "nothing was refused"
        } catch { return "\(error)" }
    }
}
