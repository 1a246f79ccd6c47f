import Algorithms
import Basics
import Drawing

/// A query with the photographs returned before and after a change.
public struct ComparisonRow: Sendable, Equatable {
    /// The photographs that one run returned.
    public struct Ranking: Sendable, Equatable {
        /// By rank, the best first.
        public let answers: [PhotographTile]
        /// A short measure, such as `AP 0.25`; empty for none.
        public let measure: String

        /// Creates a ranking.
        public init(answers: [PhotographTile], measure: String) {
            self.answers = answers
            self.measure = measure
        }

        var isFirstRight: Bool { answers.first?.mark == .right }

        var data: JSONValue { ["answers": .array(answers.map(\.data)), "measure": .string(measure)] }
    }

    public let query: PhotographTile
    public let before: Ranking
    public let after: Ranking
    /// The nearest correct photograph, if neither ranking shows it.
    public let missed: PhotographTile?
    /// The text of the row; empty for none.
    public let note: String

    /// Creates a row.
    public init(
        query: PhotographTile, before: Ranking, after: Ranking, missed: PhotographTile? = nil, note: String
    ) {
        self.query = query
        self.before = before
        self.after = after
        self.missed = missed
        self.note = note
    }

    var data: JSONValue {
        [
            "query": query.data, "before": before.data, "after": after.data, "missed": missed?.data ?? .null,
            "note": .string(note),
        ]
    }

    fileprivate var tiles: [PhotographTile] {
        [query] + before.answers + after.answers + [missed].compactMap(\.self)
    }
}

/// Queries, each with its matches before at the left and after at the right.
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

    private static func counts(_ rankings: [ComparisonRow.Ranking]) -> (first: Int, right: Int, all: Int) {
        let answers = rankings.flatMap(\.answers)
        return (rankings.count(where: \.isFirstRight), answers.count { $0.mark == .right }, answers.count)
    }
}

/// The drawing of a ``ComparisonGrid``: the query with its note and the missed photograph, and below them both rankings
/// side by side.
private struct ComparisonLayout {
    private static let margin = 10.0
    private static let rowGap = 26.0
    private static let headHeight = 17.0
    private static let panelPadding = 6.0
    private static let gap = 10.0
    private static let halfGap = 22.0
    private static let columns = 3
    /// The query is larger than its matches by this factor.
    private static let queryScale = 1.5

    private let rows: [ComparisonRow]
    private let areLong: Bool
    private let shape: TileShape
    private let queryShape: TileShape

    init(_ rows: [ComparisonRow]) {
        let tiles = rows.flatMap(\.tiles)
        self.rows = rows
        areLong = tiles.areLong
        let room = Self.halfWidth - Double(Self.columns - 1) * PhotographTile.gap
        let (width, aspect) = (room / Double(Self.columns), tiles.aspect)
        shape = TileShape(width: width, aspect: aspect)
        queryShape = TileShape(width: Self.queryScale * width, aspect: aspect)
    }

    private static var halfWidth: Double { (TileShape.page - 2 * margin - halfGap) / 2 }

