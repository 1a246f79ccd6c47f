import Basics
import Evaluation

/// The competition's score of a submission.
public struct OfficialScore: Sendable, Equatable {
    /// The average precision of each query that both submission and labels have.
    public let averagePrecision: [String: Double]

    /// The mean over those queries; 0 if there are none.
    public var meanAveragePrecision: Double {
        let values = averagePrecision.sorted { $0.key < $1.key }.map(\.value)
        return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// Scores a submission as the official script does: it drops queries that are missing from the submission, ignores
    /// those that are not in the labels, and counts repeated and surplus rows.
    ///
    /// With `strict`, all of these are refused instead, and with `questions`, the photograph of each query, so is a
    /// query's own photograph as a match; see ``StrictScoring``.
    ///
    /// - Throws: ``ScoringError/refused(_:)`` with every finding, when strict.
    public init(
        _ submission: Submission, labels: Labels, strict: Bool = false, questions: [String: String] = [:]
    ) throws {
        if strict {
            let problems = StrictScoring(submission, labels: labels, questions: questions).problems
            guard problems.isEmpty else { throw ScoringError.refused(problems) }
        }
        let rows = Dictionary(grouping: submission.rows, by: \.queryID)
        var result: [String: Double] = [:]
        for (query, answers) in labels.answers {
            guard let rows = rows[query] else { continue }
            result[query] = AveragePrecision.official(
                rows.map { .init(score: $0.score, isRelevant: answers.contains($0.imageID)) }, relevant: answers.count)
        }
        averagePrecision = result
    }
}

/// The mistakes in a submission that the official rule accepts, each with its line.
public struct StrictScoring: Sendable, Equatable {
    public let problems: ProblemList

    /// Checks a submission against the labels and, if they are known, the query photographs.
    ///
    /// `questions` has the photograph of each query, by query_id; if it is empty, a query's own photograph as a match
    /// is not noticed, and a query without a right match counts as unknown.
    ///
    /// - Complexity: O(rows).
    public init(_ submission: Submission, labels: Labels, questions: [String: String] = [:]) {
        var problems = ProblemList()
        func add(_ line: Int?, _ problem: String, _ remedy: String) {
            problems.add(submission.path, line: line, problem, remedy)
        }
        let known = Set(labels.answers.keys).union(questions.keys)
        let names = known.sorted()
        var answers: [String: Set<String>] = [:]
        var counts: [String: Int] = [:]
        var strangers: Set<String> = []
        for (row, line) in zip(submission.rows, submission.lines) {
            let query = row.queryID
            // An unknown query is reported once, however many rows it has.
            if !known.contains(query), strangers.insert(query).inserted {
                // Searching all names is slow, so it is done only for problems that are reported.
                let near = problems.isFull ? nil : Spelling.nearest(to: query, among: names)
                add(
                    line, "the labels have no query \(quoted: query)\(near.map { ", but \(quoted: $0)" } ?? "")",
                    "Correct the name, or remove its rows.")
            }
            if !answers[query, default: []].insert(row.imageID).inserted {
                add(line, "query \(quoted: query) has \(quoted: row.imageID) twice", "Keep one row.")
            }
            if questions[query] == row.imageID {
                add(
                    line, "query \(quoted: query) has its own photograph \(quoted: row.imageID) as a match",
                    "Remove the row.")
            }
            counts[query, default: 0] += 1
            if counts[query] == AveragePrecision.limit + 1 {
                add(
                    line, "query \(quoted: query) has more than \(AveragePrecision.limit) rows",
                    "Keep the \(AveragePrecision.limit) best.")
            }
        }
        let missing = labels.answers.keys.filter { answers[$0] == nil }.sorted()
        if !missing.isEmpty {
            let has = missing.count == 1 ? "query has" : "queries have"
            add(
                nil, "\(missing.count) \(has) no rows: \(missing.listed(5))",
                "Add rows for each: the official score silently drops these queries.")
        }
        self.problems = problems
    }
}

/// The reason that a submission or its labels are refused.
public enum ScoringError: ErrorWithLines, Equatable, CustomStringConvertible {
    case otherColumns(path: String, found: [String], expected: [String])
    case badScore(path: String, line: Int, score: String)
    case noLabels(path: String)
    /// A right match that is in the labels twice.
    case repeated(path: String, line: Int, query: String, image: String)
    /// Mistakes that only the strict score refuses.
    case refused(ProblemList)

    public var lines: [String] {
        if case .refused(let problems) = self { problems.lines } else { [description] }
    }

    public var description: String {
        switch self {
        case .otherColumns(let path, let found, let expected):
            "\(path):1: the columns are \(quoted: found.joined(separator: ",")). Name them "
                + "\(quoted: expected.joined(separator: ",")), in this order."
        case .badScore(let path, let line, let score):
            "\(path):\(line): the score \(quoted: score) is not within 0…1. Scale the scores; only their order matters."
        case .noLabels(let path):
            "\(path): there are no rows, so nothing can be scored. Add the right matches of each query."
        case .repeated(let path, let line, let query, let image):
            "\(path):\(line): query \(quoted: query) has \(quoted: image) twice. Keep one row."
        case .refused(let problems): problems.description
        }
    }
}
