import Basics
import Drawing

/// A query with what was returned for it before and after something changed.
public struct ComparisonRow: Sendable, Equatable {
    /// What one of the two returned.
    public struct Ranking: Sendable, Equatable {
        /// By rank, the best first.
        public let answers: [PhotographTile]
        /// A measure in a few letters, such as `AP 0.25`; empty for none.
        public let measure: String

        /// Creates a ranking.
        public init(answers: [PhotographTile], measure: String) {
            self.answers = answers
            self.measure = measure
        }

        var isFirstRight: Bool { answers.first?.mark == .right }

        func strand(_ label: String) -> AnswerRow.Strand {
            AnswerRow.Strand(labels: [label] + (measure.isEmpty ? [] : [measure]), answers: answers)
        }

        var data: JSONValue { ["answers": .array(answers.map(\.data)), "measure": .string(measure)] }
    }

    public let query: PhotographTile
    public let before: Ranking
    public let after: Ranking
    /// What is to be said of the row; empty for nothing.
    public let note: String

    /// Creates a row.
    public init(query: PhotographTile, before: Ranking, after: Ranking, note: String) {
        self.query = query
        self.before = before
        self.after = after
        self.note = note
    }

    var data: JSONValue {
        ["query": query.data, "before": before.data, "after": after.data, "note": .string(note)]
    }
}

/// Queries, each with two lines of answers aligned by rank: those before and, below, those after.
public struct ComparisonGrid: Figure {
    public let rows: [ComparisonRow]

    /// Creates a grid.
    public init(rows: [ComparisonRow]) { self.rows = rows }

    public var size: Size { get throws { try drawing.size } }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) { drawing.draw(on: canvas) }

    private var drawing: AnswerRows {
        AnswerRows(
            rows.map { row in
                AnswerRow(
                    query: row.query, strands: [row.before.strand("before"), row.after.strand("after")],
                    note: row.note)
            })
    }

    public var data: JSONValue { ["kind": "comparison", "rows": .array(rows.map(\.data))] }

    public var alternativeText: String {
        guard !rows.isEmpty else { return "No queries." }
        let before = Self.counts(rows.map(\.before)), after = Self.counts(rows.map(\.after))
        return NumberText.counted(rows.count, "query", "queries")
            + ", each with what was returned before and after. First answer right: before \(before.first), after "
            + "\(after.first). Right among the answers shown: before \(before.right) of \(before.all), after "
            + "\(after.right) of \(after.all)."
    }

    private static func counts(_ rankings: [ComparisonRow.Ranking]) -> (first: Int, right: Int, all: Int) {
        let answers = rankings.flatMap(\.answers)
        return (rankings.count(where: \.isFirstRight), answers.count { $0.mark == .right }, answers.count)
    }
}
