import Basics
import Catalog
import Evaluation

/// The scores of every pair of a query and a database photograph by their matched marks: `scores.npy`.
///
/// A row for each pair, by scenario, query and database photograph, in the order of `scenarios.json`; the columns are
/// those of ``LocalScore``.
public struct LocalScores: Sendable {
    /// The columns: LNBNN, and the matches that one map explains.
    public static let columns = 2

    private let matrix: NPYMatrix
    /// The first row of each scenario, by its name, and its database photographs.
    private let places: [String: (start: Int, database: Int)]

    /// Reads the scores of scenarios.
    ///
    /// - Throws: ``FileError`` if `matrix`, read from `path`, is not of these scenarios.
    public init(_ matrix: NPYMatrix, of scenarios: [Scenario], path: String) throws(FileError) {
        var places: [String: (start: Int, database: Int)] = [:]
        var start = 0
        for scenario in scenarios {
            places[scenario.id] = (start, scenario.database.count)
            start += scenario.queries.count * scenario.database.count
        }
        guard matrix.columns == Self.columns, matrix.rows == start else {
            throw .malformed(
                path: path, line: nil,
                problem: "it has \(matrix.rows) x \(matrix.columns) numbers instead of \(start) x \(Self.columns)",
                remedy: StageName.match.remedy)
        }
        self.matrix = matrix
        self.places = places
    }

    /// The scores of a scenario's query, by its position from 0, with every database photograph.
    public func row(_ scenario: Scenario, _ query: Int) -> [LocalScore] {
        guard let place = places[scenario.id] else { return scenario.database.map { _ in .none } }
        let first = (place.start + query * place.database) * Self.columns
        return matrix.values.withUnsafeBufferPointer { values in
            stride(from: first, to: first + place.database * Self.columns, by: Self.columns).map {
                LocalScore(marks: values[$0], geometry: values[$0 + 1])
            }
        }
    }
}

extension NPYMatrix {
    /// The matrix of ``LocalScores`` with these numbers, row by row.
    public init(localScores values: [Float]) {
        self.init(rows: values.count / LocalScores.columns, columns: LocalScores.columns, values: values)
    }
}
