import Basics
import Testing

@testable import Evaluation

@Suite struct DatabaseSizeTests {
    private static let ranks = [[1, 4], [3], [40, 41, 90]]

    private func map(_ share: Double, draws: Int = 400) -> Double {
        DatabaseSize.map(ranks: Self.ranks, share: share, draws: draws, seed: 1)
    }

    @Test func `The whole database gives the ranking's own precision`() {
        // 1/1 and 2/4 of two; 1/3; nothing within the first 20.
        #expect(abs(map(1) - ((1 + 0.5) / 2 + 1.0 / 3 + 0) / 3) < 1e-12)
    }

    @Test func `A database of only right photographs gives 1`() {
        #expect(map(0) == 1)
    }

    @Test func `Half of the wrong photographs give the expected average`() {
        // With one wrong photograph before it, the second right one has 2/3 or 2/2 equally often, and so on; the mean:
        func expected(_ wrong: Int, _ found: Double) -> Double {
            (0...wrong).reduce(0.0) { sum, kept in
                let ways = (0..<kept).reduce(1.0) { $0 * Double(wrong - $1) / Double($1 + 1) }
                return sum + ways / Double(1 << wrong) * found / (found + Double(kept))
            }
        }
        let first = [[1, 4]], second = [[3]]
        let one = DatabaseSize.map(ranks: first, share: 0.5, draws: 4000, seed: 1)
        let two = DatabaseSize.map(ranks: second, share: 0.5, draws: 4000, seed: 2)
        // The mean of 4000 draws from 0 to 1 is off by 0.03 or more only once in thousands of runs.
        #expect(abs(one - (1 + expected(2, 2)) / 2) < 0.03)
        #expect(abs(two - expected(2, 1)) < 0.03)
    }

    @Test func `Fewer wrong photographs never lower the mean, and the same seed gives the same draws`() {
        let values = [0, 0.1, 0.3, 0.6, 1].map { map($0) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 - 0.02 }, "\(values)")
        #expect(map(0.3) == map(0.3))
    }

    @Test func `More than twenty right photographs count as twenty`() {
        #expect(DatabaseSize.map(ranks: [Array(1...30)], share: 1, draws: 1, seed: 1) == 1)
        #expect(DatabaseSize.map(ranks: [], share: 1, draws: 1, seed: 1).isNaN)
    }
}
