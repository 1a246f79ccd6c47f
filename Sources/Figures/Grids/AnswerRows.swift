import Algorithms
import Basics
import Drawing
import Imaging

/// A query with one or more lists of matches, as grids draw it.
struct AnswerRow {
    /// A list of matches by rank.
    struct Strand {
        /// The text before the matches, the first line in bold; empty if there is only one list.
        var labels: [String] = []
        let answers: [PhotographTile]
    }

    let query: PhotographTile
    let strands: [Strand]
    /// Correct photographs that were missed, after the last list.
    var missed: [PhotographTile] = []
    /// The text of the row; empty for none.
    let note: String
}

/// Rows of queries with their matches: the drawing that grids share.
///
/// All photographs have the shape that is usual among them. Long ones, such as whole whales, lie, and three of them fill
/// the width of the page, the query above its matches. Of others, five do, and the query is at the left.
struct AnswerRows {
    private static let margin = 10.0
    private static let rowGap = 24.0
    private static let headHeight = 17.0
    private static let panelPadding = 7.0
    private static let noteGap = 9.0
    private static let lineGap = 10.0
    private static let labelWidth = 52.0
    private static let columnsBeside = 4
    private static let columnsBelow = 3
    private static let legendHeight = 30.0

    /// A photograph below its heading.
    private struct Headed {
        let head: String
        let tile: PhotographTile
    }

    /// A list of matches, broken into lines.
    private struct Block {
        let labels: [String]
        let lines: [[Headed]]
    }

    private struct Row {
        let query: PhotographTile
        let blocks: [Block]
        let note: String
    }

    private let rows: [Row]
    private let shape: TileShape
    private let isLong: Bool
    private let labelRoom: Double
    private let queryHead: String
    /// The symbols that a legend at the top explains, each with its meaning; empty for no legend.
    private let legend: [Symbol]

    /// A symbol of the legend.
    private enum Symbol {
        case mark(PhotographTile.Mark, String)
        case turn
    }

    /// Lays the rows out.
    ///
    /// - Parameters:
    ///   - rows: The rows, from the top.
    ///   - heads: The headings of the matches; nil for their ranks.
    ///   - queryHead: The heading of the queries.
    ///   - meanings: The meanings of the symbols, in the order of a legend at the top, which has those that occur; empty
    ///     for no legend.
    init(
        _ rows: [AnswerRow], heads: [String]? = nil, queryHead: String = "query",
        meanings: [(mark: PhotographTile.Mark, text: String)] = []
    ) {
        let strands = rows.flatMap(\.strands)
        let tiles = rows.flatMap { [$0.query] + $0.strands.flatMap(\.answers) + $0.missed }
        let areLong = tiles.areLong
        let aspect = tiles.aspect
        isLong = TileShape.isLong(aspect)
        let labelRoom = strands.allSatisfy(\.labels.isEmpty) ? 0 : Self.labelWidth
        self.labelRoom = labelRoom
        self.queryHead = queryHead
        let columns = isLong ? Self.columnsBelow : Self.columnsBeside
        let room =
            TileShape.page - 2 * Self.margin - labelRoom
            - (isLong ? 0 : 2 * Self.panelPadding + PhotographTile.gap + Self.panelPadding)
        let shown = Double(isLong ? columns : columns + 1)
        shape = TileShape(width: (room - (shown - 1) * PhotographTile.gap) / shown, aspect: aspect)
        let all = rows.map { row -> Row in
            func laid(_ tile: PhotographTile) -> PhotographTile { tile.turned(amongLong: areLong) }
            let last = row.strands.count - 1
            return Row(
                query: laid(row.query),
                blocks: row.strands.enumerated().map { position, strand in
                    let answers = strand.answers.enumerated().map { number, tile in
                        Headed(head: heads.map { $0[number] } ?? "rank \(number + 1)", tile: laid(tile))
                    }
                    let missed = position == last ? row.missed.map { Headed(head: "next correct", tile: laid($0)) } : []
                    return Block(
                        labels: strand.labels, lines: (answers + missed).chunks(ofCount: columns).map(Array.init))
                }, note: row.note)
        }
        let shownTiles = all.flatMap { [$0.query] + $0.blocks.flatMap(\.lines).joined().map(\.tile) }
        let marks = Set(shownTiles.map(\.mark))
        let symbols = meanings.filter { marks.contains($0.mark) }.map { Symbol.mark($0.mark, $0.text) }
        let hasTurns = shownTiles.contains { $0.turn != .none }
        legend = symbols.isEmpty || !hasTurns ? symbols : symbols + [.turn]
        self.rows = all
    }

