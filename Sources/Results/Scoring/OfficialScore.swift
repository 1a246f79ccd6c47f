import Basics
import Evaluation

/// The competition's score of a submission.
public struct OfficialScore: Sendable, Equatable {
    /// By query, for the queries that both submission and labels have.
    public let averagePrecision: [String: Double]

    /// The mean over those queries, 0 where there is none.
    public var meanAveragePrecision: Double {
        let values = averagePrecision.sorted { $0.key < $1.key }.map(\.value)
        return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// Scores a submission as the official script does: it drops queries that are left out, ignores those that the
    /// labels do not have, and counts repeated and surplus rows.
    ///
    /// - Parameters:
    ///   - strict: Refuses all of that instead, and with `questions` a query's own photograph among its answers.
    ///   - questions: The photograph of each query, where it is known; see ``StrictScoring``.
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

/// What the official rule lets through and a submission should not have: every finding, each with its line.
public struct StrictScoring: Sendable, Equatable {
    public let problems: ProblemList

    /// Checks a submission against the labels and, where they are known, the questions.
    ///
    /// - Parameter questions: The photograph of each query, by query_id; with none, a query's own photograph among its
    ///   answers goes unseen, and a query without a right answer counts as unknown.
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
            // A strange query is told once, however many answers it has.
            if !known.contains(query), strangers.insert(query).inserted {
                // All names are looked through for those that are told.
                let near = problems.isFull ? nil : Spelling.nearest(to: query, among: names)
                add(
                    line, "the labels have no query \(quoted: query)\(near.map { ", but \(quoted: $0)" } ?? "")",
                    "Correct the name, or take its rows out.")
            }
            if !answers[query, default: []].insert(row.imageID).inserted {
                add(line, "\(quoted: row.imageID) stands twice for query \(quoted: query)", "Keep one row.")
            }
            if questions[query] == row.imageID {
                add(
                    line, "query \(quoted: query) is answered by its own photograph \(quoted: row.imageID)",
                    "Take the row out.")
            }
            counts[query, default: 0] += 1
            if counts[query] == AveragePrecision.limit + 1 {
                add(line, "query \(quoted: query) has more than \(AveragePrecision.limit) rows", "Keep the best.")
            }
        }
        let missing = labels.answers.keys.filter { answers[$0] == nil }.sorted()
        if !missing.isEmpty {
            let has = missing.count == 1 ? "query has" : "queries have"
            add(
                nil, "\(missing.count) \(has) no answer: \(missing.listed(5))",
                "The official score drops them unseen; answer each.")
        }
        self.problems = problems
    }
}

/// Why a submission or its labels are refused.
public enum ScoringError: ErrorWithLines, Equatable, CustomStringConvertible {
    case otherColumns(path: String, found: [String], expected: [String])
    case badScore(path: String, line: Int, score: String)
    case noLabels(path: String)
    /// A right answer that stands twice in the labels.
    case repeated(path: String, line: Int, query: String, image: String)
    /// What only the strict score minds.
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
            "\(path):\(line): the score \(quoted: score) is not within 0…1. Scale the scores; their order is what counts."
        case .noLabels(let path):
            "\(path): there is no row, so nothing can be scored. Give each query its right answers."
        case .repeated(let path, let line, let query, let image):
            "\(path):\(line): \(quoted: image) stands twice for query \(quoted: query). Keep one row."
        case .refused(let problems): problems.description
        }
    }
}
