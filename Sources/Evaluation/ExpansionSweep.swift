import Basics
import Foundation

/// What alpha query extension comes to over its neighbours and alpha: `sweep.csv`.
///
/// It is measured on the validation's photographs, so that whoever takes the best of it has not chosen on the test.
public struct ExpansionSweep: Sendable, Equatable {
    /// One choice with its outcome.
    public struct Row: Sendable, Equatable {
        /// Rows taken from the database; 0 for no query extension.
        public let neighbours: Int
        /// Exponent of the similarity.
        public let alpha: Double
        /// mAP@20.
        public let map: Double

        /// Creates a row.
        public init(neighbours: Int, alpha: Double, map: Double) {
            self.neighbours = neighbours
            self.alpha = alpha
            self.map = map
        }
    }

    /// Without query extension first, then by neighbours and alpha; empty where no validation query has an answer.
    public let rows: [Row]
    /// The queries with a right answer, which each mean is over.
    public let queries: Int

    /// Collects rows.
    public init(rows: [Row], queries: Int) {
        self.rows = rows
        self.queries = queries
    }

    /// What no query extension comes to.
    public var baseline: Row? { rows.first { $0.neighbours == 0 } }

    /// The best choice; among equals the first, so that none beats what it does not surpass.
    public var best: Row? { rows.max { ($0.map, $1.neighbours, $1.alpha) < ($1.map, $0.neighbours, $0.alpha) } }

    private static let header = ["neighbours", "alpha", "map", "queries"]

    /// Reads `sweep.csv`.
    ///
    /// - Throws: ``FileError``.
    public static func read(_ url: URL) throws -> ExpansionSweep {
        let table = try CSVTable.read(url)
        let column = try header.map(table.column)
        var queries = 0
        let rows = try table.rows.enumerated().map { position, cells in
            guard let neighbours = Int(cells[column[0]]), neighbours >= 0,
                let alpha = Double(cells[column[1]], within: 0...1e100),
                let map = Double(cells[column[2]], within: 0...1), let count = Int(cells[column[3]])
            else {
                throw FileError.malformed(
                    path: table.path, line: table.line(ofRow: position),
                    problem: "a cell is no number, or none of its column", remedy: "Run 'whalebook run sweep' again.")
            }
            queries = count
            return Row(neighbours: neighbours, alpha: alpha, map: map)
        }
        return ExpansionSweep(rows: rows, queries: queries)
    }

    /// Writes `sweep.csv`.
    public func write(to url: URL) throws {
        let cells = rows.map { [String($0.neighbours), "\($0.alpha)", "\($0.map)", String(queries)] }
        try AtomicFile.write(CSVTable.text(header: Self.header, rows: cells), to: url)
    }

    /// The best choice beside none at all, as in `sweep.json`.
    public var json: JSONValue {
        func told(_ row: Row?) -> JSONValue {
            guard let row else { return .null }
            return [
                "neighbours": .number(Double(row.neighbours)), "alpha": .number(row.alpha), "map": .number(row.map),
            ]
        }
        return [
            "queries": .number(Double(queries)), "choices": .number(Double(max(0, rows.count - 1))),
            "baseline": told(baseline), "best": told(best),
        ]
    }
}
