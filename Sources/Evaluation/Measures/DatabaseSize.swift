import Basics

/// The score of a ranking if the database had fewer other animals.
public enum DatabaseSize {
    /// mAP@20 of the ranking if each wrong photograph stays with a probability and all right ones stay.
    ///
    /// The order does not change, because each photograph is scored by itself; an extended query keeps its neighbours
    /// from the whole database. Ties count as ranks here.
    ///
    /// - Parameters:
    ///   - ranks: For each query the ranks of its right photographs in the whole database, from 1, ascending; at least
    ///     one.
    ///   - share: The probability, within 0 and 1.
    ///   - draws: The number of random databases to average.
    ///   - seed: Fixes the random databases.
    /// - Returns: NaN without queries.
    /// - Complexity: O(queries · draws · rank of the last right answer).
    public static func map(ranks: [[Int]], share: Double, draws: Int, seed: UInt64) -> Double {
        let draws = share < 1 ? draws : 1
        let sum = (0..<draws).reduce(0.0) { sum, draw in
            var generator = SeededGenerator(seed: seed, "database size", "\(share)", "\(draw)")
            return ranks.reduce(sum) { $0 + averagePrecision($1, share, &generator) }
        }
        return sum / Double(draws * ranks.count)
    }

    private static func averagePrecision(
        _ ranks: [Int], _ share: Double, _ generator: inout SeededGenerator
    ) -> Double {
        var sum = 0.0
        var wrong = 0
        var last = 0
        for (place, rank) in ranks.enumerated() {
            for _ in last + 1..<max(last + 1, rank) {
                guard wrong < AveragePrecision.limit else { break }
                if share >= 1 || generator.chance(share) { wrong += 1 }
            }
            last = rank
            let found = place + 1
            guard found + wrong <= AveragePrecision.limit else { break }
            sum += Double(found) / Double(found + wrong)
        }
        return sum / Double(min(ranks.count, AveragePrecision.limit))
    }
}
