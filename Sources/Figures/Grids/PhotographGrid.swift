import Algorithms
import Basics
import Drawing

/// Photographs in rows; the figure is narrower if there is less than one full row.
public struct PhotographGrid: Figure {
    public let tiles: [PhotographTile]
    /// The number of consecutive tiles that form a group, set apart from the others.
    public let together: Int
    private let columns: Int
    let shape: TileShape

    /// Creates a grid. Two long photographs, or four others, fill the width of a page, and four of any shape if it is
    /// dense; groups are not broken.
    public init(tiles: [PhotographTile], together: Int = 1, isDense: Bool = false) {
        self.tiles = tiles
        self.together = together
        let aspect = tiles.aspect
        let most = TileShape.isLong(aspect) && !isDense ? 2 : 4
        columns = together > most ? together : most / together * together
        let gaps = together > 1 ? columns / together - 1 : 0
        let room =
            TileShape.page - 2 * Self.margin - Double(columns - 1) * PhotographTile.gap - Double(gaps) * Self.groupGap
        shape = TileShape(width: room / Double(columns), aspect: aspect)
    }

    private static let margin = 12.0
    private static let rowGap = 12.0
    private static let groupGap = 22.0

    public var size: Size {
        guard !tiles.isEmpty else { return Size(200, 40) }
        let last = min(tiles.count, columns) - 1
        return Size(
            2 * Self.margin + left(of: last) + shape.width,
            2 * Self.margin + rows.map(height).reduce(0, +) + Double(rows.count - 1) * Self.rowGap)
    }

    /// The distance of a column from the first.
    private func left(of column: Int) -> Double {
        let gaps = together > 1 ? column / together : 0
        return Double(column) * (shape.width + PhotographTile.gap) + Double(gaps) * Self.groupGap
    }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        guard !tiles.isEmpty else {
            canvas.line(
                "no photographs to show", at: Point(Self.margin, 20), anchor: .left,
                style: TextStyle(size: 10.5, color: Palette.secondaryInk))
            return
        }
        let areLong = tiles.areLong
        var y = Self.margin
        for row in rows {
            for (column, tile) in row.enumerated() {
                tile.turned(amongLong: areLong)
                    .draw(at: Point(Self.margin + left(of: column), y), in: shape, on: canvas)
            }
            y += height(of: row) + Self.rowGap
        }
    }

    private var rows: [[PhotographTile]] { tiles.chunks(ofCount: columns).map(Array.init) }

    private func height(of row: [PhotographTile]) -> Double { shape.height + PhotographTile.captionRoom(of: row) }

    public var data: JSONValue { ["kind": "photographs", "photographs": .array(tiles.map(\.data))] }

    public var alternativeText: String {
        guard !tiles.isEmpty else { return "No photographs." }
        let names: [(mark: PhotographTile.Mark, text: String)] = [
            (.right, "with a tick"), (.late, "with a clock"), (.wrong, "with a cross"), (.next, "with three dots"),
            (.doubtful, "with a question mark"),
            (.none, "without a symbol"),
        ]
        let counts = names.compactMap { mark, text -> String? in
            let count = tiles.count { $0.mark == mark }
            return count == 0 || count == tiles.count && mark == .none ? nil : "\(count) \(text)"
        }
        // If marks do not distinguish the photographs, captions must.
        let captions =
            together > 1 || tiles.allSatisfy { $0.mark == .none }
            ? Listing.sentence(tiles.map { $0.captions.joined(separator: ", ") }.filter { !$0.isEmpty }) : ""
        let unreadable = tiles.count { $0.picture == nil }
        let symbols = counts.isEmpty ? "" : ": " + counts.joined(separator: ", ")
        return "\(tiles.count) \(tiles.count == 1 ? "photograph" : "photographs")\(symbols)."
            + (unreadable == 0 ? "" : " \(unreadable) cannot be read.") + (captions.isEmpty ? "" : " " + captions)
    }
}

/// A query with the photographs that it returned.
public struct RetrievalRow: Sendable, Equatable {
    public let query: PhotographTile
    /// By rank, the best first.
    public let answers: [PhotographTile]
    /// Correct photographs that were not returned, nearest first; set apart at the row's end.
    public let missed: [PhotographTile]
    /// The text of the row; empty for none.
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

    /// The rank of the first correct match.
    var firstRightRank: Int? { answers.firstIndex { $0.mark == .right }.map { $0 + 1 } }
}

/// Queries, each in a row with its matches by rank.
public struct RetrievalGrid: Figure {
    public let rows: [RetrievalRow]
    private let headings: (query: String, answer: String)

    /// Creates a grid. `headings` are the words above the columns; that of a match is followed by its number.
    public init(rows: [RetrievalRow], headings: (query: String, answer: String) = ("query", "rank")) {
        self.rows = rows
        self.headings = headings
    }

    public var data: JSONValue { ["kind": "retrieval", "rows": .array(rows.map(\.data))] }

    public var alternativeText: String {
        guard !rows.isEmpty else { return "No queries." }
        let answers = rows.flatMap(\.answers)
        let right = answers.count { $0.mark == .right }
        let most = rows.map(\.answers.count).max() ?? 0
        let queries = Self.counted(rows.count, "query", "queries")
        guard most > 0 else { return "\(queries) without matches." }
        return
            "\(queries) with \(rows.count == 1 ? "its" : "their") first \(most == 1 ? "match" : "\(most) matches"): "
            + "\(right) of \(answers.count) \(right == 1 ? "is" : "are") correct. First correct match: "
            + firstRanks.joined(separator: ", ") + "."
    }

    /// How many rows have their first correct match at which rank; ranks after the third are combined.
    private var firstRanks: [String] {
        let counts = Dictionary(grouping: rows.compactMap(\.firstRightRank)) { $0 }.mapValues(\.count)
        let ranks = counts.keys.sorted()
        var parts = ranks.prefix(3).map { "rank \($0) for \(Self.counted(counts[$0] ?? 0, "query", "queries"))" }
        let later = ranks.dropFirst(3).reduce(0) { $0 + (counts[$1] ?? 0) }
        if later > 0 { parts.append("a later rank for \(later)") }
        let none = rows.count { $0.firstRightRank == nil }
        if none > 0 { parts.append("not among those shown for \(Self.counted(none, "query", "queries"))") }
        return parts
    }

    private static func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }
}

extension RetrievalGrid {
    public var size: Size { get throws { try drawing.size } }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) { drawing.draw(on: canvas) }

    private static let meanings: [(mark: PhotographTile.Mark, text: String)] = [
        (.right, "correct animal"), (.wrong, "another animal"), (.next, "nearest correct photograph, further down"),
    ]

    private var drawing: AnswerRows {
        AnswerRows(
            rows.map {
                AnswerRow(query: $0.query, strands: [.init(answers: $0.answers)], missed: $0.missed, note: $0.note)
            }, heads: (0..<(rows.map(\.answers.count).max() ?? 0)).map { "\(headings.answer) \($0 + 1)" },
            queryHead: headings.query, meanings: Self.meanings)
    }
}
