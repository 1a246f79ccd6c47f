/// From a similarity to a probability: whether a photograph shows a new animal, by the best similarity to any known one.
///
/// The photographs of validation fit it. Each is asked twice, with its animal in the database and with that taken out, so
/// a new animal is as likely as a known one before one looks. The test, which has no part in it, says what it is worth.
/// There is no calibration where the photographs are too few, or where the similarity does not tell new from known; see
/// ``CalibrationEvidence``.
public struct Calibration: Sendable, Equatable {
    /// The probability of a new animal.
    public let platt: PlattScaling

    /// Fits the probability; nil where the evidence speaks against saying one.
    public init?(_ evidence: CalibrationEvidence) {
        guard evidence.reason == nil, let platt = evidence.platt else { return nil }
        self.platt = platt
    }

    /// Takes over a calibration.
    public init(platt: PlattScaling) { self.platt = platt }

    /// The similarity at which a new animal is as likely as a known one.
    public var threshold: Double { -platt.offset / platt.slope }

    /// Whether a best similarity is called a new animal's: where that is at least as likely as a known one.
    public func isNew(_ score: Double) -> Bool { probability(ofNewAt: score) >= 0.5 }

    /// The probability that a photograph with this best similarity shows a new animal.
    public func probability(ofNewAt score: Double) -> Double { platt.probability(of: score) }
}

extension Calibration: Codable {
    private enum CodingKeys: CodingKey { case threshold, slope, offset }

    /// Reads the form in `calibration.json`.
    ///
    /// - Throws: `DecodingError`, also where the probability does not fall with the similarity.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let slope = try container.decode(Double.self, forKey: .slope)
        guard slope > 0 else {
            throw DecodingError.dataCorruptedError(forKey: .slope, in: container, debugDescription: "is not above 0")
        }
        self.init(platt: PlattScaling(slope: slope, offset: try container.decode(Double.self, forKey: .offset)))
    }

    /// Writes the form in `calibration.json`, the ``threshold`` with it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(threshold, forKey: .threshold)
        try container.encode(platt.slope, forKey: .slope)
        try container.encode(platt.offset, forKey: .offset)
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
