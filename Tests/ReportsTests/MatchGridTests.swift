import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

struct MatchGridTests {
    private static func cell(_ parameters: String = "") -> String {
        """
        ```{match-grid}
        #| label: fig-marks
        #| fig-cap: "`{wb} shown` queries, `{wb} pairs` pairs, `{wb} agreeing` of which agree"
        \(parameters)
        ```

        """
    }

    private static func data(_ pod: Pod, _ number: Int = 1) throws -> JSONValue {
        try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-marks-\(number).json"))
    }

    @Test func `Each query has a figure with its first wrong and its first right match and their lines`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(Self.cell())
        #expect(markdown.contains("**Figure 1.** 2 queries, 4 pairs, 2 of which agree"))
        #expect(markdown.contains("fig-marks-1.png") && markdown.contains("fig-marks-2.png"))
        #expect(markdown.contains("| ✗ | 1 | 6 | 5 | 0% | 5 of 6 matches agree on one movement |"))
        #expect(markdown.contains("| ✓ | 9 | 4 | 4 | 100% | 4 of 4 matches agree on one movement |"))
        #expect(markdown.contains("| ✗ | 1 | 3 | 0 | – | no matches agree (3 matches) |"))
        #expect(markdown.contains("| ✓ | 2 | 0 | 0 | – | no marks match |"))
        #expect(markdown.contains("w4p4 and w1p1 (wrong, rank 1): 5 of 6 matches agree on one movement, none of them"))
        let data = try Self.data(pod)
        #expect(data[path: "pairs.0.query.id"]?.string == "w4p4")
        #expect(data[path: "pairs.0.answer.mark"]?.string == "wrong")
        #expect(data[path: "pairs.1.title"]?.string == "correct, rank 9")
        let matches = try #require(data[path: "pairs.0.matches"]?.array)
        #expect(matches.map { $0["drawn"]?.string } == Array(repeating: "line", count: 5) + ["dot"])
        #expect(matches[0]["similarity"]?.double == 0.94 && matches[0][path: "query.x"]?.double == 0.09)
    }

    @Test func `A usual correct match comes first, so that the reader knows a good one`() throws {
        let pod = try Pod()
        #expect(try !pod.markdown(Self.cell()).contains("for comparison"))
        try FuseFiles.firstMatches.write(
            [FirstMatch(scenario: "top-top", queryID: "top-top-w1p3", imageID: "w1p1", agreeing: 9, isCorrect: true)],
            in: pod.root.appending(path: "store/fuse"))
        try ExplainFiles.compared.write(
            (0..<9).map {
                MatchedMark(
                    queryImageID: "w1p3", imageID: "w1p1",
                    match: Pod.match(0.1 * Double($0), 0.1 * Double($0), 0.9, agrees: true))
            }, in: pod.root.appending(path: "store/explain"))
        let markdown = try pod.markdown(Self.cell("count: 1"))
        #expect(markdown.contains("**Figure 1.** 1 queries, 2 pairs") && markdown.contains("fig-marks-2.png"))
        #expect(try Self.data(pod)[path: "pairs.0.title"]?.string == "for comparison, a usual correct match")
        #expect(markdown.contains("w1p3 and w1p1 (for comparison, a usual correct match): 9 of 9 matches agree"))
    }

    @Test func `The usual match is the correct one with the median number of agreeing marks`() {
        func match(_ id: String, _ agreeing: Int, _ isCorrect: Bool?) -> FirstMatch {
            FirstMatch(scenario: "s", queryID: id, imageID: "i", agreeing: agreeing, isCorrect: isCorrect)
        }
        let matches = [match("a", 30, true), match("b", 9, true), match("c", 9, true), match("d", 2, true)]
        #expect((matches + [match("e", 1, false), match("f", 99, nil)]).typical?.queryID == "b")
        #expect([match("a", 0, true), match("b", 9, false)].typical == nil)
        #expect([FirstMatch]().typical == nil)
    }

    @Test func `Queries, lines and dots are as many as requested`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(Self.cell("count: 1\nmatches: 2\nothers: false"))
        #expect(markdown.contains("**Figure 1.** 1 queries, 2 pairs"))
        #expect(!markdown.contains("fig-marks-2.png") && !markdown.contains("dots"))
        let matches = try Self.data(pod)[path: "pairs.0.matches"]?.array
        #expect(matches?.map { $0["similarity"]?.double } == [0.94, 0.93])
    }

    @Test func `What a number of agreeing matches means follows from the first matches of all queries`() {
        func match(_ agreeing: Int, _ isCorrect: Bool?) -> FirstMatch {
            FirstMatch(scenario: "s", queryID: "q", imageID: "i", agreeing: agreeing, isCorrect: isCorrect)
        }
        let matches = [
            match(4, true), match(12, true), match(30, true), match(9, false), match(5, false), match(80, nil),
        ]
        #expect(
            AgreementCounts(matches)?.sentence
                == "Before query extension, first matches have a median of 12 agreeing marks if they are correct (3 queries), "
                + "and 5 if they are wrong (2; at most 9). So up to 9 agreeing marks say little; 67% of the correct first matches have more."
        )
        #expect(AgreementCounts([match(4, true)]) == nil)
    }

    @Test func `If marks were not matched, the cell says how to match them and is no error`() throws {
        let pod = try Pod()
        try FileManager.default.removeItem(at: pod.root.appending(path: "store/explain/matches.csv"))
        #expect(
            try pod.markdown(Self.cell()).contains(
                "**Figure 1.** Marks were not matched. To match them, set 'match: {kind: sift}' and run again.\n"))
        pod.graph.removeAll { $0.stage == .explain }
        #expect(try pod.markdown(Self.cell()).contains("There are no matches to show: 'explain.queries' is 0"))
    }

    @Test func `Without an answerable query there is a note`() throws {
        let pod = try Pod()
        try ExplainFiles.pairs.write([], in: pod.root.appending(path: "store/explain"))
        #expect(try pod.markdown(Self.cell()).contains("**Figure 1.** No query is answerable"))
    }

    @Test func `A damaged file of matches is an error with its line`() throws {
        let pod = try Pod()
        let text = try pod.read("store/explain/matches.csv")
        try pod.write("store/explain/matches.csv", text.replacing(",1\n", with: ",yes\n"))
        let errors = try pod.render(Self.cell()).errors.map(\.description)
        #expect(errors.contains { $0.contains("matches.csv") && $0.contains("1 or 0") }, "\(errors)")
    }

    @Test func `The matches are kept for verification elsewhere, the marks are too large`() throws {
        let pod = try Pod()
        let node = try #require(pod.inputs.nodes.first { $0.stage == .explain })
        let whole = ReportNode(
            node.node, key: node.key, outputDigest: "", files: ["matches.csv": "", "keypoints.bin": ""],
            directory: node.directory)
        try ReferenceFolder(pod.root.appending(path: "reference")).keep([whole])
        #expect(try pod.files(in: "reference/\(node.place)") == ["matches.csv"])
    }
}
