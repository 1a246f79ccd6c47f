import Algorithms

/// Measures of scores that separate two classes.
enum BinaryMeasures {
    /// The area under the ROC curve; see ``RankedSamples``.
    static func auroc(_ samples: [(score: Double, isPositive: Bool)]) -> Double? {
        RankedSamples(samples.map { ($0.score, $0.isPositive, 0) }).auroc(weights: [1])
    }
}

/// Samples sorted by score, each from a cluster that may count more than once.
struct RankedSamples {
    private let sorted: [(score: Double, isPositive: Bool, cluster: Int)]

    init(_ samples: [(score: Double, isPositive: Bool, cluster: Int)]) {
        sorted = samples.sorted { $0.score < $1.score }
    }

    /// The samples of two rankings together, by their mid-ranks in the one that they come from, so that scores of other
    /// scales can be exchanged: cluster i of the first remains i, that of the second is i + `clusters`.
    ///
    /// Source: Bandos, Rockette, Gur, Statistics in Medicine 24, 2005.
    init(ranksOf first: RankedSamples, and second: RankedSamples, clusters: Int) {
        func ranks(_ samples: RankedSamples, from offset: Int) -> [(score: Double, isPositive: Bool, cluster: Int)] {
            let sorted = samples.sorted
            return sorted.chunked { $0.score == $1.score }.flatMap { tied in
                let rank = Double(tied.startIndex + tied.endIndex - 1) / 2
                return tied.map { (rank, $0.isPositive, $0.cluster + offset) }
            }
        }
        self.init(ranks(first, from: 0) + ranks(second, from: clusters))
    }

    /// How often a positive scores above a negative, with ties as half and cluster i counted `weights[i]` times; nil
    /// unless there are both.
    ///
    /// - Complexity: O(n).
    ///
    /// Source: Mann and Whitney, 1947; Fawcett, Pattern Recognition Letters 27, 2006.
    func auroc(weights: [Double]) -> Double? {
        var (positives, negatives, area) = (0.0, 0.0, 0.0)
        var start = 0
        while start < sorted.count {
            var (own, others) = (0.0, 0.0)
            let score = sorted[start].score
            while start < sorted.count, sorted[start].score == score {
                let weight = weights[sorted[start].cluster]
                if sorted[start].isPositive { own += weight } else { others += weight }
                start += 1
            }
            area += own * (negatives + others / 2)
            positives += own
            negatives += others
        }
        return positives > 0 && negatives > 0 ? area / (positives * negatives) : nil
    }
}
