import Basics
import Testing

@testable import Evaluation

struct ComparisonTests {
    /// Rows of `animals` animals with `each` queries, with the precision by animal and query.
    private static func rows(
        animals: Int = 20, each: Int = 3, _ precision: (_ animal: Int, _ query: Int) -> Double
    ) -> [QueryRow] {
        (0..<animals).flatMap { animal in
            (0..<each).map { query in
                let value = precision(animal, query)
                let result = QueryResult(
                    scenario: "s", queryID: "q\(animal)-\(query)", imageID: "i", whaleID: "w\(animal)", relevant: 1,
                    answers: value >= 1
                        ? [.init(score: 1, isRelevant: true)]
                        : [
                            .init(score: 1, isRelevant: false), .init(score: 0.5, isRelevant: value > 0),
                        ])
                return QueryRow(result, before: nil, viewpoint: "top")
            }
        }
    }

    @Test func `Wins, ties and losses are counted by query, and fixed and broken listed`() {
        let old = Self.rows(animals: 4, each: 1) { animal, _ in [0, 0.5, 1, 1][animal] }
        let new = Self.rows(animals: 4, each: 1) { animal, _ in [1, 0.5, 0, 1][animal] }
        let comparison = Comparison(old: old, new: new, oldSeeds: [0.5], newSeeds: [0.5])
        #expect((comparison.wins, comparison.ties, comparison.losses) == (1, 2, 1))
        #expect(comparison.fixed.map(\.old.id) == ["q0-0"])
        #expect(comparison.broken.map(\.old.id) == ["q2-0"])
        #expect(comparison.stillFailing.map(\.old.id) == ["q1-0"])
        #expect(comparison.difference == 0 && comparison.verdict == .undecided)
    }

    @Test func `A clear gain on every animal is better with one seed, and the reverse is worse`() {
        let low = Self.rows { _, _ in 0.5 }, high = Self.rows { _, _ in 1 }
        let gain = Comparison(old: low, new: high, oldSeeds: [0.5], newSeeds: [1])
        #expect(gain.verdict == .better && gain.difference == 0.5)
        // Of 2^20 sign patterns two are as extreme.
        #expect(gain.probability < 0.001)
        #expect(Comparison(old: high, new: low, oldSeeds: [1], newSeeds: [0.5]).verdict == .worse)
    }

    @Test func `A gain on one animal decides nothing, however many photographs it has`() {
        let old = Self.rows(animals: 6, each: 30) { _, _ in 0.5 }
        let new = Self.rows(animals: 6, each: 30) { animal, _ in animal == 0 ? 1 : 0.5 }
        let comparison = Comparison(old: old, new: new, oldSeeds: [0.5], newSeeds: [0.6])
        #expect(comparison.verdict == .undecided)
        #expect(comparison.probability > 0.9, "with one changed animal, both signs are equally likely")
    }

    @Test func `Nothing is better inside the spread between seeds`() {
        let low = Self.rows { _, _ in 0.5 }, high = Self.rows { _, _ in 1 }
        let overlapping = Comparison(old: low, new: high, oldSeeds: [0.4, 0.7], newSeeds: [0.6, 0.9])
        #expect(overlapping.seedsOverlap == true && overlapping.verdict == .undecided)
        let apart = Comparison(old: low, new: high, oldSeeds: [0.4, 0.5], newSeeds: [0.6, 0.9])
        #expect(apart.seedsOverlap == false && apart.verdict == .better)
        #expect(abs(apart.difference - 0.3) < 1e-12, "the mean over seeds, not over the first seed's queries")
    }

    @Test func `Several tests are corrected by Holm's method`() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") in R, and its second example with a tie and a limit of 1.
        let corrected = Comparison.corrected([0.01, 0.04, 0.03, 0.005])
        #expect(zip(corrected, [0.03, 0.06, 0.06, 0.02]).allSatisfy { abs($0 - $1) < 1e-12 }, "\(corrected)")
        #expect(Comparison.corrected([0.6, 0.2, 0.6]).map { ($0 * 1e9).rounded() / 1e9 } == [1, 0.6, 1])
        #expect(Comparison.corrected([]).isEmpty && Comparison.corrected([0.2]) == [0.2])
    }

    @Test func `The errors of the change from animals and from seeds are apart`() throws {
        // Animal changes 0 or 0.5, each in 3 queries: the standard error of the mean of 4 animals.
        let old = Self.rows(animals: 4) { _, _ in 0.5 }
        let new = Self.rows(animals: 4) { animal, _ in animal < 2 ? 1 : 0.5 }
        let comparison = Comparison(old: old, new: new, oldSeeds: [0.4, 0.6], newSeeds: [0.7, 0.8, 0.9])
        let (animals, seeds) = (try #require(comparison.animalError), try #require(comparison.seedError))
        let deviation = (4 * 0.25 * 0.25 / 3.0).squareRoot()
        #expect(abs(animals - deviation / 2) < 1e-12)
        // Variances 0.02 of two seeds and 0.01 of three.
        let variance = 0.02 / 2 + 0.01 / 3
        #expect(abs(seeds - variance.squareRoot()) < 1e-12)
        let one = Comparison(
            old: Self.rows(animals: 1) { _, _ in 0.5 }, new: Self.rows(animals: 1) { _, _ in 1 }, oldSeeds: [0.5],
            newSeeds: [0.7, 0.8])
        #expect(one.animalError == nil && one.seedError == nil)
    }

    @Test func `The same rows do not differ`() {
        let rows = Self.rows { animal, query in animal % 2 == 0 ? 1 : Double(query) / 2 }
        let comparison = Comparison(old: rows, new: rows, oldSeeds: [0.5], newSeeds: [0.5])
        #expect(comparison.probability == 1)
        #expect(comparison.interval == 0...0)
        #expect(comparison.verdict == .undecided)
    }

    @Test func `Only answerable queries that both have are paired`() {
        let old = Self.rows(animals: 3) { _, _ in 1 }, new = Self.rows(animals: 2) { _, _ in 1 }
        #expect(Comparison(old: old, new: new, oldSeeds: [], newSeeds: []).pairs.count == 6)
    }
}
