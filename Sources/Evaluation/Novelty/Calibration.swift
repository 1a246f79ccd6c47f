import Basics

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

/// What a calibration learns from, and whether that is enough to say a probability.
public struct CalibrationEvidence: Sendable, Equatable {
    /// What a calibration learns from in numbers: `learned_from` in `calibration.json`.
    public struct Counts: Sendable, Equatable, Codable {
        /// Photographs of validation whose animal has another one from another encounter.
        public let photographs: Int
        /// Their animals.
        public let animals: Int
        /// How often a known animal's best similarity is above a new one's, ties by half; nil without photographs.
        @OrNull public private(set) var auroc: Double?
        /// The 95% interval of ``auroc`` by resampling animals; nil with fewer than two animals.
        @OrNull public private(set) var aurocInterval: ClosedRange<Double>?

        private enum CodingKeys: String, CodingKey {
            case photographs, animals, auroc
            case aurocInterval = "auroc_interval"
        }

        init(photographs: Int, animals: Int, auroc: Double?, aurocInterval: ClosedRange<Double>?) {
            self.photographs = photographs
            self.animals = animals
            self.auroc = auroc
            self.aurocInterval = aurocInterval
        }
    }

    public let counts: Counts
    /// The curve that the photographs fit; nil without photographs.
    let platt: PlattScaling?
    /// The lowest and the highest best similarity; nil without photographs.
    let range: ClosedRange<Double>?

    /// The fewest photographs and animals that are learned from. With fewer, the curve follows single photographs: 20
    /// ask 40 questions, and of fewer than 10 animals an interval by resampling them is too narrow.
    static let fewestPhotographs = 20, fewestAnimals = 10
    /// By how much the probability must fall from the lowest similarity to the highest: less says nothing about a
    /// photograph.
    static let leastFall = 0.1
    /// Enough for a steady end of the interval, and apart from the reports' setting, which may ask for none.
    static let resamples = 1000

    /// Weighs the photographs of validation.
    ///
    /// - Parameter seed: Fixes the resamples.
    /// - Complexity: O(samples log samples + resamples · samples).
    public init(_ samples: [NoveltySample], seed: UInt64) {
        let usable = samples.filter { $0.part == .validation && !$0.questions.isEmpty }
        let whales = Set(usable.map(\.whaleID)).sorted()
        let number = Dictionary(uniqueKeysWithValues: whales.enumerated().map { ($1, $0) })
        let questions = usable.flatMap(\.questions)
        let ranked = RankedSamples(
            usable.flatMap { sample in
                sample.questions.map { (-$0.score, $0.isPositive, number[sample.whaleID] ?? 0) }
            })
        counts = Counts(
            photographs: usable.count, animals: whales.count,
            auroc: ranked.auroc(weights: Array(repeating: 1, count: whales.count)),
            aurocInterval: Bootstrap(resamples: Self.resamples, seed: seed)
                .interval(clusters: whales.count) { ranked.auroc(weights: $0) })
        platt = PlattScaling(questions)
        let scores = questions.map(\.score)
        range = scores.min().flatMap { low in scores.max().map { low...$0 } }
    }

    /// Why no probability is said; nil where one can be.
    public var reason: String? {
        let (photographs, animals) = (counts.photographs, counts.animals)
        guard photographs > 0, let platt, let range, let auroc = counts.auroc else {
            return "no photographs to learn from; it takes photographs of validation that no model was trained on, "
                + "with another photograph of their animal from another encounter"
        }
        if photographs < Self.fewestPhotographs || animals < Self.fewestAnimals {
            return "\(NumberText.counted(photographs, "photograph", "photographs")) to learn from, of "
                + "\(NumberText.counted(animals, "animal", "animals")); at least \(Self.fewestPhotographs) photographs "
                + "of \(Self.fewestAnimals) animals are needed"
        }
        guard let interval = counts.aurocInterval, interval.lowerBound > 0.5 else {
            let interval = counts.aurocInterval.map { ", 95% interval \(NumberText.interval($0, 2))" } ?? ""
            return "the similarity does not separate new from known animals (AUROC \(NumberText.fixed(auroc, 2))"
                + "\(interval))"
        }
        let (high, low) = (platt.probability(of: range.lowerBound), platt.probability(of: range.upperBound))
        // Below the slope that gives this fall the threshold, too, lies far from any similarity.
        guard high - low >= Self.leastFall else {
            return "the probability hardly depends on the similarity (\(NumberText.percent(high, 0)) at the lowest, "
                + "\(NumberText.percent(low, 0)) at the highest)"
        }
        return nil
    }
}
