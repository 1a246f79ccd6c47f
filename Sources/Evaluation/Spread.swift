import Basics

/// A number as it came out for each seed, or fold, with mean and standard deviation.
public struct Spread: Sendable, Equatable, Codable {
    public let values: [Double]
    public let mean: Double
    /// Nil for a single value.
    @OrNull public private(set) var deviation: Double?

    /// Where both seeds and folds fan out, the other part is averaged over first, so that the spread of one does not
    /// hold that of the other.
    ///
    /// - Parameter measured: At least one number, each with the seed, or fold, that it is of.
    public init(_ measured: [(part: Int, value: Double)]) {
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let values = Dictionary(grouping: measured, by: \.part).sorted { $0.key < $1.key }
            .map { mean($0.value.map(\.value)) }
        let average = mean(values)
        let squares = values.reduce(0) { $0 + ($1 - average) * ($1 - average) }
        self.values = values
        self.mean = average
        deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
    }

    /// What is to be said where there is a single value.
    ///
    /// - Parameter part: What the value is one of: `seed` or `fold`.
    public static func unknown(over part: String) -> String { "one \(part), spread unknown" }
}
