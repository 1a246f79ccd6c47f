import Drawing

extension RetrievalGrid {
    public var size: Size {
        get throws {
            var size = Size(Layout.leastWidth, 40)
            // The notes decide on the height and are measured on a canvas of no consequence.
            _ = try Canvas.raster(width: 1, height: 1) { canvas in
                guard !rows.isEmpty else { return }
                let layout = Layout(rows)
                let heights = rows.map { layout.height(of: $0, on: canvas) }
                size = Size(
                    layout.width,
                    2 * Layout.margin + layout.gridHeadHeight + heights.reduce(0, +)
                        + Double(rows.count - 1) * Layout.rowGap)
            }
            return size
        }
    }

    public func draw(on canvas: Canvas) {
        guard !rows.isEmpty else {
            canvas.line(
                "no queries to show", at: Point(Layout.margin, 20), anchor: .left, style: Layout.noteStyle(width: nil))
            return
        }
        let layout = Layout(rows)
        var y = Layout.margin
        if layout.gridHeadHeight > 0 {
            layout.drawHeads(1...max(1, layout.columns), includingQuery: true, y: y, on: canvas)
            y += layout.gridHeadHeight
        }
        for (index, row) in rows.enumerated() {
            if index > 0 {
                let rule = y - Layout.rowGap / 2
                canvas.stroke(
                    .polyline([Point(Layout.margin, rule), Point(layout.width - Layout.margin, rule)]), Palette.grid,
                    width: 1)
            }
            layout.draw(row, y: y, on: canvas)
            y += layout.height(of: row, on: canvas) + Layout.rowGap
        }
    }

    /// Where the parts of a row stand.
    private struct Layout {
        static let margin = 10.0
        static let rowGap = 20.0
        /// Or notes would take many short lines.
        static let leastWidth = 480.0
        private static let mostColumns = 7
        private static let headHeight = 17.0
        private static let panelPadding = 7.0
        private static let noteGap = 7.0
        private static let lineGap = 10.0

        /// Answers side by side; more go on below.
        let columns: Int
        private let isWrapped: Bool

        init(_ rows: [RetrievalRow]) {
            let most = rows.map(\.answers.count).max() ?? 0
            let lines = (most + Self.mostColumns - 1) / Self.mostColumns
            // Lines of about the same length.
            columns = lines == 0 ? 0 : (most + lines - 1) / lines
            isWrapped = lines > 1
        }

        private var queryX: Double { Self.margin + Self.panelPadding }
        private var answersX: Double { queryX + PhotographTile.side + Self.panelPadding + 14 }

        var width: Double {
            let pitch = PhotographTile.side + PhotographTile.gap
            return max(Self.leastWidth, answersX + Double(columns) * pitch - PhotographTile.gap + Self.margin)
        }

        /// Above all rows, where every rank has a column of its own.
        var gridHeadHeight: Double { isWrapped ? 0 : Self.headHeight }
        /// Above each line of answers otherwise.
        private var lineHeadHeight: Double { isWrapped ? Self.headHeight : 0 }

        func height(of row: RetrievalRow, on canvas: Canvas) -> Double {
            picturesHeight(of: row) + noteHeight(of: row, on: canvas)
        }

        private func lines(of row: RetrievalRow) -> [[PhotographTile]] { row.answers.chunks(of: max(1, columns)) }

        private func height(ofLine tiles: [PhotographTile]) -> Double {
            lineHeadHeight + PhotographTile.side + PhotographTile.captionRoom(of: tiles)
        }

        private func panelHeight(of row: RetrievalRow) -> Double {
            height(ofLine: [row.query]) + 2 * Self.panelPadding
        }

        private func picturesHeight(of row: RetrievalRow) -> Double {
            let lines = lines(of: row)
            let answers = lines.map(height(ofLine:)).reduce(0, +) + Double(max(0, lines.count - 1)) * Self.lineGap
            return max(panelHeight(of: row), Self.panelPadding + answers)
        }

        static func noteStyle(width: Double?) -> TextStyle {
            TextStyle(size: 10.5, color: Palette.ink, width: width, lines: 3)
        }

        private var noteWidth: Double { width - 2 * Self.margin }

        private func noteHeight(of row: RetrievalRow, on canvas: Canvas) -> Double {
            guard !row.note.isEmpty else { return 0 }
            let text = canvas.size(of: row.note.onOneLine, style: Self.noteStyle(width: noteWidth))
            return Self.noteGap + text.height.rounded(.up)
        }

        func drawHeads(_ ranks: ClosedRange<Int>, includingQuery: Bool, y: Double, on canvas: Canvas) {
            let style = TextStyle(size: 10, weight: .bold, color: Palette.secondaryInk)
            if includingQuery { canvas.line("query", at: Point(queryX, y), style: style) }
            for (column, rank) in ranks.enumerated() where column < columns {
                canvas.line("rank \(rank)", at: Point(answerX(column), y), style: style)
            }
        }

        private func answerX(_ column: Int) -> Double {
            answersX + Double(column) * (PhotographTile.side + PhotographTile.gap)
        }

        func draw(_ row: RetrievalRow, y: Double, on canvas: Canvas) {
            let panel = Rect(
                x: Self.margin, y: y, width: PhotographTile.side + 2 * Self.panelPadding, height: panelHeight(of: row))
            canvas.fill(.rounded(panel, radius: 4), Palette.panel)
            var lineY = y + Self.panelPadding
            if isWrapped { drawHeads(1...1, includingQuery: true, y: lineY, on: canvas) }
            row.query.draw(at: Point(queryX, lineY + lineHeadHeight), on: canvas)
            if row.answers.isEmpty {
                canvas.line(
                    "no answers", at: Point(answersX, lineY + PhotographTile.side / 2), anchor: .left,
                    style: Self.noteStyle(width: nil))
            }
            var rank = 1
            for line in lines(of: row) {
                if isWrapped {
                    drawHeads(rank...rank + line.count - 1, includingQuery: false, y: lineY, on: canvas)
                }
                for (column, tile) in line.enumerated() {
                    tile.draw(at: Point(answerX(column), lineY + lineHeadHeight), on: canvas)
                }
                rank += line.count
                lineY += height(ofLine: line) + Self.lineGap
            }
            if !row.note.isEmpty {
                canvas.text(
                    row.note.onOneLine, at: Point(Self.margin, y + picturesHeight(of: row) + Self.noteGap),
                    style: Self.noteStyle(width: noteWidth))
            }
        }
    }
}
