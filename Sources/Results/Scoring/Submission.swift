import Basics
import Evaluation
import Foundation

/// The competition's `submission.csv`: the photographs returned for every query, with their scores.
public struct Submission: Sendable, Equatable {
    /// One photograph returned for a query.
    public struct Row: Sendable, Equatable {
        public let queryID: String
        public let imageID: String
        public let score: Double

        /// Creates a row.
        public init(queryID: String, imageID: String, score: Double) {
            self.queryID = queryID
            self.imageID = imageID
            self.score = score
        }
    }

    public let rows: [Row]
    /// The file, and each row's line in it, for messages.
    let path: String
    let lines: [Int]

    public static let columns = ["query_id", "database_image_id", "score"]

    /// Creates a submission.
    public init(rows: [Row]) {
        self.rows = rows
        path = "submission.csv"
        lines = Array(2..<rows.count + 2)
    }

    /// Reads a file.
    ///
    /// - Throws: ``FileError``, ``ScoringError`` for columns other than the official ones and for a score that is not a
    ///   number within 0…1.
    public static func read(_ url: URL) throws -> Submission {
        let table = try CSVTable.read(url)
        guard table.header == columns else {
            throw ScoringError.otherColumns(path: table.path, found: table.header, expected: columns)
        }
        let rows = try table.rows.enumerated().map { position, cells in
            guard let score = Double(cells[2]), (0...1).contains(score) else {
                throw ScoringError.badScore(path: table.path, line: table.line(ofRow: position), score: cells[2])
            }
            return Row(queryID: cells[0], imageID: cells[1], score: score)
        }
        return Submission(rows: rows, path: table.path, lines: rows.indices.map(table.line))
    }

    private init(rows: [Row], path: String, lines: [Int]) {
        self.rows = rows
        self.path = path
        self.lines = lines
    }

    /// Writes `submission.csv`.
    public func write(to url: URL) throws {
        let cells = rows.map { [$0.queryID, $0.imageID, "\($0.score)"] }
        try AtomicFile.write(CSVTable.text(header: Self.columns, rows: cells), to: url)
    }
}

extension Rankings {
    /// The rankings in the competition's form.
    public func submission(_ scores: ScoreMapping = .writeUp) -> Submission {
        Submission(
            rows: queries.flatMap { query in
                query.answers.map { .init(queryID: query.id, imageID: $0.imageID, score: scores($0.score)) }
            })
    }
}
