import Algorithms
import Basics
import Drawing

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
    /// Right photographs that were missed, apart at the row's end.
    var missed: [PhotographTile] = []
    /// The text below the row; empty for none.
    let note: String
}

/// Rows of queries with their matches: the drawing that grids share.
struct AnswerRows {
    private static let margin = 10.0
    private static let rowGap = 20.0
    /// Narrower, notes would take many short lines.
    private static let leastWidth = 480.0
    private static let mostColumns = 7
    private static let headHeight = 17.0
    private static let panelPadding = 7.0
    private static let noteGap = 7.0
    private static let lineGap = 10.0
    private static let labelWidth = 52.0
    private static let missedGap = 25.0

    private let rows: [AnswerRow]
    /// Matches per line; more continue below.
    private let columns: Int
    private let isWrapped: Bool
    private let labelRoom: Double
    /// The headings of the columns.
    private let heads: [String]
    private let queryHead: String
    /// Missed photographs per row.
    private let missedColumns: Int

    /// Lays the rows out.
    ///
    /// - Parameters:
    ///   - rows: The rows, from the top.
    ///   - heads: The headings of the columns; nil for their ranks.
    ///   - queryHead: The heading of the queries.
    init(_ rows: [AnswerRow], heads: [String]? = nil, queryHead: String = "query") {
        self.rows = rows
        let strands = rows.flatMap(\.strands)
        let most = strands.map(\.answers.count).max() ?? 0
        let lines = (most + Self.mostColumns - 1) / Self.mostColumns
        // Lines of about equal length.
        columns = lines == 0 ? 0 : (most + lines - 1) / lines
        self.queryHead = queryHead
        self.heads = heads ?? (0..<most).map { "rank \($0 + 1)" }
        isWrapped = lines > 1
        labelRoom = strands.allSatisfy(\.labels.isEmpty) ? 0 : Self.labelWidth
        missedColumns = rows.map(\.missed.count).max() ?? 0
    }

    // MARK: The whole

