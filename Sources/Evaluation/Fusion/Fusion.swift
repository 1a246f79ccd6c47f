import Algorithms
import Basics
import Foundation

/// How a run joins the networks' similarity with matched marks, fitted on validation photographs: `fusion.json`.
///
/// Every score becomes the probability that both photographs show the same animal; the mean of the chosen ones ranks.
///
/// Source: Cermak et al., arXiv 2408.12934, 2024 (WildFusion).
public struct Fusion: Sendable, Equatable, Codable {
    /// A score of two photographs.
    public enum Part: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
        /// The cosine of the networks' embeddings.
        case network
        /// How much better the marks match than those of other photographs: LNBNN.
        case marks
        /// How many matches one affine map explains.
        case geometry
    }

    /// The embeddings whose cosines are compared; each kind has its own distribution.
    public enum Embeddings: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
        /// After training, before query extension.
        case plain
        /// After training and query extension.
        case expanded
        /// Before training, after query extension.
        case untrained
    }

    /// Scores to join, and how well the validation photographs are ranked by them.
    public struct Choice: Sendable, Equatable, Codable {
        public let parts: [Part]
        public let map: Double
        public let top1: Double
    }

    /// Every choice that was tried, in the order of preference among equal ones.
    public let choices: [Choice]
    /// The scores that rank: those with the highest mAP on the validation photographs; empty if nothing was fitted.
    public let parts: [Part]
    /// The same among choices without the network.
    public let localParts: [Part]
    /// Validation photographs with a right match in another encounter.
    public let queries: Int
    /// The pairs that the curves are fitted to, and those of one animal among them.
    public let pairs: Int
    public let positives: Int
    /// Why nothing was fitted; nil otherwise.
    @OrNull public private(set) var absence: String?
    private let network: [Embeddings: ScoreCalibration]
    private let local: [Part: ScoreCalibration]

    private enum CodingKeys: String, CodingKey {
        case choices, parts, queries, pairs, positives, absence, network, local
        case localParts = "local_parts"
    }

    /// The fewest pairs of one animal that curves are fitted to.
    public static let fewestPositives = 10
    /// The share of the plain score, which orders the pairs that the curves give the same probability.
    private static let tieBreak = 1e-3

    /// The scores of one validation photograph with the photographs that it is compared with, none of its own
    /// encounter.
    public struct Query: Sendable {
        public var cosines: [Embeddings: [Double]]
        public var local: [LocalScore]
        /// Whether each shows the same animal.
        public var isSame: [Bool]

        /// Collects the scores; all lists are in the same order.
        public init(cosines: [Embeddings: [Double]], local: [LocalScore], isSame: [Bool]) {
            self.cosines = cosines
            self.local = local
            self.isSame = isSame
        }
    }

    /// Nothing is joined; `absence` says why.
    public init(absence: String) {
        choices = []
        parts = []
        localParts = []
        queries = 0
        pairs = 0
        positives = 0
        self.absence = absence
        network = [:]
        local = [:]
    }

    /// Fits the curves, and chooses the scores to join by the mAP of the validation photographs.
    ///
    /// - Parameters:
    ///   - queries: The validation photographs.
    ///   - kind: The kind of curve.
    ///   - geometry: Whether the geometry must count, or must not; nil chooses.
    /// - Complexity: O(n log n) for n pairs.
    public init(_ queries: [Query], by kind: ScoreCalibration.Kind, geometry: Bool?) {
        let positives = queries.reduce(0) { $0 + $1.isSame.count(where: \.self) }
        guard positives >= Self.fewestPositives else {
            let found = NumberText.counted(positives, "pair", "pairs")
            self.init(
                absence: "\(found) of one animal in different encounters include a validation photograph, and "
                    + "\(Self.fewestPositives) are needed")
            return
        }
        func curve(_ scores: (Query) -> [Double]) -> ScoreCalibration? {
            ScoreCalibration(kind, queries.flatMap { zip(scores($0), $0.isSame).map { (score: $0, isPositive: $1) } })
        }
        var network: [Embeddings: ScoreCalibration] = [:]
        for embeddings in Embeddings.allCases where queries.allSatisfy({ $0.cosines[embeddings] != nil }) {
            network[embeddings] = curve { $0.cosines[embeddings] ?? [] }
        }
        var local: [Part: ScoreCalibration] = [:]
        for part in [Part.marks, .geometry] { local[part] = curve { $0.local.map { $0.value(of: part) } } }
        let known = Set(local.keys).union(network[.plain] == nil ? [] : [.network])
        let fitted = Fusion(
            choices: [], parts: [], localParts: [], queries: queries.count { $0.isSame.contains(true) },
            pairs: queries.reduce(0) { $0 + $1.isSame.count }, positives: positives, network: network, local: local)
        let tried: [[Part]] = [
            [.network, .marks, .geometry], [.network, .marks], [.network], [.marks, .geometry], [.marks],
        ]
        let choices = tried.filter { parts in
            let hasGeometry = parts.contains(.geometry)
            return known.isSuperset(of: parts)
                && (geometry == nil || geometry == hasGeometry || !parts.contains(.marks))
        }.map { fitted.choice($0, queries) }
        func best(_ choices: [Choice]) -> [Part] {
            choices.reduce(nil) { (best: Choice?, next) in
                best.map { $0.map >= next.map } == true ? best : next
            }?.parts ?? []
        }
        self.init(
            choices: choices, parts: best(choices), localParts: best(choices.filter { !$0.parts.contains(.network) }),
            queries: fitted.queries, pairs: fitted.pairs, positives: positives, network: network, local: local)
    }

    private init(
        choices: [Choice], parts: [Part], localParts: [Part], queries: Int, pairs: Int, positives: Int,
        network: [Embeddings: ScoreCalibration], local: [Part: ScoreCalibration]
    ) {
        self.choices = choices
        self.parts = parts
        self.localParts = localParts
        self.queries = queries
        self.pairs = pairs
        self.positives = positives
        absence = nil
        self.network = network
        self.local = local
    }

    /// The score by which some parts together rank a pair, in `0...1`: the mean of their probabilities, and a
    /// thousandth of the plain score, which orders equal ones.
    public func score(_ parts: [Part], cosine: Double, of embeddings: Embeddings, local pair: LocalScore) -> Double {
        // snippet.begin joined-score
        let probabilities = parts.map { part in
            part == .network
                ? network[embeddings]?.probability(of: cosine) ?? 0
                : local[part]?.probability(of: pair.value(of: part)) ?? 0
        }
        let mean = probabilities.reduce(0, +) / Double(max(1, parts.count))
        let marks = pair.value(of: .marks)
        let plain = parts.contains(.network) ? (1 + cosine) / 2 : marks / (1 + marks)
        return (1 - Self.tieBreak) * mean + Self.tieBreak * plain
        // snippet.end
    }

    private func choice(_ parts: [Part], _ queries: [Query]) -> Choice {
        var (count, precision, first) = (0, 0.0, 0)
        for query in queries {
            let relevant = query.isSame.count(where: \.self)
            guard relevant > 0 else { continue }
            let cosines = query.cosines[.plain] ?? []
            let rows = query.isSame.indices.map { place in
                AveragePrecision.Row(
                    score: score(
                        parts, cosine: cosines.isEmpty ? 0 : cosines[place], of: .plain, local: query.local[place]),
                    isRelevant: query.isSame[place])
            }.max(count: AveragePrecision.limit) { $0.score < $1.score }
            count += 1
            precision += AveragePrecision.official(rows, relevant: relevant)
            if rows.last?.isRelevant == true { first += 1 }
        }
        return Choice(
            parts: parts, map: precision / Double(max(1, count)), top1: Double(first) / Double(max(1, count)))
    }
}

/// How well the marks of a query and a database photograph match.
public struct LocalScore: Sendable, Equatable {
    /// The score of LNBNN, at least 0.
    public let marks: Float
    /// The matches that one affine map explains, less the three that any map explains; 0 if that was not checked.
    public let geometry: Float

    /// Joins both scores.
    public init(marks: Float, geometry: Float) {
        self.marks = marks
        self.geometry = geometry
    }

    /// No matches.
    public static let none = LocalScore(marks: 0, geometry: 0)

    /// The form in which a score is calibrated: log(1 + 10 s) for LNBNN, in which small scores differ more.
    public func value(of part: Fusion.Part) -> Double {
        switch part {
        case .network: 0
        case .marks: log1p(10 * Double(marks))
        case .geometry: Double(geometry)
        }
    }
}
