import Basics

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
    /// - Parameter strict: Refuses all of that instead.
    /// - Throws: ``ScoringError``, when strict.
    public init(_ submission: Submission, labels: Labels, strict: Bool = false) throws {
        if strict { try submission.requireWhole(for: labels) }
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

extension Submission {
    /// Checks what the official rule lets through.
    fileprivate func requireWhole(for labels: Labels) throws {
        var seen: [String: Set<String>] = [:]
        for (row, line) in zip(rows, lines) {
            guard labels.answers[row.queryID] != nil else {
                let near = Spelling.nearest(to: row.queryID, among: labels.answers.keys.sorted())
                throw ScoringError.unknownQuery(path: path, line: line, query: row.queryID, nearest: near)
            }
            guard seen[row.queryID, default: []].insert(row.imageID).inserted else {
                throw ScoringError.repeated(path: path, line: line, query: row.queryID, image: row.imageID)
            }
            guard seen[row.queryID, default: []].count <= AveragePrecision.limit else {
                throw ScoringError.tooManyRows(path: path, line: line, query: row.queryID)
            }
        }
        let missing = labels.answers.keys.filter { seen[$0] == nil }.sorted()
        if !missing.isEmpty { throw ScoringError.missingQueries(path: path, queries: missing) }
    }
}
