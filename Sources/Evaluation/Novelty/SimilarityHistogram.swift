import Basics

/// The distribution of queries' best similarities with their animal in the database, and without it.
public struct SimilarityHistogram: Sendable, Equatable {
    /// The range of all bins together; cosines.
    public let range: ClosedRange<Double>
    /// Queries per bin, with their animal in the database.
    public let known: [Int]
    /// The same queries with their animal taken out.
    public let new: [Int]

    /// What each of them counts, in words.
    public static let contract = """
        Each answerable test query counts twice: by its best cosine to any database photograph, and by its best cosine \
        with its own animal taken out; both without query extension. Where the two distributions overlap, no threshold \
        separates known from new.
        """

    /// Counts the test queries in bins of `width`, a divisor of 1; nil if none can be run both ways.
    ///
    /// - Complexity: O(samples).
    public init?(_ samples: [NoveltySample], width: Double = 0.05) {
        let questions = samples.filter { $0.part == .test }.flatMap(\.questions).filter(\.score.isFinite)
        let bins = (1 / width).rounded()
        // A cosine of 1 belongs to the last bin, and so does one that rounding put above it.
        let places = questions.map { Int((min($0.score, 1) * bins).rounded(.down)) }.map { min($0, Int(bins) - 1) }
        guard let first = places.min(), let last = places.max() else { return nil }
        func counts(_ isNew: Bool) -> [Int] {
            var counts = Array(repeating: 0, count: last - first + 1)
            for (question, place) in zip(questions, places) where question.isPositive == isNew {
                counts[place - first] += 1
            }
            return counts
        }
        range = Double(first) / bins...Double(last + 1) / bins
        known = counts(false)
        new = counts(true)
    }
}
