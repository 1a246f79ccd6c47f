import Basics

/// How well a calibration separates new animals from known ones.
public struct NoveltyReport: Sendable, Equatable {
    /// Predictions within one tenth of probability.
    public struct Bin: Sendable, Equatable {
        public let range: Range<Double>
        public let count: Int
        /// The mean prediction, and the share that is new; 0 if there are none.
        public let probability: Double
        public let share: Double
        /// The 95% interval of ``share``, by resampling animals; nil without resamples, with fewer than
        /// ``fewestAnimals``, or if all are alike: resampling then says nothing.
        public let interval: ClosedRange<Double>?
    }

    /// The minimum number of animals in a tenth of probability for an interval.
    static let fewestAnimals = 5

    /// The number of queries with a known animal, and of as many with a new one.
    public let questions: Int
    public let animals: Int
    /// How often a known animal's best similarity is above a new one's, with ties as half.
    public let auroc: Double
    @OrNull public private(set) var aurocInterval: ClosedRange<Double>?
    /// The share of known animals' queries that find the animal first, above the threshold; averaged by animal.
    public let knownFound: Double
    @OrNull public private(set) var knownFoundInterval: ClosedRange<Double>?
    /// BAUS: the share of new animals' queries that are called new; averaged by animal.
    public let baus: Double
    @OrNull public private(set) var bausInterval: ClosedRange<Double>?
    /// The same over the queries whose animal is not in the database; nil if there are none.
    @OrNull public private(set) var bausOfUnanswerable: Double?
    public let unanswerable: Int
    /// Reliability by tenths of probability.
    public let bins: [Bin]
    /// The mean distance between prediction and outcome over ``bins``, weighted by count.
    public let calibrationError: Double
    /// The mean squared error of the probability.
    public let brier: Double

    /// Assesses a calibration; nil if no photograph of the part can be a query both ways.
    ///
    /// - Complexity: O(samples log samples + resamples · animals).
    ///
    /// Sources: Adam et al., WildlifeReID-10k (BAUS); Naeini, Cooper, Hauskrecht, AAAI 2015 (expected calibration error);
    /// Brier, 1950.
    public init?(
        _ samples: [NoveltySample], part: NoveltySample.Part, calibration: Calibration, resamples: Int, seed: UInt64
    ) {
        let questions = NoveltyQuestions(samples, part: part)
        let (asked, animals) = (questions.asked, questions.animals)
        guard let auroc = questions.ranked.auroc(weights: Array(repeating: 1, count: animals.count)) else { return nil }
        func mean(of shares: [String: Double]) -> (mean: Double, interval: ClosedRange<Double>?) {
            let parts = shares.mapValues { [Bootstrap.Part(sum: $0, count: 1)] }
            let sum = shares.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
            return (
                sum / Double(shares.count), Bootstrap(resamples: resamples, seed: seed).intervals(of: parts)?[0]
            )
        }
        self.questions = asked.count
        self.animals = animals.count
        self.auroc = auroc
        aurocInterval = Bootstrap(resamples: resamples, seed: seed)
            .interval(clusters: animals.count) { questions.ranked.auroc(weights: $0) }
        (knownFound, knownFoundInterval) = mean(of: questions.shares(where: calibration.finds))
        (baus, bausInterval) = mean(of: questions.shares(where: calibration.callsNew))
        let strangers = samples.filter { $0.part == part && !$0.whaleID.isEmpty && $0.own == nil }
        unanswerable = strangers.count
        bausOfUnanswerable =
            strangers.isEmpty
            ? nil : mean(of: NoveltyQuestions.shares(of: strangers, where: calibration.callsNew)).mean
        let predictions = asked.flatMap { sample in
            sample.questions.map {
                Answer(
                    whaleID: sample.whaleID, probability: calibration.probability(ofNewAt: $0.score),
                    isNew: $0.isPositive)
            }
        }
        let bins = Self.bins(predictions, Bootstrap(resamples: resamples, seed: seed))
        self.bins = bins
        let total = Double(predictions.count)
        calibrationError = bins.reduce(0) { $0 + abs($1.probability - $1.share) * Double($1.count) } / total
        brier =
            predictions.reduce(0) { sum, answer in
                let difference = answer.probability - (answer.isNew ? 1 : 0)
                return sum + difference * difference
            } / total
    }

