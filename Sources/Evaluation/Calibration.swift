import Basics
import Foundation

/// From a similarity to a decision: whether a photograph shows a new animal, by the best similarity to any known one.
///
/// Half of the validation's animals fit the probability, the other half choose the threshold, and the test, which neither
/// has seen, says what both are worth. Every photograph is asked twice, with its animal in the database and with that
/// taken out, so a new animal is as likely as a known one before one looks.
public struct Calibration: Sendable, Equatable {
    /// At or above it the photograph is taken for a known animal.
    public let threshold: Double
    /// The probability of a new animal.
    public let platt: PlattScaling
    /// The photographs of validation that fitted and that chose.
    public let fitted: Int
    public let chosen: Int

    /// How many photographs each half must have at least.
    static let fewest = 8

    /// Fits and chooses; nil with too few validation photographs whose animal has another one in the database.
    ///
    /// - Parameter seed: Deals the animals to the halves.
    public init?(_ samples: [NoveltySample], seed: UInt64) {
        let usable = samples.filter { $0.part == .validation && $0.own != nil && $0.other != nil }
        var generator = SeededGenerator(seed: seed, "calibration")
        let animals = generator.shuffled(Set(usable.map(\.whaleID)).sorted())
        let half = Set(animals.prefix(animals.count / 2))
        let first = usable.filter { half.contains($0.whaleID) }
        let second = usable.filter { !half.contains($0.whaleID) }
        guard first.count >= Self.fewest, second.count >= Self.fewest,
            let platt = PlattScaling(first.flatMap(\.questions)),
            let threshold = BinaryMeasures.threshold(second.flatMap(\.questions))
        else { return nil }
        self.init(threshold: threshold, platt: platt, fitted: first.count, chosen: second.count)
    }

    /// Takes over a calibration.
    public init(threshold: Double, platt: PlattScaling, fitted: Int, chosen: Int) {
        self.threshold = threshold
        self.platt = platt
        self.fitted = fitted
        self.chosen = chosen
    }

    /// Whether a best similarity is called a new animal's.
    public func isNew(_ score: Double) -> Bool { score < threshold }

    /// The probability that a photograph with this best similarity shows a new animal.
    public func probability(ofNewAt score: Double) -> Double { platt.probability(of: score) }

    /// What ``init(_:)-(JSONValue)`` reads.
    public var json: JSONValue {
        [
            "threshold": .number(threshold), "slope": .number(platt.slope), "offset": .number(platt.offset),
            "fitted_on": .number(Double(fitted)), "threshold_chosen_on": .number(Double(chosen)),
        ]
    }

    /// Reads ``json`` back, nil where a part is missing.
    public init?(_ json: JSONValue) {
        guard let threshold = json["threshold"]?.double, let slope = json["slope"]?.double,
            let offset = json["offset"]?.double, let fitted = json["fitted_on"]?.integer,
            let chosen = json["threshold_chosen_on"]?.integer
        else { return nil }
        self.init(
            threshold: threshold, platt: PlattScaling(slope: slope, offset: offset), fitted: fitted, chosen: chosen)
    }
}

extension NoveltySample {
    /// The best similarity to any animal, its own among them, and to any other; nil where there is none.
    var bestWithOwn: Double? { [own?.score, other?.score].compactMap(\.self).max() }

    /// The photograph asked with its animal in the database and with that taken out; a positive is a new animal.
    var questions: [(score: Double, isPositive: Bool)] {
        guard own != nil, let known = bestWithOwn, let other else { return [] }
        return [(known, false), (other.score, true)]
    }
}
