import Basics

/// The number of images of each whale in a pod.
///
/// The shares follow the competition's training set: some animals have a single image, a few have many, and most are in
/// between.
struct PodCounts {
    static let fewestWhales = 4
    static let mostImages = 1_000_000
    static let fewestImagesPerWhale = 4

    /// The distribution of a whale's number of images.
    enum Kind {
        case single, ordinary, many
    }

    /// One entry for each whale.
    let kinds: [Kind]
    /// Images of each whale, at least 1; their sum is the pod's.
    let images: [Int]

    /// - Throws: ``SampleError`` for a pod too small to split into training and scenarios.
    init(whales: Int, images: Int, seed: UInt64) throws {
        guard images <= Self.mostImages else {
            throw SampleError.tooManyImages(count: images, most: Self.mostImages)
        }
        guard whales >= Self.fewestWhales else {
            throw SampleError.tooFewWhales(count: whales, least: Self.fewestWhales)
        }
        let (least, overflows) = whales.multipliedReportingOverflow(by: Self.fewestImagesPerWhale)
        guard !overflows, images >= least else {
            throw SampleError.tooFewImages(count: images, whales: whales, least: least)
        }

        var generator = SeededGenerator(seed: seed, "counts")
        let singles = Int((0.1 * Double(whales)).rounded())
        let many = whales < 12 ? 0 : max(1, Int((0.04 * Double(whales)).rounded()))
        let ordinary = whales - singles - many
        let kinds: [Kind] =
            Array(repeating: .single, count: singles) + Array(repeating: .many, count: many)
            + Array(repeating: .ordinary, count: ordinary)
        self.kinds = generator.shuffled(kinds)
        let weights = self.kinds.map { kind -> Double in
            switch kind {
            case .single: 0
            case .ordinary: min(1.45, max(0.5, 1 + generator.normal(deviation: 0.28)))
            case .many: generator.uniform(3.6...4.2)
            }
        }
        self.images = Self.shared(images - singles, by: weights, least: 2).map { max(1, $0) }
    }

    /// Deals `total` in proportion to the weights, by largest remainders; entries with weight 0 get nothing.
    private static func shared(_ total: Int, by weights: [Double], least: Int) -> [Int] {
        let takers = weights.indices.filter { weights[$0] > 0 }
        let sum = weights.reduce(0, +)
        let free = Double(total - least * takers.count)
        var counts = weights.map { $0 > 0 ? least + Int(free * $0 / sum) : 0 }
        let remainders = takers.map { (index: $0, rest: (free * weights[$0] / sum).truncatingRemainder(dividingBy: 1)) }
        let order = remainders.sorted { ($1.rest, $0.index) < ($0.rest, $1.index) }
        for entry in order.prefix(total - counts.reduce(0, +)) { counts[entry.index] += 1 }
        return counts
    }
}
