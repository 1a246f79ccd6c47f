import Algorithms
import Basics
import Drawing

/// A query with the photographs returned before and after a change.
public struct ComparisonRow: Sendable, Equatable {
    public let query: PhotographTile
    /// By rank, the best first.
    public let before: [PhotographTile]
    public let after: [PhotographTile]
    /// The nearest correct photograph, if neither ranking shows it.
    public let missed: PhotographTile?
    /// Photographs of wrong animals that show the side that the query shows.
    public let sameSide: [PhotographTile]
    /// The text of the row; empty for none.
    public let note: String

    /// Creates a row.
    public init(
        query: PhotographTile, before: [PhotographTile], after: [PhotographTile], missed: PhotographTile? = nil,
        sameSide: [PhotographTile] = [], note: String
    ) {
        self.query = query
        self.before = before
        self.after = after
        self.missed = missed
        self.sameSide = sameSide
        self.note = note
    }

    var data: JSONValue {
        func tiles(_ tiles: [PhotographTile]) -> JSONValue { .array(tiles.map(\.data)) }
        return [
            "query": query.data, "before": tiles(before), "after": tiles(after), "missed": missed?.data ?? .null,
            "same_side": tiles(sameSide), "note": .string(note),
        ]
    }

    fileprivate var tiles: [PhotographTile] { [query] + before + after + [missed].compactMap(\.self) + sameSide }
}

/// Queries, each with its matches before and after, all of one size.
public struct ComparisonGrid: Figure {
    public let rows: [ComparisonRow]

    /// Creates a grid.
    public init(rows: [ComparisonRow]) { self.rows = rows }

    public var size: Size { get throws { try ComparisonLayout(rows).size } }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) { ComparisonLayout(rows).draw(on: canvas) }

    public var data: JSONValue { ["kind": "comparison", "rows": .array(rows.map(\.data))] }

    public var alternativeText: String {
        guard !rows.isEmpty else { return "No queries." }
        let before = Self.counts(rows.map(\.before)), after = Self.counts(rows.map(\.after))
        return NumberText.counted(rows.count, "query", "queries")
            + ", each with its matches before and after. First match correct: before \(before.first), after "
            + "\(after.first). Correct matches shown: before \(before.right) of \(before.all), after "
            + "\(after.right) of \(after.all)."
    }

    private static func counts(_ rankings: [[PhotographTile]]) -> (first: Int, right: Int, all: Int) {
        let answers = rankings.joined()
        return (rankings.count { $0.first?.mark == .right }, answers.count { $0.mark == .right }, answers.count)
    }
}

/// The drawing of a ``ComparisonGrid``: below its note, the query at the left and both rankings at the right. Those of long
/// photographs are one below the other, others side by side. The missed photograph and those from the query's side are in
/// lines below, but the first is under the query if there is room beside the matches.
private struct ComparisonLayout {
    private static let margin = 10.0
    private static let rowGap = 26.0
    private static let headHeight = 17.0
    private static let panelPadding = 6.0
    private static let gap = 10.0
    /// The matches of a ranking in a line.
    private static let together = 2

    /// A photograph with its words, in a column of matches.
    private struct Cell {
        let column: Int
        let head: String
        /// Nil for words alone.
        let tile: PhotographTile?
    }

    private let rows: [ComparisonRow]
    private let areLong: Bool
    /// The columns of matches.
    private let columns: Int
    private let shape: TileShape

    init(_ rows: [ComparisonRow]) {
        let tiles = rows.flatMap(\.tiles)
        self.rows = rows
        areLong = tiles.areLong
        columns = areLong ? Self.together : 2 * Self.together
        let room =
            TileShape.page - 2 * Self.margin - 2 * Self.panelPadding - Self.gap
            - Double(columns - 1) * PhotographTile.gap
        shape = TileShape(width: room / Double(columns + 1), aspect: tiles.aspect)
    }

    /// Throws `DrawingError`: the notes determine the height and are measured on a scratch canvas.
    var size: Size {
        get throws {
            guard !rows.isEmpty else { return Size(TileShape.page, 40) }
            var height = 2 * Self.margin + Double(rows.count - 1) * Self.rowGap
            _ = try Canvas.raster(width: 1, height: 1) { canvas in
                height += rows.map { noteHeight(of: $0, on: canvas) + picturesHeight(of: $0) }.reduce(0, +)
            }
            return Size(TileShape.page, height)
        }
    }

    func draw(on canvas: Canvas) {
        guard !rows.isEmpty else {
            canvas.line(
                "no queries to show", at: Point(Self.margin, 20), anchor: .left, style: Self.noteStyle(width: nil))
            return
        }
        var y = Self.margin
        for (place, row) in rows.enumerated() {
            if place > 0 {
                let rule = y - Self.rowGap / 2
                canvas.stroke(
                    .polyline([Point(Self.margin, rule), Point(TileShape.page - Self.margin, rule)]), Palette.grid,
                    width: 1)
            }
            if !row.note.isEmpty {
                canvas.text(
                    row.note.onOneLine, at: Point(Self.margin, y), style: Self.noteStyle(width: Self.noteWidth))
            }
            y += noteHeight(of: row, on: canvas)
            drawQuery(of: row, y: y, on: canvas)
            var lineY = y + Self.panelPadding
            for line in lines(of: row) {
                draw(line, y: lineY, on: canvas)
                lineY += height(of: line) + Self.gap
            }
            lineY = y + matchesHeight(of: row) + Self.gap
            for line in moreLines(of: row) {
                draw(line, y: lineY, on: canvas)
                lineY += height(of: line) + Self.gap
            }
            y += picturesHeight(of: row) + Self.rowGap
        }
    }

