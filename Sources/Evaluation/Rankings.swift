import Basics
import Foundation

/// The ranked answers to the queries of a set of scenarios: `neighbors.csv`.
public struct Rankings: Sendable, Equatable {
    /// One photograph that was returned.
    public struct Answer: Sendable, Equatable {
        public let imageID: String
        /// The cosine, expanded or not.
        public let score: Float
        /// Whether it shows the query's animal, or nil where that is not known.
        public let isRelevant: Bool?

        /// Creates an answer.
        public init(imageID: String, score: Float, isRelevant: Bool?) {
            self.imageID = imageID
            self.score = score
            self.isRelevant = isRelevant
        }
    }

    /// One query with its answers, the most similar first.
    public struct Query: Sendable, Equatable {
        public let scenario: String
        public let id: String
        public let imageID: String
        public let answers: [Answer]

        /// Creates a query.
        public init(scenario: String, id: String, imageID: String, answers: [Answer]) {
            self.scenario = scenario
            self.id = id
            self.imageID = imageID
            self.answers = answers
        }
    }

    /// In the order of scenarios and queries; a query without any answer does not survive the file.
    public let queries: [Query]

    /// Collects queries.
    public init(queries: [Query]) { self.queries = queries }

    static let header = [
        "scenario", "query_id", "query_image_id", "rank", "database_image_id", "score", "relevant",
    ]

    /// Reads `neighbors.csv`.
    ///
    /// - Throws: ``FileError``, also for a rank out of its turn and for a score that is no number.
    public static func read(_ url: URL) throws -> Rankings {
        let table = try CSVTable.read(url)
        return try Rankings(table, rows: table.rows.indices)
    }

    /// Reads some rows of a table that has the columns of `neighbors.csv`.
    init(_ table: CSVTable, rows: Range<Int>) throws {
        let column = try Self.header.map(table.column)
        var queries: [Query] = []
        var answers: [Answer] = []
        func close(_ cells: [String]) {
            queries.append(
                Query(scenario: cells[column[0]], id: cells[column[1]], imageID: cells[column[2]], answers: answers))
            answers = []
        }
        for row in rows {
            let cells = table.rows[row]
            if row > rows.lowerBound, cells[column[1]] != table.rows[row - 1][column[1]] { close(table.rows[row - 1]) }
            guard Int(cells[column[3]]) == answers.count + 1, let score = Float(cells[column[5]]), score.isFinite
            else {
                throw FileError.malformed(
                    path: table.path, line: table.line(ofRow: row),
                    problem:
                        "rank \(quoted: cells[column[3]]) is out of turn, or score \(quoted: cells[column[5]]) is no number",
                    remedy: "Run 'whalebook run search' again.")
            }
            let relevant = cells[column[6]]
            answers.append(
                Answer(
                    imageID: cells[column[4]], score: score, isRelevant: relevant.isEmpty ? nil : relevant == "1"))
        }
        if let last = rows.last { close(table.rows[last]) }
        self.init(queries: queries)
    }

    /// Writes `neighbors.csv`.
    public func write(to url: URL) throws {
        try AtomicFile.write(CSVTable.text(header: Self.header, rows: rows), to: url)
    }

    /// The rows of `neighbors.csv`.
    var rows: [[String]] {
        queries.flatMap { query in
            query.answers.enumerated().map { position, answer in
                [
                    query.scenario, query.id, query.imageID, String(position + 1), answer.imageID,
                    "\(answer.score)", answer.isRelevant.map { $0 ? "1" : "0" } ?? "",
                ]
            }
        }
    }

    /// The answers as the competition wants them.
    public func submission(_ scores: ScoreMapping = .writeUp) -> Submission {
        Submission(
            rows: queries.flatMap { query in
                query.answers.map { .init(queryID: query.id, imageID: $0.imageID, score: scores($0.score)) }
            })
    }
}