    // MARK: The whole

    /// Throws `DrawingError`: the notes determine the height and are measured on a scratch canvas.
    var size: Size {
        get throws {
            guard !rows.isEmpty else { return Size(TileShape.page, 40) }
            var size = Size(TileShape.page, 40)
            _ = try Canvas.raster(width: 1, height: 1) { canvas in
                let heights = rows.map { height(of: $0, on: canvas) }
                size.height =
                    2 * Self.margin + legendRoom + heights.reduce(0, +) + Double(rows.count - 1) * Self.rowGap
            }
            return size
        }
    }

    func draw(on canvas: Canvas) {
        guard !rows.isEmpty else {
            canvas.line(
                "no queries to show", at: Point(Self.margin, 20), anchor: .left, style: Self.noteStyle(width: nil))
            return
        }
        drawLegend(on: canvas)
        var y = Self.margin + legendRoom
        for (index, row) in rows.enumerated() {
            if index > 0 {
                let rule = y - Self.rowGap / 2
                canvas.stroke(
                    .polyline([Point(Self.margin, rule), Point(TileShape.page - Self.margin, rule)]), Palette.grid,
                    width: 1)
            }
            draw(row, y: y, on: canvas)
            y += height(of: row, on: canvas) + Self.rowGap
        }
    }

    private var legendRoom: Double { legend.isEmpty ? 0 : Self.legendHeight }

    private func drawLegend(on canvas: Canvas) {
        let style = TextStyle(size: 10.5, color: Palette.ink)
        var x = Self.margin
        for symbol in legend {
            let center = Point(x + 10, Self.margin + 10)
            let text: String
            switch symbol {
            case .mark(let mark, let meaning):
                mark.drawBadge(at: center, on: canvas)
                text = meaning
            case .turn:
                Turn.left.drawArrow(at: center, on: canvas)
                text = "turned to lie flat"
            }
            canvas.line(
                text, at: Point(x + 25, center.y), anchor: .left, limit: TileShape.page - Self.margin - x - 25,
                style: style)
            x += 25 + canvas.size(of: text, style: style).width + 22
        }
    }

    // MARK: Heights

    private func height(of row: Row, on canvas: Canvas) -> Double {
        let answers = answersHeight(of: row)
        let head = headHeight(of: row, on: canvas)
        guard isLong else { return picturesHeight(of: row) + besideNoteHeight(of: row, on: canvas) }
        return head + (answers > 0 ? Self.noteGap + answers : 0)
    }

    /// The height of the query with its captions and the room around them.
    private func queryHeight(of row: Row) -> Double {
        Self.headHeight + shape.height + PhotographTile.captionRoom(of: [row.query]) + 2 * Self.panelPadding
    }

    /// The height of the query and of the matches next to it.
    private func picturesHeight(of row: Row) -> Double {
        max(queryHeight(of: row), Self.panelPadding + answersHeight(of: row))
    }

    /// The height of the query's background, which spans several lists next to it, because it is the query of them all.
    private func panelHeight(of row: Row) -> Double {
        !isLong && row.blocks.count > 1 ? picturesHeight(of: row) : queryHeight(of: row)
    }

    /// The height of the query, and of the note next to it if photographs are long.
    private func headHeight(of row: Row, on canvas: Canvas) -> Double {
        guard isLong, !row.note.isEmpty else { return panelHeight(of: row) }
        let text = canvas.size(of: row.note.onOneLine, style: Self.noteStyle(width: noteWidth))
        return max(panelHeight(of: row), Self.headHeight + Self.panelPadding + text.height.rounded(.up))
    }