    // MARK: Places

    private var panelWidth: Double { shape.width + 2 * Self.panelPadding }
    private var queryX: Double { Self.margin + Self.panelPadding }
    /// The column of the query, left of those of the matches.
    private static let queryColumn = -1
    private static var noteWidth: Double { TileShape.page - 2 * margin }

    /// The left side of a column of matches.
    private func x(_ column: Int) -> Double {
        column == Self.queryColumn
            ? queryX : Self.margin + panelWidth + Self.gap + Double(column) * (shape.width + PhotographTile.gap)
    }

    // MARK: Heights

    private func noteHeight(of row: ComparisonRow, on canvas: Canvas) -> Double {
        guard !row.note.isEmpty else { return 0 }
        let size = canvas.size(of: row.note.onOneLine, style: Self.noteStyle(width: Self.noteWidth))
        return size.height.rounded(.up) + Self.gap
    }

    private func height(of tiles: [PhotographTile]) -> Double {
        Self.headHeight + shape.height + PhotographTile.captionRoom(of: tiles)
    }

    private func height(of line: [Cell]) -> Double {
        let tiles = line.compactMap(\.tile)
        return tiles.isEmpty ? Self.headHeight : height(of: tiles)
    }

    private func panelHeight(of row: ComparisonRow) -> Double { height(of: [row.query]) + 2 * Self.panelPadding }

    /// The height of the query, of the photograph under it and of the matches.
    private func matchesHeight(of row: ComparisonRow) -> Double {
        let lines = lines(of: row).map(height)
        let left = panelHeight(of: row) + (underQuery(of: row).map { Self.gap + height(of: [$0.tile]) } ?? 0)
        return max(left, Self.panelPadding + lines.reduce(0, +) + Double(max(lines.count - 1, 0)) * Self.gap)
    }

    private func picturesHeight(of row: ComparisonRow) -> Double {
        matchesHeight(of: row) + moreLines(of: row).map { Self.gap + height(of: $0) }.reduce(0, +)
    }

    // MARK: The query

    private func drawQuery(of row: ComparisonRow, y: Double, on canvas: Canvas) {
        let panel = Rect(x: Self.margin, y: y, width: panelWidth, height: panelHeight(of: row))
        canvas.fill(.rounded(panel, radius: 4), Palette.panel)
        draw(row.query, head: "query", at: Point(queryX, y + Self.panelPadding), on: canvas)
        guard let (head, tile) = underQuery(of: row) else { return }
        draw(tile, head: head, at: Point(queryX, panel.maxY + Self.gap), on: canvas)
    }

    /// The photographs besides the query and its matches, with their words.
    private func others(of row: ComparisonRow) -> [(head: String, tile: PhotographTile)] {
        let missed = [row.missed].compactMap(\.self).map { (head: "nearest correct", tile: $0) }
        return missed + row.sameSide.map { (head: "from the query's side", tile: $0) }
    }

    /// The one under the query, beside the second line of matches, which only long photographs have.
    private func underQuery(of row: ComparisonRow) -> (head: String, tile: PhotographTile)? {
        areLong ? others(of: row).first : nil
    }

    /// Those that are not under the query.
    private func moreLines(of row: ComparisonRow) -> [[Cell]] {
        others(of: row).dropFirst(areLong ? 1 : 0).chunks(ofCount: columns + 1).map { chunk in
            chunk.enumerated().map { place, other in
                Cell(column: Self.queryColumn + place, head: other.head, tile: other.tile)
            }
        }
    }

    private func draw(_ tile: PhotographTile, head: String, at corner: Point, on canvas: Canvas) {
        canvas.line(head, at: corner, limit: shape.width, style: Self.headStyle)
        tile.turned(amongLong: areLong)
            .draw(at: Point(corner.x, corner.y + Self.headHeight), in: shape, on: canvas)
    }

    // MARK: The rankings

    /// The matches in lines: those before and after below each other if photographs are long, else side by side.
    private func lines(of row: ComparisonRow) -> [[Cell]] {
        func lines(_ name: String, _ answers: [PhotographTile], from column: Int) -> [[Cell]] {
            guard !answers.isEmpty else { return [[Cell(column: column, head: "\(name): no matches", tile: nil)]] }
            return answers.enumerated().map { (rank: $0 + 1, tile: $1) }.chunks(ofCount: Self.together).map { chunk in
                chunk.enumerated().map { place, answer in
                    Cell(column: column + place, head: "\(name), rank \(answer.rank)", tile: answer.tile)
                }
            }
        }
        let before = lines("before", row.before, from: 0)
        guard !areLong else { return before + lines("after", row.after, from: 0) }
        let after = lines("after", row.after, from: Self.together)
        return (0..<max(before.count, after.count)).map { place in
            [before, after].flatMap { $0.indices.contains(place) ? $0[place] : [] }
        }
    }

    private func draw(_ line: [Cell], y: Double, on canvas: Canvas) {
        for cell in line {
            let corner = Point(x(cell.column), y)
            if let tile = cell.tile {
                draw(tile, head: cell.head, at: corner, on: canvas)
            } else {
                canvas.line(cell.head, at: corner, limit: shape.width, style: Self.noteStyle(width: nil))
            }
        }
    }

    private static func noteStyle(width: Double?) -> TextStyle {
        TextStyle(size: 10.5, color: Palette.ink, width: width, lines: 6)
    }

    private static let headStyle = TextStyle(size: 10, weight: .bold, color: Palette.secondaryInk)
}
