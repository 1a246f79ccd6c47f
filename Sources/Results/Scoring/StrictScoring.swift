import Basics
import Evaluation

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