    private func besideNoteHeight(of row: Row, on canvas: Canvas) -> Double {
        guard !row.note.isEmpty else { return 0 }
        let text = canvas.size(of: row.note.onOneLine, style: Self.noteStyle(width: noteWidth))
        return Self.noteGap + text.height.rounded(.up)
    }

    private func height(of line: [Headed]) -> Double {
        Self.headHeight + shape.height + PhotographTile.captionRoom(of: line.map(\.tile))
    }

    private func answersHeight(of row: Row) -> Double {
        let lines = row.blocks.flatMap(\.lines)
        let empty = Double(row.blocks.count { $0.lines.isEmpty }) * (Self.headHeight + Self.lineGap)
        return lines.map(height).reduce(0, +) + Double(max(0, lines.count - 1)) * Self.lineGap + empty
    }

    // MARK: Places

    private var panelWidth: Double { shape.width + 2 * Self.panelPadding }
    private var answersX: Double {
        Self.margin + labelRoom + (isLong ? 0 : panelWidth + PhotographTile.gap + Self.panelPadding)
    }
    private var labelX: Double { answersX - labelRoom }
    private var noteX: Double { isLong ? Self.margin + panelWidth + 2 * Self.noteGap : Self.margin }
    private var noteWidth: Double { TileShape.page - Self.margin - noteX }

    private static func noteStyle(width: Double?) -> TextStyle {
        TextStyle(size: 10.5, color: Palette.ink, width: width, lines: 6)
    }

    private static let headStyle = TextStyle(size: 10, weight: .bold, color: Palette.secondaryInk)

    // MARK: Parts

    private func draw(_ row: Row, y: Double, on canvas: Canvas) {
        let panel = Rect(x: Self.margin, y: y, width: panelWidth, height: panelHeight(of: row))
        canvas.fill(.rounded(panel, radius: 4), Palette.panel)
        let corner = Point(panel.x + Self.panelPadding, y + Self.panelPadding)
        canvas.line(queryHead, at: corner, style: Self.headStyle)
        row.query.draw(at: Point(corner.x, corner.y + Self.headHeight), in: shape, on: canvas)
        let head = headHeight(of: row, on: canvas)
        var lineY = isLong ? y + head + Self.noteGap : y + Self.panelPadding
        for block in row.blocks { lineY = draw(block, y: lineY, on: canvas) }
        guard !row.note.isEmpty else { return }
        let noteY =
            isLong ? corner.y + Self.headHeight : y + picturesHeight(of: row) + Self.noteGap
        canvas.text(row.note.onOneLine, at: Point(noteX, noteY), style: Self.noteStyle(width: noteWidth))
    }

    /// Draws a list of matches; returns the position of the next one.
    private func draw(_ block: Block, y: Double, on canvas: Canvas) -> Double {
        drawLabels(block.labels, y: y + Self.headHeight, on: canvas)
        guard !block.lines.isEmpty else {
            canvas.line("no matches", at: Point(answersX, y), style: Self.noteStyle(width: nil))
            return y + Self.headHeight + Self.lineGap
        }
        var y = y
        for line in block.lines {
            for (column, headed) in line.enumerated() {
                let x = answersX + Double(column) * (shape.width + PhotographTile.gap)
                canvas.line(headed.head, at: Point(x, y), style: Self.headStyle)
                headed.tile.draw(at: Point(x, y + Self.headHeight), in: shape, on: canvas)
            }
            y += height(of: line) + Self.lineGap
        }
        return y
    }

    private func drawLabels(_ labels: [String], y: Double, on canvas: Canvas) {
        let lineHeight = 14.0
        let first = y + (shape.height - Double(labels.count) * lineHeight) / 2
        for (index, label) in labels.enumerated() {
            canvas.line(
                label, at: Point(labelX, first + Double(index) * lineHeight), limit: labelRoom - 6,
                style: TextStyle(
                    size: 10, weight: index == 0 ? .bold : .regular,
                    color: index == 0 ? Palette.ink : Palette.secondaryInk))
        }
    }
}
