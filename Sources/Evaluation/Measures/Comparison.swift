import Basics

/// Two evaluations of the same queries side by side.
///
/// Sources: Smucker, Allan, Carterette, CIKM 2007 (randomisation test); Davison and Hinkley, 1997, section 3.8
/// (clusters); Holm, Scandinavian Journal of Statistics 6, 1979 (several tests).
public struct Comparison: Sendable, Equatable {
    /// One query in both.
    public struct Pair: Sendable, Equatable {
        public let old: QueryRow
        public let new: QueryRow

        /// The change of the average precision.
        public var change: Double { new.averagePrecision - old.averagePrecision }
    }

    /// The verdict on the new one.
    public enum Verdict: String, Sendable, Codable, CaseIterable { case better, worse, undecided }

    /// In the old one's order; only answerable queries.
    public let pairs: [Pair]
    /// mAP@20 of each seed.
    public let oldSeeds: [Double]
    public let newSeeds: [Double]
    /// The 95% interval of the mean change, by resampling animals; nil with fewer than two of them.
    public let interval: ClosedRange<Double>?
    /// How often a mean change at least as large, in either direction, would occur if both were equally good; by
    /// animals.
    public let probability: Double

    static let resamples = 2000
    /// The number of times that the paired test exchanges the two.
    public static let randomisations = 10_000
    /// The ``threshold`` if a run has a single seed.
    public static let clear = 0.01
    /// The ``threshold`` if both runs have several seeds.
    public static let usual = 0.05

    /// Pairs two evaluations by query.
    ///
    /// The rows are those of the first seed; `oldSeeds` and `newSeeds` have the mAP@20 of every seed. `seed` fixes the
    /// resamples.
    ///
    /// - Complexity: O(randomisations · animals).
    public init(old: [QueryRow], new: [QueryRow], oldSeeds: [Double], newSeeds: [Double], seed: UInt64 = 1) {
        let byID = Dictionary(new.map { ($0.id, $0) }) { first, _ in first }
        pairs = old.compactMap { row in
            guard row.relevant > 0, let other = byID[row.id], other.relevant > 0 else { return nil }
            return Pair(old: row, new: other)
        }
        self.oldSeeds = oldSeeds
        self.newSeeds = newSeeds
        interval = Self.interval(of: pairs, seed: seed)
        probability = Self.probability(of: pairs.map { ($0.old.whaleID, $0.change) }, seed: seed)
    }

    /// The 95% interval of the mean change of some pairs' average precision, by resampling animals; nil with fewer than
    /// two of them.
    public static func interval(of pairs: [Pair], seed: UInt64 = 1) -> ClosedRange<Double>? {
        interval(of: pairs, seed: seed) { ($0.old.whaleID, $0.change) }
    }

    /// The same of any changes.
    public static func interval<Element>(
        of elements: [Element], seed: UInt64 = 1, _ change: (Element) -> (animal: String, change: Double)
    ) -> ClosedRange<Double>? {
        Bootstrap(resamples: resamples, seed: seed)
            .interval(
                of: elements.map { element in
                    let (animal, change) = change(element)
                    return (cluster: animal, value: change)
                })
    }

    // MARK: Tests

    /// How often a mean change at least as large, in either direction, would occur if old and new could be exchanged for
    /// each animal; 1 if nothing changed.
    ///
    /// - Complexity: O(randomisations · animals).
    public static func probability(of changes: [(animal: String, change: Double)], seed: UInt64 = 1) -> Double {
        let sums = Dictionary(grouping: changes, by: \.animal).sorted { $0.key < $1.key }
            .map { $0.value.reduce(0) { $0 + $1.change } }
        guard sums.contains(where: { $0 != 0 }) else { return 1 }
        return probability(clusters: sums.count, seed: seed) { isKept in
            var total = 0.0
            for (place, sum) in sums.enumerated() { total += isKept[place] ? sum : -sum }
            return total
        }
    }

    /// The same of any change that depends on the clusters for which old and new are kept and not exchanged.
    static func probability(clusters: Int, seed: UInt64, of change: (_ isKept: [Bool]) -> Double) -> Double {
        var isKept = Array(repeating: true, count: clusters)
        let observed = abs(change(isKept))
        var generator = SeededGenerator(seed: seed, "randomisation")
        let asLarge = (0..<randomisations).count { _ in
            for place in isKept.indices { isKept[place] = generator.chance(0.5) }
            // The same sum in another order of signs differs by rounding.
            return abs(change(isKept)) >= observed - 1e-12
        }
        return Double(asLarge + 1) / Double(randomisations + 1)
    }

