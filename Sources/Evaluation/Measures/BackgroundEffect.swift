import Basics

/// What a network recognises if it sees only the animals, or only their backgrounds.
///
/// A network that finds animals by the background will not find them in other places.
///
/// Source: Rueda-Toicen et al., arXiv 2604.09690.
public struct BackgroundEffect: Sendable, Equatable, Codable {
    /// What the network sees, in the queries and in the database.
    public enum Sight: String, Sendable, Codable, CaseIterable { case everything, animal, background }

    /// The queries ranked by one of them.
    public struct Part: Sendable, Equatable, Codable {
        public var sight: Sight
        public var summary: Summary
        /// Compared with the network that sees everything; nil for that itself.
        @OrNull public var change: Change?
    }

    /// The change of the average precision, query by query.
    public struct Change: Sendable, Equatable, Codable {
        public var difference: Double
        /// 95%, by resampling animals; nil with fewer than two of them.
        @OrNull public var interval: ClosedRange<Double>?
        /// How often chance alone would bring a change at least as large, by animal.
        public var probability: Double
    }

    /// The model, by the name of its member.
    public var model: String
    /// Photographs with an outline.
    public var outlined: Int
    /// Photographs with only a box.
    public var boxed: Int
    /// The share of queries whose first match would be right if matches were drawn at random.
    public var chance: Double
    /// In the order of ``Sight``; empty if nothing was ranked.
    public var parts: [Part]
    /// The finding, in a sentence or two.
    public var sentence: String

    /// Sums up the rows of one model.
    ///
    /// - Parameters:
    ///   - rows: The queries.
    ///   - model: The name of the model's member.
    ///   - outlined: Photographs with an outline, among queries and databases.
    ///   - boxed: Photographs with only a box.
    ///   - resamples: Bootstrap resamples of the animals; 0 for no interval.
    ///   - seed: Fixes the resamples.
    /// - Complexity: O(queries + resamples · animals).
    public init(_ rows: [BackgroundRow], model: String, outlined: Int, boxed: Int, resamples: Int, seed: UInt64) {
        self.model = model
        self.outlined = outlined
        self.boxed = boxed
        chance =
            rows.isEmpty
            ? 0 : rows.reduce(0) { $0 + Double($1.everything.count) / Double($1.candidates) } / Double(rows.count)
        let results = Dictionary(
            uniqueKeysWithValues: Sight.allCases.map { sight in
                (sight, rows.map { $0.result(sight) })
            })
        func queries(_ sight: Sight) -> [QueryRow] {
            (results[sight] ?? []).map { QueryRow($0, before: nil, viewpoint: "") }
        }
        parts = Sight.allCases.compactMap { sight in
            Summary(results[sight] ?? [], resamples: resamples, seed: seed).map { summary in
                let comparison = Comparison(
                    old: queries(.everything), new: queries(sight), oldSeeds: [], newSeeds: [], seed: seed)
                return Part(
                    sight: sight, summary: summary,
                    change: sight == .everything
                        ? nil
                        : Change(
                            difference: comparison.difference, interval: comparison.interval,
                            probability: comparison.probability))
            }
        }
        sentence = ""
        sentence = finding
    }

    /// The part of the queries ranked by one sight; nil if nothing was ranked.
    public func part(_ sight: Sight) -> Part? { parts.first { $0.sight == sight } }

    private var finding: String {
        guard outlined + boxed > 0 else {
            return "The background was not checked: no photograph has an outline or a box that leaves some background."
        }
        guard let background = part(.background), let animal = part(.animal), let everything = part(.everything) else {
            return "The background was not checked: no query with an outline or a box has a match with one."
        }
        func first(_ part: Part) -> String { NumberText.percent(part.summary.top1, 0) }
        let interval = background.summary.intervals[.top1]
        let ends = interval.map { "; 95% interval by animal \(NumberText.interval($0.scaled(by: 100), 0))%" } ?? ""
        let shown =
            outlined > 0
            ? "so part of the score can come from the background"
            : "so what surrounds the boxes identifies animals, too"
        let conclusion =
            interval.map { $0.lowerBound > chance ? shown : "which chance alone can explain" }
            ?? "so nothing is certain without an interval"
        let box =
            boxed == 0
            ? ""
            : " For \(boxed) of \(outlined + boxed) photographs only a box is known: their background is what lies around "
                + "it, which the network does not otherwise see."
        return "With the animal painted out, the correct animal is still first for \(first(background)) of queries "
            + "(chance \(NumberText.percent(chance, 0))\(ends)), \(conclusion). With the background painted out, it is "
            + "first for \(first(animal)), instead of \(first(everything)) with both.\(box)"
    }
}

extension ClosedRange<Double> {
    /// Both bounds multiplied by a positive factor.
    fileprivate func scaled(by factor: Double) -> ClosedRange<Double> { lowerBound * factor...upperBound * factor }
}

/// One query, ranked by photographs as they are, by the animals alone and by their backgrounds alone: a row of
/// `background.csv`.
public struct BackgroundRow: Sendable, Equatable {
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let whaleID: String
    /// Database photographs with an outline or a box, without the query's own.
    public let candidates: Int
    /// The ranks of all right photographs among them, from 1, ascending.
    public let everything: [Int]
    /// The same with the background painted over.
    public let animal: [Int]
    /// The same with the animal painted over.
    public let background: [Int]

    /// Creates a row; the three rankings have the same number of ranks, at least one and at most `candidates`.
    public init(
        scenario: String, queryID: String, imageID: String, whaleID: String, candidates: Int, everything: [Int],
        animal: [Int], background: [Int]
    ) {
        self.scenario = scenario
        self.queryID = queryID
        self.imageID = imageID
        self.whaleID = whaleID
        self.candidates = candidates
        self.everything = everything.sorted()
        self.animal = animal.sorted()
        self.background = background.sorted()
    }

    /// The ranks of all right photographs by one sight.
    public func ranks(_ sight: BackgroundEffect.Sight) -> [Int] {
        switch sight {
        case .everything: everything
        case .animal: animal
        case .background: background
        }
    }

    fileprivate func result(_ sight: BackgroundEffect.Sight) -> QueryResult {
        QueryResult(
            scenario: scenario, queryID: queryID, imageID: imageID, whaleID: whaleID, relevant: everything.count,
            answers: []
        ).asked(ofPartWith: ranks(sight))
    }
}
