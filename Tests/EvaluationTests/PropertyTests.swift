import Basics
import Results
import Testing

@testable import Evaluation

/// Properties of every ranking.
struct PropertyTests {
    /// A ranking of a whole database of random size: right and wrong matches, a third of the scores tied.
    private static func ranking(_ generator: inout SeededGenerator) -> [AveragePrecision.Row] {
        let count = generator.integer(in: 2..<60)
        return (0..<count).map { _ in
            let score = generator.uniform()
            return AveragePrecision.Row(
                score: generator.chance(0.3) ? (score * 4).rounded() / 4 : score, isRelevant: generator.chance(0.3))
        }.sorted { $0.score > $1.score }
    }

    private static func result(_ rows: [AveragePrecision.Row], whale: String = "w") -> QueryResult {
        let ranks = rows.indices.filter { rows[$0].isRelevant }.map { $0 + 1 }
        return QueryResult(
            scenario: "s", queryID: "q", imageID: "i", whaleID: whale, relevant: ranks.count,
            answers: Array(rows.prefix(AveragePrecision.limit)), ranks: ranks)
    }

    @Test func `One more wrong match never raises any measure`() {
        var generator = SeededGenerator(seed: 1, "distractor")
        for _ in 0..<400 {
            let rows = Self.ranking(&generator)
            let before = Self.result(rows)
            guard before.isAnswerable else { continue }
            let distractor = AveragePrecision.Row(score: generator.uniform(), isRelevant: false)
            // After its equals, as a later row of the database.
            let place = rows.firstIndex { $0.score < distractor.score } ?? rows.count
            let after = Self.result(Array(rows[..<place]) + [distractor] + Array(rows[place...]))
            for measure in Summary.Measure.allCases {
                let (old, new) = (measure.value(of: before) ?? -1, measure.value(of: after) ?? -1)
                #expect(new <= old + 1e-12, "\(measure)")
            }
        }
    }

    @Test func `Every measure is within 0 and 1, and is 1 if all right matches come first`() {
        var generator = SeededGenerator(seed: 2, "range")
        for _ in 0..<400 {
            let rows = Self.ranking(&generator)
            guard rows.contains(where: \.isRelevant) else { continue }
            let perfect = rows.filter(\.isRelevant) + rows.filter { !$0.isRelevant }
            let ordered = perfect.enumerated().map {
                AveragePrecision.Row(score: -Double($0), isRelevant: $1.isRelevant)
            }
            for measure in Summary.Measure.allCases {
                #expect((0...1).contains(measure.value(of: Self.result(rows)) ?? -1), "\(measure)")
                #expect(abs((measure.value(of: Self.result(ordered)) ?? 0) - 1) < 1e-12, "\(measure)")
            }
        }
    }

    @Test func `The official score depends neither on the order of rows nor on the scale`() throws {
        var generator = SeededGenerator(seed: 3, "submission")
        var rows: [Submission.Row] = []
        var answers: [Labels.Row] = []
        for query in 0..<40 {
            for (place, row) in Self.ranking(&generator).prefix(20).enumerated() {
                rows.append(.init(queryID: "q\(query)", imageID: "p\(place)", score: row.score))
                if row.isRelevant { answers.append(.init(queryID: "q\(query)", imageID: "p\(place)")) }
            }
        }
        let labels = Labels(rows: answers)
        func score(_ rows: [Submission.Row]) throws -> Double {
            try OfficialScore(Submission(rows: rows), labels: labels).meanAveragePrecision
        }
        let expected = try score(rows)
        #expect(abs(try score(generator.shuffled(rows)) - expected) < 1e-12)
        // Halving keeps order and ties exactly.
        let scaled = rows.map { Submission.Row(queryID: $0.queryID, imageID: $0.imageID, score: $0.score / 2) }
        #expect(try score(scaled) == expected)
    }

    @Test func `The pooled mean is the mean of the parts, weighted by queries`() throws {
        var generator = SeededGenerator(seed: 4, "pool")
        let results = (0..<90).map { Self.result(Self.ranking(&generator), whale: "w\($0 % 9)") }
        let whole = try #require(Summary(results, resamples: 0, seed: 1))
        let parts = [results[..<30], results[30...]].compactMap { Summary(Array($0), resamples: 0, seed: 1) }
        for measure in Summary.Measure.allCases where !measure.weighsAnimals {
            let sum = parts.reduce(0) { $0 + ($1.values[measure] ?? 0) * Double($1.answerable) }
            #expect(abs(sum / Double(whole.answerable) - (whole.values[measure] ?? -1)) < 1e-12, "\(measure)")
        }
        let shuffled = try #require(Summary(generator.shuffled(results), resamples: 0, seed: 1))
        for measure in Summary.Measure.allCases {
            #expect(abs((shuffled.values[measure] ?? 0) - (whole.values[measure] ?? -1)) < 1e-12, "\(measure)")
        }
    }

    @Test func `A measure over animals does not change if one has twice as many queries`() throws {
        var generator = SeededGenerator(seed: 5, "animals")
        let results = (0..<30).map { Self.result(Self.ranking(&generator), whale: "w\($0 % 3)") }
        let more = results + results.filter { $0.whaleID == "w1" }
        let (one, other) = (
            try #require(Summary(results, resamples: 0, seed: 1)), try #require(Summary(more, resamples: 0, seed: 1))
        )
        for measure in Summary.Measure.allCases where measure.weighsAnimals {
            #expect(abs((one.values[measure] ?? 0) - (other.values[measure] ?? -1)) < 1e-12)
        }
    }
}
