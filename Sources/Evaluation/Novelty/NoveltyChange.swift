import Basics

/// How two evaluations of the same queries differ in telling new animals from known ones, by animals, each with all its
/// queries in both.
///
/// The measures themselves are those of ``NoveltyReport``.
public struct NoveltyChange: Sendable, Equatable {
    public let auroc: Certainty
    public let baus: Certainty
    public let knownFound: Certainty

    /// How certain the change of one measure is.
    public struct Certainty: Sendable, Equatable {
        /// The 95% interval, by resampling animals; nil with fewer than two of them.
        public let interval: ClosedRange<Double>?
        /// How often a change at least as large would occur if old and new could be exchanged for each animal; for the
        /// AUROC their ranks, since each evaluation has its own scale.
        public let probability: Double
    }

    /// The samples of one evaluation, with its calibration.
    public typealias Side = (samples: [NoveltySample], calibration: Calibration)

    /// Compares test samples; nil if the evaluations have no query in common that can be run both ways, or others.
    ///
    /// `seed` fixes the resamples.
    ///
    /// - Complexity: O(samples log samples + (resamples + randomisations) · samples).
    public init?(old: Side, new: Side, seed: UInt64 = 1) {
        let sides = [old, new].map { NoveltyQuestions($0.samples, part: .test) }
        let (before, after) = (sides[0], sides[1])
        guard !before.asked.isEmpty, Set(before.asked.map(\.queryID)) == Set(after.asked.map(\.queryID)),
            before.animals == after.animals
        else { return nil }
        let bootstrap = Bootstrap(resamples: Comparison.resamples, seed: seed)
        let count = before.animals.count
        let together = RankedSamples(ranksOf: before.ranked, and: after.ranked, clusters: count)
        auroc = Certainty(
            interval: bootstrap.interval(clusters: count) { counts in
                before.ranked.auroc(weights: counts).flatMap { old in
                    after.ranked.auroc(weights: counts).map { $0 - old }
                }
            },
            probability: Comparison.probability(clusters: count, seed: seed) { isKept in
                let (kept, exchanged) = (isKept.map { $0 ? 1.0 : 0 }, isKept.map { $0 ? 0.0 : 1 })
                return (together.auroc(weights: exchanged + kept) ?? 0)
                    - (together.auroc(weights: kept + exchanged) ?? 0)
            })
        func certainty(of condition: (NoveltySample, Calibration) -> Bool) -> Certainty {
            let earlier = before.shares { condition($0, old.calibration) }
            let later = after.shares { condition($0, new.calibration) }
            let changes = later.sorted { $0.key < $1.key }.map { ($0.key, $0.value - (earlier[$0.key] ?? 0)) }
            return Certainty(
                interval: bootstrap.interval(of: changes), probability: Comparison.probability(of: changes, seed: seed))
        }
        baus = certainty { $1.callsNew($0) }
        knownFound = certainty { $1.finds($0) }
    }
}

/// The photographs of a part whose animal is named and known, each a query twice.
struct NoveltyQuestions {
    let asked: [NoveltySample]
    /// In their order.
    let animals: [String]
    /// The queries by similarity; the cluster is the place in ``animals``.
    let ranked: RankedSamples

    init(_ samples: [NoveltySample], part: NoveltySample.Part) {
        let asked = samples.filter { $0.part == part && !$0.whaleID.isEmpty && !$0.questions.isEmpty }
        let animals = Set(asked.map(\.whaleID)).sorted()
        let number = Dictionary(uniqueKeysWithValues: animals.enumerated().map { ($1, $0) })
        self.asked = asked
        self.animals = animals
        ranked = RankedSamples(
            asked.flatMap { sample in
                sample.questions.map { (-$0.score, $0.isPositive, number[sample.whaleID] ?? 0) }
            })
    }

    /// The share of each animal's photographs that meet a condition.
    func shares(where condition: (NoveltySample) -> Bool) -> [String: Double] {
        Self.shares(of: asked, where: condition)
    }

    static func shares(of samples: [NoveltySample], where condition: (NoveltySample) -> Bool) -> [String: Double] {
        Dictionary(grouping: samples, by: \.whaleID)
            .mapValues { Double($0.count(where: condition)) / Double($0.count) }
    }
}

extension Calibration {
    /// Whether a photograph is called new with its animal taken out.
    func callsNew(_ sample: NoveltySample) -> Bool { isNew(sample.other?.score ?? -.infinity) }

    /// Whether a photograph's animal is found first, and called known.
    func finds(_ sample: NoveltySample) -> Bool {
        guard let own = sample.own?.score, let other = sample.other?.score else { return false }
        return own > other && !isNew(own)
    }
}
