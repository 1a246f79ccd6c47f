import Basics
import Evaluation
import Testing

@testable import Retrieval

/// Properties of all embeddings, checked on random ones.
@Suite struct PropertyTests {
    /// Plain search, moved vectors and re-rankings.
    static let plans = ["", "alpha-qe:3:3", "database-augmentation:2:1", "power:7", "k-reciprocal:6:3:0.3"]

    private func plan(_ text: String) throws -> SearchPlan {
        if text.isEmpty { return SearchPlan() }
        if let step = try? ExpansionStep(parsing: text) { return SearchPlan(steps: [step]) }
        return SearchPlan(reRanking: try ReRanking(parsing: text))
    }

    @Test(arguments: plans)
    func `The order of the database changes only ties`(text: String) throws {
        let plan = try plan(text)
        for seed in UInt64(1)...3 {
            let queries = try EmbeddingMatrix.random(rows: 9, columns: 12, seed: seed)
            let database = try EmbeddingMatrix.random(rows: 140, columns: 12, seed: seed + 100)
            var generator = SeededGenerator(seed: seed)
            let order = generator.shuffled(0..<140)
            let plain = try RetrievalSet(queries: queries, database: database).neighbours(count: 15, by: plan)
            let shuffled = try RetrievalSet(queries: queries, database: database.selecting(rows: order))
                .neighbours(count: 15, by: plan)
            for (first, second) in zip(plain, shuffled) {
                #expect(second.map { order[$0.row] } == first.map(\.row))
                // Sums over neighbours in another order differ in their last bits.
                #expect(zip(first, second).allSatisfy { abs($0.score - $1.score) < 1e-6 })
            }
        }
    }

    @Test func `The length of a row has no effect`() throws {
        let database = try EmbeddingMatrix.random(rows: 90, columns: 10, seed: 11)
        var generator = SeededGenerator(seed: 12)
        // Powers of two scale without rounding.
        let scales = (0..<90).map { _ in Float(sign: .plus, exponent: generator.integer(in: -20..<20), significand: 1) }
        let scaled = try EmbeddingMatrix(
            rows: 90, columns: 10, values: database.values.enumerated().map { $1 * scales[$0 / 10] }
        ).unitRows()
        let plain = try RetrievalSet(queries: database, database: database).neighbours(count: 20)
        let found = try RetrievalSet(queries: scaled, database: scaled).neighbours(count: 20)
        for (first, second) in zip(plain, found) {
            #expect(first.map(\.row) == second.map(\.row))
            // A row without unit length is divided again, which rounds once more.
            #expect(zip(first, second).allSatisfy { abs($0.score - $1.score) < 1e-6 })
        }
    }

    @Test func `One more wrong photograph never raises an average precision`() throws {
        var lowered = 0
        for seed in UInt64(1)...20 {
            var generator = SeededGenerator(seed: seed, "distractor")
            let base = try EmbeddingMatrix.random(rows: 31, columns: 6, seed: seed)
            // Some rows are in the database twice, so there are ties.
            let rows = (0..<30).map { _ in generator.integer(in: 0..<30) }
            let isRight = rows.indices.map { _ in generator.chance(0.3) }
            let place = generator.integer(in: 0..<31)
            func precision(_ rows: [Int], _ isRight: [Bool]) throws -> Double {
                let set = try RetrievalSet(
                    queries: base.selecting(rows: [30]), database: base.selecting(rows: rows))
                let answers = try set.neighbours(count: AveragePrecision.limit)[0].map {
                    AveragePrecision.Row(score: Double($0.score), isRelevant: isRight[$0.row])
                }
                return AveragePrecision.official(answers, relevant: max(1, isRight.count { $0 }))
            }
            let before = try precision(rows, isRight)
            var (more, right) = (rows, isRight)
            more.insert(generator.integer(in: 0..<30), at: place)
            right.insert(false, at: place)
            let after = try precision(more, right)
            #expect(after <= before + 1e-12)
            if after < before { lowered += 1 }
        }
        #expect(lowered > 5)
    }
}