    /// A prediction and its outcome.
    private struct Answer {
        let whaleID: String
        let probability: Double
        let isNew: Bool
        /// The tenth of probability that it belongs to.
        var tenth: Int { min(Int(probability * 10), 9) }
    }

    private static func bins(_ predictions: [Answer], _ bootstrap: Bootstrap) -> [Bin] {
        var parts: [String: [Bootstrap.Part]] = [:]
        for answer in predictions {
            parts[answer.whaleID, default: Array(repeating: .init(), count: 10)][answer.tenth].sum +=
                answer.isNew ? 1 : 0
            parts[answer.whaleID, default: []][answer.tenth].count += 1
        }
        let intervals = bootstrap.intervals(of: parts)
        return (0..<10).map { tenth in
            let own = predictions.filter { $0.tenth == tenth }
            let count = Double(max(own.count, 1))
            let isMixed = Set(own.map(\.isNew)).count > 1 && Set(own.map(\.whaleID)).count >= fewestAnimals
            return Bin(
                range: Double(tenth) / 10..<Double(tenth + 1) / 10, count: own.count,
                probability: own.reduce(0) { $0 + $1.probability } / count,
                share: Double(own.count { $0.isNew }) / count, interval: isMixed ? intervals?[tenth] : nil)
        }
    }
}

extension NoveltyReport: Codable {
    private enum CodingKeys: String, CodingKey {
        case questions, animals, auroc, baus, unanswerable, brier
        case aurocInterval = "auroc_interval"
        case knownFound = "known_found"
        case knownFoundInterval = "known_found_interval"
        case bausInterval = "baus_interval"
        case bausOfUnanswerable = "baus_unanswerable"
        case bins = "reliability"
        case calibrationError = "calibration_error"
    }
}

extension NoveltyReport.Bin: Codable {
    private enum CodingKeys: CodingKey { case from, to, count, probability, share, interval }

    /// Reads an element of `reliability` in `calibration.json`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let (from, to) = (
            try container.decode(Double.self, forKey: .from), try container.decode(Double.self, forKey: .to)
        )
        guard from < to else {
            throw DecodingError.dataCorruptedError(forKey: .to, in: container, debugDescription: "is not above 'from'")
        }
        range = from..<to
        count = try container.decode(Int.self, forKey: .count)
        probability = try container.decodeIfPresent(Double.self, forKey: .probability) ?? 0
        share = try container.decodeIfPresent(Double.self, forKey: .share) ?? 0
        interval = try container.decodeIfPresent(ClosedRange<Double>.self, forKey: .interval)
    }

    /// Writes an element of `reliability`; without predictions, probability and share are null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(range.lowerBound, forKey: .from)
        try container.encode(range.upperBound, forKey: .to)
        try container.encode(count, forKey: .count)
        try container.encode(count > 0 ? probability : nil, forKey: .probability)
        try container.encode(count > 0 ? share : nil, forKey: .share)
        try container.encode(interval, forKey: .interval)
    }
}

/// How near a photograph comes to its own animal and to the nearest other one, by plain similarity: a row of
/// `novelty.csv`.
///
/// It stands for two queries: one of a known animal, whose best match is the nearer of both, and one of a new animal,
/// with its own animal taken out of the database.
public struct NoveltySample: Sendable, Equatable {
    /// The use of a sample.
    public enum Part: String, Sendable, CaseIterable {
        /// Fitting the probability.
        case validation
        /// Reporting.
        case test
    }

    /// A photograph of the database and its similarity.
    public struct Match: Sendable, Equatable {
        public let imageID: String
        public let whaleID: String
        /// The cosine.
        public let score: Double

        /// Creates a match.
        public init(imageID: String, whaleID: String, score: Double) {
            self.imageID = imageID
            self.whaleID = whaleID
            self.score = score
        }
    }

    public let part: Part
    /// The scenario's query, or the photograph's own name in validation.
    public let queryID: String
    public let imageID: String
    public let whaleID: String
    /// Nil if the database has no other photograph of the animal.
    public let own: Match?
    /// Nil if the database has no other animal.
    public let other: Match?

    /// Creates a sample.
    public init(part: Part, queryID: String, imageID: String, whaleID: String, own: Match?, other: Match?) {
        self.part = part
        self.queryID = queryID
        self.imageID = imageID
        self.whaleID = whaleID
        self.own = own
        self.other = other
    }
}
