import Evaluation
import Results
import Testing

@Suite struct SubmissionCheckTests {
    private let check = SubmissionCheck(
        [.init(id: "q1", imageID: "a", scenario: "s"), .init(id: "q2", imageID: "x", scenario: "s")],
        databases: ["s": ["a", "b", "c"]])

    private func submission(_ rows: (String, String, Double)...) -> Submission {
        Submission(rows: rows.map { .init(queryID: $0.0, imageID: $0.1, score: $0.2) })
    }

    @Test func `A complete submission is accepted`() throws {
        try check(submission(("q1", "b", 0.9), ("q1", "c", 0), ("q2", "a", 1)))
    }

    @Test func `Rows that would be scored differently than intended are refused by name`() {
        let cases: [(Submission, SubmissionError)] = [
            (submission(("q1", "b", 0.9)), .unanswered(query: "q2", scenario: "s")),
            (submission(("q1", "b", 0.9), ("q2", "a", 1), ("q3", "a", 1)), .unknownQuery("q3")),
            (
                submission(("q1", "b", 0.9), ("q1", "b", 0.8), ("q2", "a", 1)), .repeated(query: "q1")
            ),
            (
                submission(("q1", "b", 0.9), ("q1", "c", 0.8), ("q1", "a", 0.7)),
                .tooManyRows(query: "q1", rows: 3, limit: 2)
            ),
            (submission(("q1", "a", 0.9)), .ownImage(query: "q1", image: "a")),
            (submission(("q1", "z", 0.9)), .foreignImage(query: "q1", image: "z", scenario: "s")),
            (submission(("q1", "b", 1.5)), .badScore(query: "q1", score: 1.5)),
        ]
        for (submission, error) in cases { #expect(throws: error) { try check(submission) } }
    }

    @Test func `No mapping leaves 0 to 1 or changes the order`() {
        for mapping in ScoreMapping.allCases {
            let scores = stride(from: Float(-1.5), through: 1.5, by: 0.125).map { mapping($0) }
            #expect(scores.allSatisfy { (0...1).contains($0) })
            #expect(scores == scores.sorted())
        }
        #expect(ScoreMapping.writeUp(1) == 0.98)
        #expect(ScoreMapping.writeUp(1.5) == 0.9999)
        #expect(ScoreMapping.unit(1) == 1)
    }
}
