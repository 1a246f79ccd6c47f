/// Measures of scores that part two classes.
enum BinaryMeasures {
    /// The area under the ROC curve; see ``RankedSamples``.
    static func auroc(_ samples: [(score: Double, isPositive: Bool)]) -> Double? {
        RankedSamples(samples.map { ($0.score, $0.isPositive, 0) }).auroc(weights: [1])
    }

    /// The threshold below which a sample counts as positive that makes the mean of both classes' accuracies greatest:
    /// the middle between two scores, of several as good ones the lowest. Nil unless both classes are there.
    ///
    /// - Complexity: O(n log n).
    ///
    /// Source: Youden, Cancer 3, 1950.
    static func threshold(_ samples: [(score: Double, isPositive: Bool)]) -> Double? {
        let sorted = samples.sorted { $0.score < $1.score }
        let positives = Double(samples.count { $0.isPositive })
        let negatives = Double(samples.count) - positives
        guard positives > 0, negatives > 0, let first = sorted.first, let last = sorted.last else { return nil }
        // To call nothing positive, and then all up to each score.
        var best = (accuracy: 0.5, threshold: first.score)
        var (called, wrong) = (0.0, 0.0)
        for (place, sample) in sorted.enumerated() {
            if sample.isPositive { called += 1 } else { wrong += 1 }
            let next = place + 1 < sorted.count ? sorted[place + 1].score : last.score.nextUp
            guard next != sample.score else { continue }
            let accuracy = (called / positives + 1 - wrong / negatives) / 2
            if accuracy > best.accuracy { best = (accuracy, sample.score + (next - sample.score) / 2) }
        }
        return best.threshold
    }
}

/// Samples by their scores, each of a cluster that may count more than once.
struct RankedSamples {
    private let sorted: [(score: Double, isPositive: Bool, cluster: Int)]

    init(_ samples: [(score: Double, isPositive: Bool, cluster: Int)]) {
        sorted = samples.sorted { $0.score < $1.score }
    }

    /// How often a positive scores above a negative, ties by half; nil unless both are there.
    ///
    /// - Parameter weights: How often each cluster counts.
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
