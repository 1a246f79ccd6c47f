import Basics

/// Percentile intervals of means by resampling animals: photographs of one animal succeed and fail together.
///
/// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; clusters: Davison and Hinkley,
/// 1997, section 3.8.
struct Bootstrap {
    let resamples: Int
    let seed: UInt64

    /// One animal's contribution to a mean.
    struct Part {
        var sum = 0.0
        var count = 0.0
    }

    /// The 95% interval of the mean over all values; nil with fewer than two clusters or no resamples.
    func interval(of values: [(cluster: String, value: Double)]) -> ClosedRange<Double>? {
        var parts: [String: [Part]] = [:]
        for (cluster, value) in values {
            parts[cluster, default: [Part()]][0].sum += value
            parts[cluster, default: [Part()]][0].count += 1
        }
        return intervals(of: parts)?[0]
    }

    /// The 95% intervals of several means, with the same animals drawn for all.
    ///
    /// - Parameter parts: For each animal its contribution to each mean.
    /// - Returns: An interval for each mean, nil if no animal counts in it; nil altogether with fewer than two animals
    ///   or no resamples.
    /// - Complexity: O(resamples · animals · means), whatever the number of photographs.
    func intervals(of parts: [String: [Part]]) -> [ClosedRange<Double>?]? {
        guard parts.count > 1, resamples > 0 else { return nil }
        let clusters = parts.sorted { $0.key < $1.key }.map(\.value)
        let width = clusters[0].count
        let flat = clusters.flatMap { $0 }
        var generator = SeededGenerator(seed: seed, "bootstrap")
        var means = Array(repeating: [Double](), count: width)
        var sums = Array(repeating: Part(), count: width)
        for _ in 0..<resamples {
            for mean in 0..<width { sums[mean] = Part() }
            for _ in clusters.indices {
                let start = generator.integer(in: clusters.indices) * width
                for mean in 0..<width {
                    sums[mean].sum += flat[start + mean].sum
                    sums[mean].count += flat[start + mean].count
                }
            }
            for mean in 0..<width where sums[mean].count > 0 { means[mean].append(sums[mean].sum / sums[mean].count) }
        }
        return means.map(Self.interval)
    }

    /// The 95% interval of a statistic that receives how often each cluster is drawn; nil with fewer than two clusters,
    /// no resamples, or if the statistic is never known.
    func interval(clusters: Int, of statistic: (_ counts: [Double]) -> Double?) -> ClosedRange<Double>? {
        guard clusters > 1, resamples > 0 else { return nil }
        var generator = SeededGenerator(seed: seed, "bootstrap")
        let values = (0..<resamples).compactMap { _ -> Double? in
            var counts = Array(repeating: 0.0, count: clusters)
            for _ in 0..<clusters { counts[generator.integer(in: 0..<clusters)] += 1 }
            return statistic(counts)
        }
        return Self.interval(of: values)
    }

    private static func interval(of means: [Double]) -> ClosedRange<Double>? {
        guard !means.isEmpty else { return nil }
        let sorted = means.sorted()
        func quantile(_ share: Double) -> Double { sorted[Int((share * Double(sorted.count - 1)).rounded())] }
        return quantile(0.025)...quantile(0.975)
    }
}
