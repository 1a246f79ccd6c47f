import Basics

/// How the best similarities of photographs spread where their animal is in the database and where it is not.
public struct SimilarityHistogram: Sendable, Equatable {
    /// The ends of all bins together; cosines.
    public let range: ClosedRange<Double>
    /// Photographs for each bin, asked with their animal in the database.
    public let known: [Int]
    /// The same photographs with it taken out.
    public let new: [Int]

    /// What each of them counts, in words.
    public static let contract = """
        Each photograph of the test that has an answer counts twice: by its best cosine to any photograph of the \
        database, and by that with its own animal taken out; both without query extension. Where the two heaps overlap, \
        no threshold tells known from new.
        """

    /// Counts the test's photographs; nil where none can be asked both ways.
    ///
    /// - Parameter width: Of a bin, a divisor of 1.
    /// - Complexity: O(samples).
    public init?(_ samples: [NoveltySample], width: Double = 0.05) {
        let questions = samples.filter { $0.part == .test }.flatMap(\.questions)
        let bins = (1 / width).rounded()
        let places = questions.map { Int(($0.score * bins).rounded(.down)) }
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