    /// Probabilities of several tests, corrected so that one of them falls below a limit by chance no more often than a
    /// single test would (Holm's method); in their order.
    public static func corrected(_ probabilities: [Double]) -> [Double] {
        var corrected = probabilities
        var largest = 0.0
        for (place, index) in probabilities.indices.sorted(by: { probabilities[$0] < probabilities[$1] }).enumerated() {
            largest = max(largest, min(1, probabilities[index] * Double(probabilities.count - place)))
            corrected[index] = largest
        }
        return corrected
    }

    // MARK: What changed

    public var wins: Int { pairs.count { $0.change > 0 } }
    public var losses: Int { pairs.count { $0.change < 0 } }
    public var ties: Int { pairs.count - wins - losses }
    /// The number of animals with a query.
    public var animals: Int { Set(pairs.map(\.old.whaleID)).count }
    /// Queries whose first match is right now and was wrong before, largest gain first.
    public var fixed: [Pair] { pairs.filter { !$0.old.isFirst && $0.new.isFirst }.sorted { $0.change > $1.change } }
    /// Queries whose first match was right and is wrong now, largest loss first.
    public var broken: [Pair] { pairs.filter { $0.old.isFirst && !$0.new.isFirst }.sorted { $0.change < $1.change } }
    /// Queries whose first match was and is wrong, worst first.
    public var stillFailing: [Pair] {
        pairs.filter { !$0.old.isFirst && !$0.new.isFirst }
            .sorted { $0.new.averagePrecision < $1.new.averagePrecision }
    }

    /// The change of mAP@20: of the mean over seeds if both have several, else over the pairs.
    public var difference: Double {
        if oldSeeds.count > 1, newSeeds.count > 1 { return Self.mean(newSeeds) - Self.mean(oldSeeds) }
        return Self.mean(pairs.map(\.change))
    }

    /// The two means of which ``difference`` is the difference.
    public var means: (old: Double, new: Double) {
        if oldSeeds.count > 1, newSeeds.count > 1 { return (Self.mean(oldSeeds), Self.mean(newSeeds)) }
        return (Self.mean(pairs.map(\.old.averagePrecision)), Self.mean(pairs.map(\.new.averagePrecision)))
    }

    /// The standard error of ``difference`` that comes from the choice of animals; nil with fewer than two of them.
    public var animalError: Double? {
        let mean = Self.mean(pairs.map(\.change))
        let deviations = Dictionary(grouping: pairs, by: \.old.whaleID).sorted { $0.key < $1.key }
            .map { $0.value.reduce(0) { $0 + $1.change - mean } }
        guard deviations.count > 1 else { return nil }
        let count = Double(deviations.count)
        let squares = deviations.reduce(0) { $0 + $1 * $1 }
        return (squares * count / (count - 1)).squareRoot() / Double(pairs.count)
    }

    /// The standard error of ``difference`` that comes from the choice of seeds; nil if either run has a single seed.
    public var seedError: Double? {
        guard oldSeeds.count > 1, newSeeds.count > 1 else { return nil }
        return [oldSeeds, newSeeds].map { seeds in
            let mean = Self.mean(seeds)
            let variance = seeds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seeds.count - 1)
            return variance / Double(seeds.count)
        }.reduce(0, +).squareRoot()
    }

    /// Whether the ranges of the seeds overlap; nil if either has a single seed.
    public var seedsOverlap: Bool? {
        guard oldSeeds.count > 1, newSeeds.count > 1, let lowOld = oldSeeds.min(), let highOld = oldSeeds.max(),
            let lowNew = newSeeds.min(), let highNew = newSeeds.max()
        else { return nil }
        return lowOld <= highNew && lowNew <= highOld
    }

    /// The ``probability`` must be below this for a verdict. It is smaller if a run has a single seed, because the spread
    /// between seeds is unknown then.
    public var threshold: Double { seedsOverlap == nil ? Self.clear : Self.usual }

    /// Neither `better` nor `worse` inside the spread between seeds, or if the test is not clear.
    public var verdict: Verdict {
        guard difference != 0, seedsOverlap != true, probability < threshold else { return .undecided }
        return difference > 0 ? .better : .worse
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
}

extension QueryRow {
    /// Whether the first match is right.
    public var isFirst: Bool { firstHitRank == 1 }
}
