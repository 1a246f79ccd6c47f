import Basics
import Evaluation

/// A check of a submission against its scenarios: their queries and the databases.
public struct SubmissionCheck: Sendable {
    /// One query of the submission.
    public struct Question: Sendable {
        let id: String
        let imageID: String
        let scenario: String

        /// Creates a query.
        public init(id: String, imageID: String, scenario: String) {
            self.id = id
            self.imageID = imageID
            self.scenario = scenario
        }
    }

    private let questions: [Question]
    private let databases: [String: Set<String>]

    /// Creates a check from queries and the database of each scenario.
    public init(_ questions: [Question], databases: [String: Set<String>]) {
        self.questions = questions
        self.databases = databases
    }

    /// Refuses a submission whose score could differ from the intended one. Every query must have as many photographs
    /// of its database as there are, at most 20, each once, none of them its own, with scores within 0…1.
    ///
    /// - Throws: ``SubmissionError``.
    public func callAsFunction(_ submission: Submission) throws(SubmissionError) {
        let rows = Dictionary(grouping: submission.rows, by: \.queryID)
        let known = Set(questions.map(\.id))
        if let stray = submission.rows.first(where: { !known.contains($0.queryID) }) {
            throw .unknownQuery(stray.queryID)
        }
        for question in questions {
            let own = rows[question.id] ?? []
            let database = databases[question.scenario] ?? []
            let wanted = min(AveragePrecision.limit, database.subtracting([question.imageID]).count)
            guard !own.isEmpty else { throw .unanswered(query: question.id, scenario: question.scenario) }
            guard own.count <= wanted else { throw .tooManyRows(query: question.id, rows: own.count, limit: wanted) }
            guard Set(own.map(\.imageID)).count == own.count else { throw .repeated(query: question.id) }
            for row in own {
                guard row.imageID != question.imageID else { throw .ownImage(query: question.id, image: row.imageID) }
                guard database.contains(row.imageID) else {
                    throw .foreignImage(query: question.id, image: row.imageID, scenario: question.scenario)
                }
                guard (0...1).contains(row.score) else { throw .badScore(query: question.id, score: row.score) }
            }
        }
    }
}

/// The reason that a submission does not fit its scenarios.
public enum SubmissionError: Error, Equatable, CustomStringConvertible {
    case unanswered(query: String, scenario: String)
    case unknownQuery(String)
    case tooManyRows(query: String, rows: Int, limit: Int)
    case repeated(query: String)
    case ownImage(query: String, image: String)
    case foreignImage(query: String, image: String, scenario: String)
    case badScore(query: String, score: Double)

    public var description: String {
        switch self {
        case .unanswered(let query, let scenario):
            "Query \(quoted: query) of scenario \(quoted: scenario) has no match. Give the scenario a database with a "
                + "photograph other than the query's own, or remove the query from its file."
        case .unknownQuery(let query):
            "Query \(quoted: query) is in no scenario. Remove its rows."
        case .tooManyRows(let query, let rows, let limit):
            "Query \(quoted: query) has \(rows) rows; the limit is \(limit). Set search.k to \(limit) or less."
        case .repeated(let query):
            "Query \(quoted: query) has a photograph twice. Keep one row of it."
        case .ownImage(let query, let image):
            "Query \(quoted: query) has its own photograph \(quoted: image) as a match. Remove the row."
        case .foreignImage(let query, let image, let scenario):
            "Query \(quoted: query) has the match \(quoted: image), which is not in the database of scenario "
                + "\(quoted: scenario). Remove the row."
        case .badScore(let query, let score):
            "Query \(quoted: query) has the score \(score), which is not within 0…1. Scale the scores."
        }
    }
}
