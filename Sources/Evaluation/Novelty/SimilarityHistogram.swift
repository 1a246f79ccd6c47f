import Basics

/// How the best similarities of queries spread where their animal is in the database and where it is not.
public struct SimilarityHistogram: Sendable, Equatable {
    /// The ends of all bins together; cosines.
    public let range: ClosedRange<Double>
    /// Queries for each bin, asked with their animal in the database.
    public let known: [Int]
    /// The same queries with it taken out.
    public let new: [Int]

    /// What each of them counts, in words.
    public static let contract = """
        Each query of the test that has an answer counts twice: by its best cosine to any photograph of the database, \
        and by that with its own animal taken out; both without query extension. Where the two heaps overlap, \
        no threshold tells known from new.
        """

    /// Counts the test's queries; nil where none can be asked both ways.
    ///
    /// - Parameter width: Of a bin, a divisor of 1.
    /// - Complexity: O(samples).
    public init?(_ samples: [NoveltySample], width: Double = 0.05) {
        let questions = samples.filter { $0.part == .test }.flatMap(\.questions).filter(\.score.isFinite)
        let bins = (1 / width).rounded()
        // A cosine of 1 belongs to the last bin, and so does what rounding made of it.
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
