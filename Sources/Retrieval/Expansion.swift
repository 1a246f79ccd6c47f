import Basics
import Foundation

/// One step that moves queries or database towards their neighbours before the search.
///
/// Its text is `kind:neighbours:alpha`, such as `alpha-qe:3:3`, or `average-qe:3`.
public struct ExpansionStep: Sendable, Equatable, CustomStringConvertible {
    /// What a step moves, and how it weights neighbours.
    public enum Kind: String, Sendable, CaseIterable {
        /// Queries; neighbours are weighted by a power of their similarity (Radenovic, Tolias, Chum, TPAMI 2018).
        case alphaQE = "alpha-qe"
        /// Queries; all neighbours have the same weight (Chum et al., ICCV 2007).
        case averageQE = "average-qe"
        /// Every database row (Turcot, Lowe, ICCV Workshops 2009; Gordo et al., IJCV 2017).
        case databaseAugmentation = "database-augmentation"
    }

    /// The kind of step.
    public let kind: Kind
    /// The number of database rows to add, in ``counts``.
    public let neighbours: Int
    /// The exponent of the similarity, at least 0, dimensionless; 0 weights all equally, as in average query expansion.
    public let alpha: Double

    /// The range of neighbours and other counts of rows.
    static let counts = 1...1_000_000
    /// The range of ``alpha``.
    static let exponents = 0...1e9

    static let forms = "alpha-qe:NEIGHBOURS:ALPHA, average-qe:NEIGHBOURS or database-augmentation:NEIGHBOURS:ALPHA"

    /// Creates a step; average query expansion ignores `alpha`.
    ///
    /// - Throws: ``RetrievalError/badStep(text:problem:)`` for numbers out of range.
    public init(kind: Kind, neighbours: Int, alpha: Double = 0) throws {
        self.kind = kind
        self.neighbours = neighbours
        self.alpha = kind == .averageQE ? 0 : alpha
        guard Self.counts.contains(neighbours) else {
            throw RetrievalError.badStep(
                text: description, problem: "needs a number of neighbours \(Self.counts.words), not \(neighbours)")
        }
        guard Self.exponents.contains(alpha) else {
            throw RetrievalError.badStep(
                text: description, problem: "needs an exponent \(Self.exponents.words), not \(alpha)")
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
        guard let neighbours = Int(parts[1]) else {
            throw bad("has \(quoted: parts[1]) neighbours, which is not a whole number")
        }
        guard let alpha = expected == 2 ? 0 : Double(parts[2]) else {
            throw bad("has the exponent \(quoted: parts[2]), which is not a number")
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
    /// The number as in a step's text: without a fraction if it is whole.
    var shortest: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}

extension RetrievalSet {
    /// Applies expansion steps in order, each to the result of the one before.
    ///
    /// Only the database expands queries: neither another query nor its own photograph moves a query.
    ///
    /// - Complexity: O(Q·D·C) for a step on queries, O(D²·C) for one on the database; O(block·D) memory.
    public func applying(_ steps: [ExpansionStep]) throws -> RetrievalSet {
        try steps.reduce(self) { set, step in
            switch step.kind {
            case .alphaQE, .averageQE:
                try set.expandingQueries(neighbours: step.neighbours, alpha: step.alpha)
            case .databaseAugmentation:
                try set.augmentingDatabase(neighbours: step.neighbours, alpha: step.alpha)
            }
        }
    }

    /// Replaces each query by a weighted sum of itself and its nearest database rows: `unit(q + Σ max(s, 0)^α x)`.
    ///
    /// - Parameters:
    ///   - neighbours: The number of database rows to add, at least 1; all rows if the database is smaller.
    ///   - alpha: The exponent of the similarity, at least 0, dimensionless; 0 weights all equally (average expansion).
    /// - Returns: The new queries, of unit length, with the same database.
    /// - Throws: ``RetrievalError/countOutOfRange(count:)`` for less than 1 neighbour,
    ///   ``RetrievalError/noOpenBLAS(reason:)``, `ThreadCount.SettingError`.
    /// - Complexity: O(Q·D·C) time, O(block·D) memory.
    ///
    /// Source: Radenovic, Tolias, Chum, TPAMI 2018 (alpha-QE); Chum et al., ICCV 2007 (average).
    public func expandingQueries(neighbours: Int, alpha: Double) throws -> RetrievalSet {
        let nearest = try self.neighbours(count: neighbours)
        return try RetrievalSet(
            queries: queries.blended(with: nearest, of: database, alpha: alpha), database: database, ownRows: ownRows)
    }

    /// Replaces each database row by a weighted sum of itself and its nearest other rows, as
    /// ``expandingQueries(neighbours:alpha:)`` does for queries.
    ///
    /// The result depends on the database alone, not on the queries.
    ///
    /// - Complexity: O(D²·C) time, O(block·D) memory.
    ///
    /// Source: Turcot, Lowe, ICCV Workshops 2009; Gordo et al., IJCV 2017.
    public func augmentingDatabase(neighbours: Int, alpha: Double) throws -> RetrievalSet {
        let itself = try RetrievalSet(queries: database, database: database, ownRows: Array(0..<database.rows))
        let augmented = try itself.expandingQueries(neighbours: neighbours, alpha: alpha).queries
        return try RetrievalSet(queries: queries, database: augmented, ownRows: ownRows)
    }
}

extension EmbeddingMatrix {
    /// `unit(row + Σ max(s, 0)^α x)` over the neighbours x of each row, summed in double precision.
    fileprivate func blended(
        with neighbours: [[Neighbour]], of database: EmbeddingMatrix, alpha: Double
    ) -> EmbeddingMatrix {
        var blended: [Float] = []
        blended.reserveCapacity(values.count)
        var sum = [Double](repeating: 0, count: columns)
        database.values.withUnsafeBufferPointer { database in
            for row in 0..<rows {
                // snippet.begin query-extension
                for (column, value) in self[row: row].enumerated() { sum[column] = Double(value) }
                for neighbour in neighbours[row] {
                    let weight = pow(Double(max(neighbour.score, 0)), alpha)
                    let start = neighbour.row * columns
                    for column in 0..<columns { sum[column] += weight * Double(database[start + column]) }
                }
                // snippet.end
                let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
                blended += sum.lazy.map { Float(length > 0 ? $0 / length : 0) }
            }
        }
        return EmbeddingMatrix(unchecked: FloatValues(blended), rows: rows, columns: columns)
    }
}
