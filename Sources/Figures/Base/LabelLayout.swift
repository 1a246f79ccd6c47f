/// Places labels in a column so that each is near its value and none covers another.
enum LabelLayout {
    /// The labels' centres.
    ///
    /// - Parameters:
    ///   - wanted: The position of each label by itself.
    ///   - height: The height of a label.
    ///   - column: The room; the labels do not overlap if it is high enough for all.
    /// - Returns: In the order of `wanted`, with the least sum of squared distances from it.
    /// - Complexity: O(n log n).
    ///
    /// Source: isotonic regression by pooling adjacent violators (Barlow et al., 1972), on the centres minus the height
    /// of the labels above.
    static func centers(wanted: [Double], height: Double, in column: ClosedRange<Double>) -> [Double] {
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        var pools: [Pool] = []
        for (place, index) in order.enumerated() {
            pools.append(Pool(sum: wanted[index] - Double(place) * height, count: 1))
            while pools.count > 1, pools[pools.count - 1].mean < pools[pools.count - 2].mean {
                let last = pools.removeLast()
                pools[pools.count - 1].sum += last.sum
                pools[pools.count - 1].count += last.count
            }
        }
        let first = column.lowerBound + height / 2
        let last = max(first, column.upperBound + height / 2 - Double(wanted.count) * height)
        let shifts = pools.flatMap { pool in
            repeatElement(min(max(pool.mean, first), last), count: pool.count)
        }
        var centers = wanted
        for (place, index) in order.enumerated() { centers[index] = shifts[place] + Double(place) * height }
        return centers
    }

    /// Adjacent labels that touch and move together.
    private struct Pool {
        var sum: Double
        var count: Int
        var mean: Double { sum / Double(count) }
    }
}