    /// Throws `DrawingError`: the notes determine the height and are measured on a scratch canvas.
    var size: Size {
        get throws {
            var size = Size(Self.leastWidth, 40)
            _ = try Canvas.raster(width: 1, height: 1) { canvas in
                guard !rows.isEmpty else { return }
                let heights = rows.map { height(of: $0, on: canvas) }
                size = Size(
                    width,
                    2 * Self.margin + gridHeadHeight + heights.reduce(0, +) + Double(rows.count - 1) * Self.rowGap)
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
        var y = Self.margin
        if gridHeadHeight > 0 {
            drawQueryHead(y: y, on: canvas)
            drawHeads(1...max(1, columns), y: y, on: canvas)
            drawMissedHead(y: y, on: canvas)
            y += gridHeadHeight
        }
        for (index, row) in rows.enumerated() {
            if index > 0 {
                let rule = y - Self.rowGap / 2
                canvas.stroke(
                    .polyline([Point(Self.margin, rule), Point(width - Self.margin, rule)]), Palette.grid, width: 1)
            }
            draw(row, y: y, on: canvas)
            y += height(of: row, on: canvas) + Self.rowGap
        }
    }

    // MARK: Places

    private var queryX: Double { Self.margin + Self.panelPadding }
    private var labelX: Double { queryX + PhotographTile.side + Self.panelPadding + 14 }
    private var answersX: Double { labelX + labelRoom }

    private func answerX(_ column: Int) -> Double {
        answersX + Double(column) * (PhotographTile.side + PhotographTile.gap)
    }

    private var width: Double {
        let pitch = PhotographTile.side + PhotographTile.gap
        let end = missedColumns == 0 ? answerX(columns) : missedX + Double(missedColumns) * pitch
        return max(Self.leastWidth, end - PhotographTile.gap + Self.margin)
    }

    private var missedX: Double { answerX(max(1, columns)) - PhotographTile.gap + Self.missedGap }

    /// Above all rows, if every rank has its own column.
    private var gridHeadHeight: Double { isWrapped ? 0 : Self.headHeight }
    /// Otherwise above each line of matches.
    private var lineHeadHeight: Double { isWrapped ? Self.headHeight : 0 }

    // MARK: Heights

    private func height(of row: AnswerRow, on canvas: Canvas) -> Double {
        picturesHeight(of: row) + noteHeight(of: row, on: canvas)
    }

    private func lines(of strand: AnswerRow.Strand) -> [[PhotographTile]] {
        strand.answers.isEmpty ? [[]] : strand.answers.chunks(ofCount: max(1, columns)).map(Array.init)
    }

    private func height(ofLine tiles: [PhotographTile]) -> Double {
        lineHeadHeight + PhotographTile.side + PhotographTile.captionRoom(of: tiles)
    }

    private func answersHeight(of row: AnswerRow) -> Double {
        let lines = row.strands.flatMap(lines(of:))
        return lines.map(height(ofLine:)).reduce(0, +) + Double(max(0, lines.count - 1)) * Self.lineGap
    }

    private func picturesHeight(of row: AnswerRow) -> Double {
        max(
            height(ofLine: [row.query]) + 2 * Self.panelPadding,
            Self.panelPadding + max(answersHeight(of: row), height(ofLine: row.missed)))
    }

    /// The background of the query; it spans several lists, because it is the query of them all.
    private func panelHeight(of row: AnswerRow) -> Double {
        row.strands.count > 1 ? picturesHeight(of: row) : height(ofLine: [row.query]) + 2 * Self.panelPadding
    }

    private static func noteStyle(width: Double?) -> TextStyle {
        TextStyle(size: 10.5, color: Palette.ink, width: width, lines: 3)
    }

    private var noteWidth: Double { width - 2 * Self.margin }

    private func noteHeight(of row: AnswerRow, on canvas: Canvas) -> Double {
        guard !row.note.isEmpty else { return 0 }
        let text = canvas.size(of: row.note.onOneLine, style: Self.noteStyle(width: noteWidth))
        return Self.noteGap + text.height.rounded(.up)
    }

    // MARK: Parts

    private static let headStyle = TextStyle(size: 10, weight: .bold, color: Palette.secondaryInk)

    private func drawQueryHead(y: Double, on canvas: Canvas) {
        canvas.line(queryHead, at: Point(queryX, y), style: Self.headStyle)
    }

    private func drawHeads(_ ranks: ClosedRange<Int>, y: Double, on canvas: Canvas) {
        for (column, rank) in ranks.enumerated() where column < columns {
            canvas.line(heads[rank - 1], at: Point(answerX(column), y), style: Self.headStyle)
        }
    }

    private func draw(_ row: AnswerRow, y: Double, on canvas: Canvas) {
        let panel = Rect(
            x: Self.margin, y: y, width: PhotographTile.side + 2 * Self.panelPadding, height: panelHeight(of: row))
        canvas.fill(.rounded(panel, radius: 4), Palette.panel)
        var lineY = y + Self.panelPadding
        if isWrapped { drawQueryHead(y: lineY, on: canvas) }
        row.query.draw(at: Point(queryX, lineY + lineHeadHeight), on: canvas)
        drawMissed(row.missed, y: lineY, height: picturesHeight(of: row) - 2 * Self.panelPadding, on: canvas)
        for strand in row.strands { lineY = draw(strand, y: lineY, on: canvas) }
        if !row.note.isEmpty {
            canvas.text(
                row.note.onOneLine, at: Point(Self.margin, y + picturesHeight(of: row) + Self.noteGap),
                style: Self.noteStyle(width: noteWidth))
        }
    }

    private func drawMissedHead(y: Double, on canvas: Canvas) {
        guard missedColumns > 0 else { return }
        canvas.line("next right", at: Point(missedX, y), style: Self.headStyle)
    }

    /// Draws missed photographs, after a rule.
    private func drawMissed(_ tiles: [PhotographTile], y: Double, height: Double, on canvas: Canvas) {
        guard !tiles.isEmpty else { return }
        let rule = missedX - Self.missedGap / 2
        canvas.stroke(.polyline([Point(rule, y), Point(rule, y + height)]), Palette.grid, width: 1)
        if isWrapped { drawMissedHead(y: y, on: canvas) }
        for (column, tile) in tiles.enumerated() {
            let x = missedX + Double(column) * (PhotographTile.side + PhotographTile.gap)
            tile.draw(at: Point(x, y + lineHeadHeight), on: canvas)
        }
    }

    /// Draws a list of matches; returns the position of the next one.
    private func draw(_ strand: AnswerRow.Strand, y: Double, on canvas: Canvas) -> Double {
        drawLabels(strand.labels, y: y + lineHeadHeight, on: canvas)
        if strand.answers.isEmpty {
            canvas.line(
                "no matches", at: Point(answersX, y + PhotographTile.side / 2), anchor: .left,
                style: Self.noteStyle(width: nil))
        }
        var y = y
        var rank = 1
        for line in lines(of: strand) {
            if isWrapped, !line.isEmpty {
                drawHeads(rank...rank + line.count - 1, y: y, on: canvas)
            }
            for (column, tile) in line.enumerated() {
                tile.draw(at: Point(answerX(column), y + lineHeadHeight), on: canvas)
            }
            rank += line.count
            y += height(ofLine: line) + Self.lineGap
        }
        return y
    }

    private func drawLabels(_ labels: [String], y: Double, on canvas: Canvas) {
        let lineHeight = 14.0
        let first = y + (PhotographTile.side - Double(labels.count) * lineHeight) / 2
        for (index, label) in labels.enumerated() {
            canvas.line(
                label, at: Point(labelX, first + Double(index) * lineHeight), limit: labelRoom - 6,
                style: TextStyle(
                    size: 10, weight: index == 0 ? .bold : .regular,
                    color: index == 0 ? Palette.ink : Palette.secondaryInk))
        }
    }
}
