import Basics

/// The effect of training: the same queries ranked without it, by the backbone's pooled features, and with it.
///
/// The verdict is that of a ``Comparison`` of two runs.
public struct TrainingEffect: Sendable, Equatable {
    /// mAP@20 without training, the mean over seeds.
    public let without: Double
    /// mAP@20 after training, the mean over seeds.
    public let with: Double
    public let verdict: Comparison.Verdict
    /// How often a change at least as large would occur if training had no effect, by animal.
    public let probability: Double
    /// The 95% interval of the change, by resampling animals; nil with fewer than two of them.
    public let interval: ClosedRange<Double>?
    /// The number of answerable queries compared.
    public let queries: Int
    /// Whether there are several seeds, so that their spread is part of the verdict.
    public let hasSeveralSeeds: Bool
    /// The finding in a sentence without its full stop, such as `training raises mAP@20 from 0.105 to 0.124 (95%
    /// interval of the change +0.004 to +0.034, p = 0.003, one seed)`.
    public private(set) var finding = ""

    /// Compares rankings by query; nil if no query is answerable.
    ///
    /// `without` and `with` are the results of the first seed and fold before and after training; `seedsWithout` and
    /// `seedsWith` have the mAP@20 of every seed.
    public init?(
        without: [QueryResult], with: [QueryResult], seedsWithout: [Double], seedsWith: [Double], seed: UInt64
    ) {
        func rows(_ results: [QueryResult]) -> [QueryRow] { results.map { QueryRow($0, before: $0, viewpoint: "") } }
        let comparison = Comparison(
            old: rows(without), new: rows(with), oldSeeds: seedsWithout, newSeeds: seedsWith, seed: seed)
        guard !comparison.pairs.isEmpty, !seedsWithout.isEmpty, !seedsWith.isEmpty else { return nil }
        self.without = seedsWithout.reduce(0, +) / Double(seedsWithout.count)
        self.with = seedsWith.reduce(0, +) / Double(seedsWith.count)
        verdict = comparison.verdict
        probability = comparison.probability
        interval = comparison.interval
        queries = comparison.pairs.count
        hasSeveralSeeds = comparison.seedsOverlap != nil
        finding = sentence
    }

    private var sentence: String {
        let metric = "mAP@\(AveragePrecision.limit)" + (hasSeveralSeeds ? ", averaged over seeds," : "")
        let (old, new) = (NumberText.fixed(without, 3), NumberText.fixed(with, 3))
        let ends = interval.map { "95% interval of the change \(NumberText.changeInterval($0, 3)), " }
        let numbers = (ends ?? "") + NumberText.probability(probability)
        switch verdict {
        case .better, .worse:
            return "training \(verdict == .better ? "raises" : "lowers") \(metric) from \(old) to \(new) (\(numbers)"
                + "\(hasSeveralSeeds ? "" : ", one seed"))"
        case .undecided:
            let rule =
                hasSeveralSeeds
                ? "the scores of the seeds must not overlap, and p must be below \(Comparison.usual)"
                : "with one seed, p must be below \(Comparison.clear)"
            return
                "whether training helps is undecided: \(metric) is \(old) without it and \(new) with it (\(numbers); "
                + "\(rule))"
        }
    }

    /// What to do about the finding; nil if training helped.
    public var advice: String? {
        switch verdict {
        case .better: nil
        case .worse:
            "Training made the ranking worse. Set train.kind: none, or change the training before you use this model."
        case .undecided:
            "Training is not shown to help. Compare with train.kind: none, or train with more seeds."
        }
    }
}

extension TrainingEffect: Codable {
    private enum CodingKeys: String, CodingKey {
        case without, with, verdict, probability, interval, queries, finding
        case hasSeveralSeeds = "several_seeds"
    }

    /// Reads the form in `evaluation.json`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        without = try container.decode(Double.self, forKey: .without)
        with = try container.decode(Double.self, forKey: .with)
        verdict = try container.decode(Comparison.Verdict.self, forKey: .verdict)
        probability = try container.decode(Double.self, forKey: .probability)
        interval = try container.decodeIfPresent(ClosedRange<Double>.self, forKey: .interval)
        queries = try container.decode(Int.self, forKey: .queries)
        hasSeveralSeeds = try container.decode(Bool.self, forKey: .hasSeveralSeeds)
        finding = try container.decode(String.self, forKey: .finding)
    }

    /// Writes the form in `evaluation.json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(without, forKey: .without)
        try container.encode(with, forKey: .with)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(probability, forKey: .probability)
        try container.encode(interval, forKey: .interval)
        try container.encode(queries, forKey: .queries)
        try container.encode(hasSeveralSeeds, forKey: .hasSeveralSeeds)
        try container.encode(finding, forKey: .finding)
    }
}
