import Basics

/// One step that moves queries or database towards their neighbours before the search.
///
/// Its text is `kind:neighbours:alpha`, such as `alpha-qe:3:3`, or `average-qe:3`.
public struct ExpansionStep: Sendable, Equatable, CustomStringConvertible {
    /// What a step moves, and how it weighs.
    public enum Kind: String, Sendable, CaseIterable {
        /// Queries, neighbours weighed by a power of their similarity (Radenovic, Tolias, Chum, TPAMI 2018).
        case alphaQE = "alpha-qe"
        /// Queries, neighbours weighed alike (Chum et al., ICCV 2007).
        case averageQE = "average-qe"
        /// Every database row (Turcot, Lowe, ICCV Workshops 2009; Gordo et al., IJCV 2017).
        case databaseAugmentation = "database-augmentation"
    }

    /// What the step moves.
    public let kind: Kind
    /// Rows taken from the database, in ``counts``.
    public let neighbours: Int
    /// Exponent of the similarity, at least 0, dimensionless; 0 weighs all alike, as average query expansion does.
    public let alpha: Double

    /// Neighbours and other counts of rows.
    static let counts = 1...1_000_000
    /// What ``alpha`` may be.
    static let exponents = 0...1e9

    static let forms = "alpha-qe:NEIGHBOURS:ALPHA, average-qe:NEIGHBOURS or database-augmentation:NEIGHBOURS:ALPHA"

    /// Creates a step; `alpha` does not matter to average query expansion.
    ///
    /// - Throws: ``RetrievalError/badStep(text:problem:)`` for numbers out of range.
    public init(kind: Kind, neighbours: Int, alpha: Double = 0) throws {
        self.kind = kind
        self.neighbours = neighbours
        self.alpha = kind == .averageQE ? 0 : alpha
        guard Self.counts.contains(neighbours) else {
            throw RetrievalError.badStep(
                text: description, problem: "takes \(neighbours) neighbours, not \(Self.counts.words)")
        }
        guard Self.exponents.contains(alpha) else {
            throw RetrievalError.badStep(
                text: description, problem: "has the exponent \(alpha), not one \(Self.exponents.words)")
        }
    }

    /// Parses the step's text.
    ///
    /// - Throws: ``RetrievalError/badStep(text:problem:)``; for an unknown kind with the nearest known one.
    public init(parsing text: String) throws {
        func bad(_ problem: String) -> RetrievalError { .badStep(text: text, problem: problem) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let kind = Kind(rawValue: parts[0]) else {
            let near = Spelling.nearest(to: parts[0], among: Kind.allCases.map(\.rawValue))
            throw bad("has an unknown kind" + (near.map { " (did you mean \(quoted: $0)?)" } ?? ""))
        }
        let expected = kind == .averageQE ? 2 : 3
        guard parts.count == expected else { throw bad("has \(parts.count) parts, not \(expected)") }
        guard let neighbours = Int(parts[1]) else { throw bad("takes \(quoted: parts[1]) neighbours, no whole number") }
        guard let alpha = expected == 2 ? 0 : Double(parts[2]) else {
            throw bad("has the exponent \(quoted: parts[2]), no number")
        }
        do {
            try self.init(kind: kind, neighbours: neighbours, alpha: alpha)
        } catch RetrievalError.badStep(_, let problem) {
            throw bad(problem)
        }
    }

    public var description: String {
        "\(kind.rawValue):\(neighbours)" + (kind == .averageQE ? "" : ":\(alpha.shortest)")
    }
}

extension ClosedRange where Bound: CustomStringConvertible {
    /// Such as `from 1 to 20`.
    var words: String { "from \(lowerBound) to \(upperBound)" }
}

extension Double {
    /// The number as one would write it in a step's text: without a fraction where it has none.
    var shortest: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
