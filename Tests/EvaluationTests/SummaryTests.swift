import Testing

@testable import Evaluation

struct SummaryTests {
    private static func result(_ hits: [Bool], relevant: Int, whale: String = "w1", id: String = "q") -> QueryResult {
        QueryResult(
            scenario: "s", queryID: id, imageID: "i", whaleID: whale, relevant: relevant,
            answers: hits.enumerated().map { .init(score: 1 - Double($0) / 100, isRelevant: $1) })
    }

    @Test func `Means leave out unanswerable queries`() throws {
        let results = [
            Self.result([true, false], relevant: 1), Self.result([false, true], relevant: 1),
            Self.result([false, false], relevant: 0),
        ]
        let summary = try #require(Summary(results, resamples: 0, seed: 1))
        #expect(summary.queries == 3)
        #expect(summary.answerable == 2)
        #expect(summary.map == 0.75)
        #expect(summary.top1 == 0.5)
        #expect(summary.top5 == 1)
    }

    @Test func `The curve begins at mAP@1 and ends at mAP@20`() throws {
        let results = [Self.result([true, false, true], relevant: 2), Self.result([false, true, true], relevant: 2)]
        let summary = try #require(Summary(results, resamples: 0, seed: 1))
        #expect(summary.curve.count == 20)
        #expect(summary.curve[0] == 0.5)
        #expect(summary.curve[19] == summary.map)
        // By hand: (1 + 2/3) / 2 and (1/2 + 2/3) / 2.
        #expect(abs(summary.map - ((1 + 2.0 / 3) / 2 + (0.5 + 2.0 / 3) / 2) / 2) < 1e-12)
    }

    @Test func `The curve's intervals contain the curve and end in that of mAP@20`() throws {
        let results = (0..<40).map { Self.result([$0 % 2 == 0, $0 % 3 == 0], relevant: 1, whale: "w\($0 / 2)") }
        let summary = try #require(Summary(results, resamples: 300, seed: 1))
        let intervals = try #require(Summary.curveIntervals(of: results, resamples: 300, seed: 1))
        #expect(intervals.count == 20)
        #expect(intervals[19] == summary.interval)
        #expect(zip(intervals, summary.curve).allSatisfy { $0.contains($1) })
        #expect(intervals[0] != intervals[1])
        #expect(Summary.curveIntervals(of: results, resamples: 0, seed: 1) == nil)
    }

    @Test func `The interval contains the mean, depends on the seed, and is narrower for more animals`() throws {
        func summary(animals: Int, seed: UInt64) throws -> Summary {
            let results = (0..<animals).map { Self.result([$0 % 2 == 0], relevant: 1, whale: "w\($0)") }
            return try #require(Summary(results, resamples: 500, seed: seed))
        }
        let few = try summary(animals: 10, seed: 1)
        let many = try summary(animals: 400, seed: 1)
        let narrow = try #require(many.interval)
        let wide = try #require(few.interval)
        #expect(narrow.contains(many.map))
        #expect(narrow.upperBound - narrow.lowerBound < wide.upperBound - wide.lowerBound)
        #expect(try summary(animals: 400, seed: 1) == many)
        // 95% of a mean of 400 halves: 0.5 ± 1.96 · 0.5 / 20.
        #expect(abs(narrow.lowerBound - (0.5 - 0.049)) < 0.01)
    }

    @Test func `One animal has no interval, however many photographs`() throws {
        let results = (0..<9).map { Self.result([$0 % 2 == 0], relevant: 1, id: "q\($0)") }
        #expect(try #require(Summary(results, resamples: 100, seed: 1)).interval == nil)
    }

    @Test func `Without answerable queries there is no summary`() {
        #expect(Summary([Self.result([false], relevant: 0)], resamples: 10, seed: 1) == nil)
    }

    @Test func `Gains and losses are counted by query`() {
        let before = [
            Self.result([true], relevant: 1), Self.result([false, true], relevant: 1), Self.result([true], relevant: 1),
            Self.result([false], relevant: 0),
        ]
        let after = [
            Self.result([true], relevant: 1), Self.result([true], relevant: 1), Self.result([false], relevant: 1),
            Self.result([false], relevant: 0),
        ]
        let effect = ExpansionEffect(before: before, after: after)
        #expect(effect == ExpansionEffect(gained: 1, lost: 1, unchanged: 1))
    }
}
