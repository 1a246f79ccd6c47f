import Basics
import Foundation
import Testing

@testable import Evaluation

struct MeasureTests {
    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/measures.json")

    private static func results(_ reference: JSONValue) throws -> [QueryResult] {
        try #require(reference["queries"]?.array).enumerated().map { number, query in
            QueryResult(
                scenario: "s", queryID: "q\(number)", imageID: "i", whaleID: try #require(query["whale"]?.string),
                relevant: 0, answers: []
            ).asked(ofPartWith: try #require(query["ranks"]?.integers))
        }
    }

    @Test func `Every measure equals scikit-learn's and numpy's`() throws {
        let reference = try JSONValue.read(Self.fixture)
        let summary = try #require(Summary(Self.results(reference), resamples: 0, seed: 1))
        for measure in Summary.Measure.allCases {
            let expected = try #require(reference[path: "expected.\(measure.rawValue)"]?.double)
            #expect(abs(try #require(summary.values[measure]) - expected) < 1e-12, "\(measure)")
        }
        #expect(summary.intervals.isEmpty)
    }

    @Test func `Every interval equals numpy's, up to the noise of 10,000 resamples`() throws {
        let reference = try JSONValue.read(Self.fixture)
        let summary = try #require(Summary(Self.results(reference), resamples: 10_000, seed: 1))
        for measure in Summary.Measure.allCases {
            let expected = try #require(reference[path: "intervals.\(measure.rawValue)"]?.numbers)
            let found = try #require(summary.intervals[measure])
            // A quantile at 2.5% of 10,000 normal draws has a standard error of 0.027 deviations, 0.007 of the interval's
            // width; four of them, since a share near 1 is skewed.
            let noise = 0.028 * (expected[1] - expected[0])
            #expect(abs(found.lowerBound - expected[0]) < noise, "\(measure)")
            #expect(abs(found.upperBound - expected[1]) < noise, "\(measure)")
        }
    }

    @Test func `Measures of the whole ranking are unknown with twenty matches`() throws {
        let result = QueryResult(
            scenario: "s", queryID: "q", imageID: "i", whaleID: "w", relevant: 1,
            answers: [.init(score: 1, isRelevant: true)])
        let summary = try #require(Summary([result], resamples: 0, seed: 1))
        #expect(summary.values[.rPrecision] == nil && summary.values[.inversePenalty] == nil)
        #expect(summary.values[.baks] == 1)
        let json = try JSONValue(encoding: summary)
        #expect(json["minp"] == .null)
        #expect(try json.decoded(as: Summary.self) == summary)
    }

    @Test func `What is left out of a database moves what comes after it forward`() {
        let result = QueryResult(
            scenario: "s", queryID: "q", imageID: "i", whaleID: "w", relevant: 0, answers: []
        ).asked(ofPartWith: [2, 3, 7])
        let right = [(2, "a"), (3, "b"), (7, "c")].map { rank, id in
            RightRanks.Row(scenario: "s", queryID: "q", imageID: id, rank: rank, rankInView: rank)
        }
        func ranks(without left: Set<String>) -> [Int]? {
            result.leavingOut({ left.contains($0) }, of: right.reversed()).ranks
        }
        #expect(ranks(without: ["a"]) == [2, 6])
        #expect(ranks(without: ["a", "b"]) == [5])
        #expect(ranks(without: ["c"]) == [2, 3])
        let none = result.leavingOut({ _ in true }, of: right)
        #expect(none.ranks == [] && !none.isAnswerable)
        #expect(result.leavingOut({ _ in false }, of: right) == result)
        let one = result.leavingOut({ $0 != "c" }, of: right)
        #expect(one.relevant == 1 && one.firstHitRank == 5 && one.averagePrecision() == 0.2)
    }

    @Test func `Typical misses are nearest the median's depth, those of the most missed animals first`() {
        func query(_ id: String, of whale: String, rank: Int?) -> QueryRow {
            let answers = rank.map { rank in
                (1...rank).map { AveragePrecision.Row(score: 1 / Double($0), isRelevant: $0 == rank) }
            }
            return QueryRow(
                QueryResult(
                    scenario: "s", queryID: id, imageID: id, whaleID: whale, relevant: 1, answers: answers ?? []),
                before: nil, viewpoint: "top")
        }
        let queries = [
            query("hit", of: "a", rank: 1), query("near", of: "a", rank: 2), query("deep", of: "a", rank: nil),
            query("x", of: "c", rank: 5), query("y", of: "b", rank: 5), query("z", of: "b", rank: 4),
        ]
        let ranks = ["deep": [RightRanks.Row(scenario: "s", queryID: "deep", imageID: "i", rank: 30, rankInView: 30)]]
        // The median is 5; b has more misses than c. Each animal comes before any comes twice.
        #expect(queries.typicalFirst(ranks).map(\.id) == ["y", "x", "near", "z", "deep"])
        #expect([query("hit", of: "a", rank: 1)].typicalFirst([:]).isEmpty)
    }
}
