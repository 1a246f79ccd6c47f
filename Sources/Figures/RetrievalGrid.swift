import Basics
import Drawing

/// A query with the photographs that were returned for it.
public struct RetrievalRow: Sendable, Equatable {
    public let query: PhotographTile
    /// By rank, the best first.
    public let answers: [PhotographTile]
    /// Right photographs that did not come, the nearest first; they stand apart at the row's end.
    public let missed: [PhotographTile]
    /// What is to be said of the row; empty for nothing.
    public let note: String

    /// Creates a row.
    public init(query: PhotographTile, answers: [PhotographTile], missed: [PhotographTile] = [], note: String) {
        self.query = query
        self.answers = answers
        self.missed = missed
        self.note = note
    }

    var data: JSONValue {
        [
            "query": query.data, "answers": .array(answers.map(\.data)), "missed": .array(missed.map(\.data)),
            "note": .string(note),
        ]
    }

    /// The rank of the first answer that is right.
    var firstRightRank: Int? { answers.firstIndex { $0.mark == .right }.map { $0 + 1 } }
}

/// Queries, each in a row with its answers by rank.
public struct RetrievalGrid: Figure {
    public let rows: [RetrievalRow]

    /// Creates a grid.
    public init(rows: [RetrievalRow]) { self.rows = rows }

    public var data: JSONValue { ["kind": "retrieval", "rows": .array(rows.map(\.data))] }

    public var alternativeText: String {
        guard !rows.isEmpty else { return "No queries." }
        let answers = rows.flatMap(\.answers)
        let right = answers.count { $0.mark == .right }
        let most = rows.map(\.answers.count).max() ?? 0
        let queries = Self.counted(rows.count, "query", "queries")
        guard most > 0 else { return "\(queries) without answers." }
        return
            "\(queries) with \(rows.count == 1 ? "its" : "their") first \(most == 1 ? "answer" : "\(most) answers"): "
            + "\(right) of \(answers.count) \(right == 1 ? "is" : "are") right. First right answer: "
            + firstRanks.joined(separator: ", ") + "."
    }

    /// How many rows have their first right answer at which rank; ranks after the third such in one.
    private var firstRanks: [String] {
        let counts = Dictionary(grouping: rows.compactMap(\.firstRightRank)) { $0 }.mapValues(\.count)
        let ranks = counts.keys.sorted()
        var parts = ranks.prefix(3).map { "rank \($0) for \(Self.counted(counts[$0] ?? 0, "query", "queries"))" }
        let later = ranks.dropFirst(3).reduce(0) { $0 + (counts[$1] ?? 0) }
        if later > 0 { parts.append("a later rank for \(later)") }
        let none = rows.count { $0.firstRightRank == nil }
        if none > 0 { parts.append("none for \(Self.counted(none, "query", "queries"))") }
        return parts
    }

    private static func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }
}