    /// Throws `DrawingError`: the notes determine the height and are measured on a scratch canvas.
    var size: Size {
        get throws {
            guard !rows.isEmpty else { return Size(TileShape.page, 40) }
            var height = 2 * Self.margin + Double(rows.count - 1) * Self.rowGap
            _ = try Canvas.raster(width: 1, height: 1) { canvas in
                height += rows.map { headHeight(of: $0, on: canvas) + answersHeight(of: $0) }.reduce(0, +)
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
            drawHead(of: row, y: y, on: canvas)
            y += headHeight(of: row, on: canvas)
            for (side, (name, ranking)) in [("before", row.before), ("after", row.after)].enumerated() {
                let x = Self.margin + Double(side) * (Self.halfWidth + Self.halfGap)
                draw(ranking, name: name, at: Point(x, y), on: canvas)
            }
            y += answersHeight(of: row) + Self.rowGap
        }
    }

    // MARK: The query

    private var panelWidth: Double { queryShape.width + 2 * Self.panelPadding }
    private var noteX: Double { Self.margin + panelWidth + Self.gap }
    private var missedX: Double { TileShape.page - Self.margin - shape.width }

    private func noteWidth(of row: ComparisonRow) -> Double {
        (row.missed == nil ? TileShape.page - Self.margin : missedX - Self.gap) - noteX
    }

    private func panelHeight(of row: ComparisonRow) -> Double {
        Self.headHeight + queryShape.height + PhotographTile.captionRoom(of: [row.query]) + 2 * Self.panelPadding
    }

    private func headHeight(of row: ComparisonRow, on canvas: Canvas) -> Double {
        let note =
            row.note.isEmpty
            ? 0 : canvas.size(of: row.note.onOneLine, style: Self.noteStyle(width: noteWidth(of: row))).height
        let missed = row.missed.map { Self.headHeight + shape.height + PhotographTile.captionRoom(of: [$0]) } ?? 0
        return max(panelHeight(of: row), Self.panelPadding + note.rounded(.up), Self.panelPadding + missed) + Self.gap
    }

    private func drawHead(of row: ComparisonRow, y: Double, on canvas: Canvas) {
        let panel = Rect(x: Self.margin, y: y, width: panelWidth, height: panelHeight(of: row))
        canvas.fill(.rounded(panel, radius: 4), Palette.panel)
        let corner = Point(panel.x + Self.panelPadding, y + Self.panelPadding)
        canvas.line("query", at: corner, style: Self.headStyle)
        row.query.turned(amongLong: areLong)
            .draw(at: Point(corner.x, corner.y + Self.headHeight), in: queryShape, on: canvas)
        if !row.note.isEmpty {
            canvas.text(
                row.note.onOneLine, at: Point(noteX, corner.y), style: Self.noteStyle(width: noteWidth(of: row)))
        }
        guard let missed = row.missed else { return }
        canvas.line("correct", at: Point(missedX, corner.y), style: Self.headStyle)
        missed.turned(amongLong: areLong)
            .draw(at: Point(missedX, corner.y + Self.headHeight), in: shape, on: canvas)
    }

    // MARK: The rankings

    private func lines(of ranking: ComparisonRow.Ranking) -> [[PhotographTile]] {
        ranking.answers.chunks(ofCount: Self.columns).map(Array.init)
    }

    private func height(of line: [PhotographTile]) -> Double {
        Self.headHeight + shape.height + PhotographTile.captionRoom(of: line)
    }

    private func answersHeight(of row: ComparisonRow) -> Double {
        let heights = [row.before, row.after].map { ranking -> Double in
            let lines = lines(of: ranking)
            return lines.isEmpty
                ? Self.headHeight : lines.map(height).reduce(0, +) + Double(lines.count - 1) * Self.gap
        }
        return Self.headHeight + (heights.max() ?? 0)
    }

    private func draw(_ ranking: ComparisonRow.Ranking, name: String, at corner: Point, on canvas: Canvas) {
        let title = ranking.measure.isEmpty ? name : "\(name), \(ranking.measure)"
        canvas.line(
            title, at: corner, limit: Self.halfWidth, style: TextStyle(size: 10.5, weight: .bold, color: Palette.ink))
        var y = corner.y + Self.headHeight
        if ranking.answers.isEmpty {
            canvas.line("no matches", at: Point(corner.x, y), style: Self.noteStyle(width: nil))
        }
        for (number, line) in lines(of: ranking).enumerated() {
            for (column, tile) in line.enumerated() {
                let x = corner.x + Double(column) * (shape.width + PhotographTile.gap)
                canvas.line("rank \(number * Self.columns + column + 1)", at: Point(x, y), style: Self.headStyle)
                tile.turned(amongLong: areLong).draw(at: Point(x, y + Self.headHeight), in: shape, on: canvas)
            }
            y += height(of: line) + Self.gap
        }
    }

    private static func noteStyle(width: Double?) -> TextStyle {
        TextStyle(size: 10.5, color: Palette.ink, width: width, lines: 6)
    }

    private static let headStyle = TextStyle(size: 10, weight: .bold, color: Palette.secondaryInk)
}
