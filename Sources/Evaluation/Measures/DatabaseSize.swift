import Basics

/// What a ranking would be worth if the database held fewer other animals.
public enum DatabaseSize {
    /// mAP@20 of the ranking in which each wrong photograph stays with a probability, all right ones for certain.
    ///
    /// What stays keeps its order, since each photograph is scored by itself; where a query was extended by its
    /// neighbours, those are the ones of the whole database. Ties are ranks like others here.
    ///
    /// - Parameters:
    ///   - ranks: Of each query its right answers' ranks in the whole database, from 1, ascending; at least one each.
    ///   - share: The probability, within 0 and 1.
    ///   - draws: Databases whose mean is taken.
    /// - Returns: NaN without a query.
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
