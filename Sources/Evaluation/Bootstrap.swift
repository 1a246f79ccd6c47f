import Basics

/// Percentile intervals of a mean by resampling animals: photographs of one animal succeed and fail together.
///
/// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; clusters: Davison and Hinkley,
/// 1997, section 3.8.
struct Bootstrap {
    let resamples: Int
    let seed: UInt64

    /// The 95% interval of the mean over all values; nil with fewer than two clusters or no resamples.
    func interval(of values: [(cluster: String, value: Double)]) -> ClosedRange<Double>? {
        let clusters = Dictionary(grouping: values, by: \.cluster).sorted { $0.key < $1.key }
            .map { (sum: $0.value.reduce(0) { $0 + $1.value }, count: $0.value.count) }
        guard clusters.count > 1, resamples > 0 else { return nil }
        var generator = SeededGenerator(seed: seed, "bootstrap")
        let means = (0..<resamples).map { _ in
            var (sum, count) = (0.0, 0)
            for _ in clusters.indices {
                let drawn = clusters[generator.integer(in: clusters.indices)]
                sum += drawn.sum
                count += drawn.count
            }
            return sum / Double(count)
        }.sorted()
        func quantile(_ share: Double) -> Double { means[Int((share * Double(resamples - 1)).rounded())] }
        return quantile(0.025)...quantile(0.975)
    }
}
