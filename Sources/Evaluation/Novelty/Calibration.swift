import Basics

/// Turns the best similarity to any known animal into the probability that a photograph shows a new one.
///
/// The validation photographs fit it. Each is a query twice, with its animal in the database and with it taken out, so
/// that new and known animals are equally likely beforehand. The test, which is not used for fitting, shows how good it
/// is. There is no calibration if there are too few photographs, or if the similarity does not separate new from known;
/// see ``CalibrationEvidence``.
public struct Calibration: Sendable, Equatable {
    /// The probability of a new animal.
    public let platt: PlattScaling

    /// Fits the probability; nil if the evidence is insufficient.
    public init?(_ evidence: CalibrationEvidence) {
        guard evidence.reason == nil, let platt = evidence.platt else { return nil }
        self.platt = platt
    }

    /// Creates a calibration from a fitted curve.
    public init(platt: PlattScaling) { self.platt = platt }

    /// The similarity at which a new animal is as likely as a known one.
    public var threshold: Double { -platt.offset / platt.slope }

    /// Whether a photograph with this best similarity is called new: if new is at least as likely as known.
    public func isNew(_ score: Double) -> Bool { probability(ofNewAt: score) >= 0.5 }

    /// The probability that a photograph with this best similarity shows a new animal.
    public func probability(ofNewAt score: Double) -> Double { platt.probability(of: score) }
}

extension Calibration: Codable {
    private enum CodingKeys: CodingKey { case threshold, slope, offset }

    /// Reads the form in `calibration.json`.
    ///
    /// - Throws: `DecodingError`, also if the probability does not fall with the similarity.
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
    /// The best similarity to any animal, including its own; nil if there is none.
    var bestWithOwn: Double? { [own?.score, other?.score].compactMap(\.self).max() }

    /// The photograph as a query with its animal in the database and with it taken out; a positive is a new animal.
    var questions: [(score: Double, isPositive: Bool)] {
        guard own != nil, let known = bestWithOwn, let other else { return [] }
        return [(known, false), (other.score, true)]
    }
}

/// The data of a calibration, and whether they suffice for a probability.
public struct CalibrationEvidence: Sendable, Equatable {
    /// The data of a calibration in numbers: `learned_from` in `calibration.json`.
    public struct Counts: Sendable, Equatable, Codable {
        /// Photographs of validation whose animal has another one from another encounter.
        public let photographs: Int
        /// Their animals.
        public let animals: Int
        /// How often a known animal's best similarity is above a new one's, with ties as half; nil without photographs.
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
    /// The curve fitted to the photographs; nil without photographs.
    let platt: PlattScaling?
    /// The lowest and the highest best similarity; nil without photographs.
    let range: ClosedRange<Double>?

    /// The minimum numbers of photographs and animals. With fewer, the curve follows single photographs: 20 photographs
    /// make 40 queries, and resampling fewer than 10 animals gives too narrow an interval.
    static let fewestPhotographs = 20, fewestAnimals = 10
    /// The minimum fall of the probability from the lowest similarity to the highest: less says nothing about a
    /// photograph.
    static let leastFall = 0.1
    /// Enough for stable ends of the interval, and independent of the reports' setting, which may be 0.
    static let resamples = 1000

    /// Assesses the validation photographs; the seed fixes the resamples.
    ///
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

    /// Why there is no probability; nil if there is one.
    public var reason: String? {
        let (photographs, animals) = (counts.photographs, counts.animals)
        guard photographs > 0, let platt, let range, let auroc = counts.auroc else {
            return "there are no photographs to fit; calibration needs validation photographs that no model was "
                + "trained on, with another photograph of their animal from another encounter"
        }
        if photographs < Self.fewestPhotographs || animals < Self.fewestAnimals {
            return "there are only \(NumberText.counted(photographs, "photograph", "photographs")) of "
                + "\(NumberText.counted(animals, "animal", "animals")) to fit; calibration needs at least "
                + "\(Self.fewestPhotographs) photographs of \(Self.fewestAnimals) animals"
        }
        guard let interval = counts.aurocInterval, interval.lowerBound > 0.5 else {
            let interval = counts.aurocInterval.map { ", 95% interval \(NumberText.interval($0, 2))" } ?? ""
            return "the similarity does not separate new from known animals (AUROC \(NumberText.fixed(auroc, 2))"
                + "\(interval))"
        }
        let (high, low) = (platt.probability(of: range.lowerBound), platt.probability(of: range.upperBound))
        // With a flatter slope, the threshold would also be far from any similarity.
        guard high - low >= Self.leastFall else {
            return "the probability hardly depends on the similarity (\(NumberText.percent(high, 0)) at the lowest, "
                + "\(NumberText.percent(low, 0)) at the highest)"
        }
        return nil
    }
}
