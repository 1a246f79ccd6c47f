/// Measures of scores that part two classes.
enum BinaryMeasures {
    /// The area under the ROC curve: how often a positive scores above a negative, ties by half; nil unless both are there.
    ///
    /// - Complexity: O(n log n).
    ///
    /// Source: Mann and Whitney, 1947; Fawcett, Pattern Recognition Letters 27, 2006.
    static func auroc(_ samples: [(score: Double, isPositive: Bool)]) -> Double? {
        let sorted = samples.sorted { $0.score < $1.score }
        let positives = Double(samples.count { $0.isPositive })
        let negatives = Double(samples.count) - positives
        guard positives > 0, negatives > 0 else { return nil }
        var (start, below, area) = (0, 0.0, 0.0)
        while start < sorted.count {
            let end = sorted[start...].firstIndex { $0.score != sorted[start].score } ?? sorted.count
            let own = Double(sorted[start..<end].count { $0.isPositive })
            let others = Double(end - start) - own
            area += own * (below + others / 2)
            below += others
            start = end
        }
        return area / (positives * negatives)
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
