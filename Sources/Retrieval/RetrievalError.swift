import Basics

/// An error of embeddings, a search or an expansion step.
public enum RetrievalError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The number of values does not fit the matrix's shape.
    case shapeMismatch(rows: Int, columns: Int, values: Int)
    /// A requested row that the matrix does not have.
    case rowOutOfRange(row: Int, rows: Int)
    /// A row holds NaN or infinity.
    case notFinite(matrix: String, row: Int)
    /// A row is longer than a unit vector, so inner products are not cosines.
    case notUnitLength(matrix: String, row: Int, length: Double)
    /// Queries and database have vectors of different widths.
    case widthMismatch(queries: Int, database: Int)
    /// The list of own rows does not have one entry for each query.
    case ownRowsMismatch(queries: Int, ownRows: Int)
    /// Fewer than one neighbour was requested.
    case countOutOfRange(count: Int)
    /// The members of an ensemble do not describe the same photographs.
    case memberMismatch(member: Int, rows: Int, expected: Int)
    /// An ensemble's weights are negative, not finite or all 0.
    case badWeights([Double])
    /// OpenBLAS cannot be loaded, or has no memory to work in.
    case noOpenBLAS(reason: String)
    /// An expansion step cannot be understood, or its numbers are out of range.
    case badStep(text: String, problem: String)
    /// A re-ranking cannot be understood, or its numbers are out of range.
    case badReRanking(text: String, problem: String)

    public var description: String {
        switch self {
        case .shapeMismatch(let rows, let columns, let values):
            "A \(rows) x \(columns) matrix needs \(rows * columns) values but \(values) were given. "
                + "Give one value for each row and column."
        case .rowOutOfRange(let row, let rows):
            "Row \(row) was requested but the matrix has \(rows) rows. Choose rows from 0 to \(rows - 1)."
        case .notFinite(let matrix, let row):
            "Row \(row) of the \(matrix) holds NaN or infinity. Make the embeddings again; "
                + "if they come from half precision, use float32 or bfloat16."
        case .notUnitLength(let matrix, let row, let length):
            "Row \(row) of the \(matrix) has length \(length) but a cosine needs rows of length 1. "
                + "Normalise the embeddings first."
        case .widthMismatch(let queries, let database):
            "Queries have \(queries) columns but the database has \(database). Embed both with the same model."
        case .ownRowsMismatch(let queries, let ownRows):
            "There are \(queries) queries but \(ownRows) entries for their own database rows. "
                + "Give one entry for each query, nil if the database does not have its photograph."
        case .countOutOfRange(let count):
            "\(count) neighbours were requested. Request at least 1."
        case .memberMismatch(let member, let rows, let expected):
            "Member \(member) of the ensemble has \(rows) rows but the first has \(expected). "
                + "Embed the same photographs with every member."
        case .badWeights(let weights):
            "The ensemble's weights \(weights) cannot be used. "
                + "Give each member a weight of at least 0, one of them above 0."
        case .noOpenBLAS(let reason):
            "Cannot use OpenBLAS, which multiplies matrices in a search: \(reason). If it is missing, "
                + "install libopenblas0-openmp. If memory is missing, free some, raise the limit (ulimit -v), or set "
                + "WHALEBOOK_THREADS=1."
        case .badStep(let text, let problem):
            "The expansion step \(quoted: text) \(problem). Write it as \(ExpansionStep.forms)."
        case .badReRanking(let text, let problem):
            "The re-ranking \(quoted: text) \(problem). Write it as \(ReRanking.forms)."
        }
    }
}
