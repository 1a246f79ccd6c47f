import Drawing

/// Rows below each other: names at the left, one scale across, and a note per row at the right.
struct RowFrame {
    let chart: ChartFrame
    private let names: [String]
    private let notes: [String]
    /// What the notes are, above them; empty for none.
    private let noteHead: String
    private let rowHeight: Double
    private let emphasised: Set<Int>
    /// The width at which names are cut.
    private let nameLimit: Double
    private let noteLimit: Double

    private static let margin = 8.0
    private static let gap = 8.0
    private static let bottom = 40.0
    /// The height of a legend's words, in whose line the head of the notes stands.
    static let headY = 14.0
    /// The maximum shares of the figure's width for names and notes.
    private static let largestName = 0.36
    private static let largestNote = 0.3

    /// The height of a figure with this many rows.
    static func height(rows: Int, rowHeight: Double, legend: Double = 0) -> Double {
        margin + legend + Double(max(rows, 1)) * rowHeight + bottom
    }

    private static func style(isEmphasised: Bool) -> TextStyle {
        TextStyle(size: 10.5, weight: isEmphasised ? .bold : .regular, color: Palette.ink)
    }
    private static let noteStyle = TextStyle(size: 10, color: Palette.secondaryInk)

    init(
        names: [String], notes: [String], noteHead: String = "", emphasised: Set<Int> = [], values: [Double],
        range: ClosedRange<Double>?,
        rowHeight: Double, legend: Double = 0, padding: Double = 0, size: Size, on canvas: Canvas
    ) {
        func widest(_ texts: [String], _ style: (Int) -> TextStyle) -> Double {
            texts.enumerated().map { canvas.size(of: $1.onOneLine, style: style($0)).width }.max() ?? 0
        }
        self.names = names
        self.notes = notes
        self.noteHead = noteHead
        self.emphasised = emphasised
        self.rowHeight = rowHeight
        nameLimit = min(
            widest(names) { Self.style(isEmphasised: emphasised.contains($0)) } + 1, size.width * Self.largestName)
        noteLimit = min(widest(notes + [noteHead]) { _ in Self.noteStyle } + 1, size.width * Self.largestNote)
        let left = Self.margin + nameLimit + Self.gap
        // Half a numeral extends beyond the plot's end.
        let right = noteLimit > 1 ? Self.margin + noteLimit + Self.gap : 2 * Self.margin
        let plot = Rect(
            x: left, y: Self.margin + legend, width: max(1, size.width - left - right),
            height: Double(max(names.count, 1)) * rowHeight)
        let count = ChartFrame.stepCount(along: plot.width, isHorizontal: true)
        let axis =
            if let range, range.lowerBound < range.upperBound {
                Axis(range: range, count: count)
            } else {
                Axis(covering: values, count: count)
            }
        chart = ChartFrame(plot: plot, horizontal: axis, vertical: Axis(range: 0...1, count: 1), padding: padding)
    }

    /// The vertical centre of a row.
    func y(_ row: Int) -> Double { chart.plot.y + (Double(row) + 0.5) * rowHeight }

    /// The position of a value, moved to the plot's side if it is outside.
    func x(_ value: Double) -> Double { min(max(chart.x(value), chart.plot.x), chart.plot.maxX) }

    /// Draws scale, names and notes; rows are drawn on top.
    func draw(title: String, in size: Size, on canvas: Canvas) {
        let plot = chart.plot
        for tick in chart.horizontal.ticks {
            let x = chart.x(tick)
            canvas.stroke(.polyline([Point(x, plot.y), Point(x, plot.maxY)]), Palette.grid, width: 1)
        }
        chart.drawHorizontalAxis(on: canvas)
        ChartFrame.drawTitles(title, "", besides: plot, in: size, on: canvas)
        for (row, name) in names.enumerated() {
            canvas.line(
                name, at: Point(plot.x - Self.gap, y(row)), anchor: .right, limit: nameLimit,
                style: Self.style(isEmphasised: emphasised.contains(row)))
        }
        for (row, note) in notes.enumerated() {
            canvas.line(
                note, at: Point(plot.maxX + Self.gap, y(row)), anchor: .left, limit: noteLimit, style: Self.noteStyle)
        }
        canvas.line(
            noteHead, at: Point(plot.maxX + Self.gap, Self.headY), anchor: .left, limit: noteLimit,
            style: Self.noteStyle)
        guard names.isEmpty else { return }
        canvas.line("no values", at: plot.center, anchor: .center, limit: plot.width, style: ChartFrame.absence)
    }
}
