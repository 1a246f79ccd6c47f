import Drawing

/// Where a chart's parts stand.
struct ChartFrame {
    let plot: Rect
    let horizontal: Axis
    let vertical: Axis
    let labels: LineLabels

    static let numerals = TextStyle(size: 10, color: Palette.secondaryInk)
    static let titles = TextStyle(size: 11, color: Palette.ink)

    /// Room between the plot's sides and the outermost points, so that markers don't touch the axis.
    private static let padding = 8.0

    init(_ chart: LineChart, on canvas: Canvas) {
        let size = chart.size
        let lineHeight = canvas.size(of: "0", style: Self.titles).height
        let top = 10.0
        let height = max(1, size.height - top - 2 * lineHeight - 14)
        let measured = chart.lines.flatMap(\.measured)
        let count = max(1, Int(height / 45))
        let vertical =
            if let range = chart.range, range.lowerBound < range.upperBound {
                Axis(range: range, count: count)
            } else {
                Axis(covering: measured.map(\.y), count: count)
            }
        let numeralWidth =
            vertical.ticks.map { canvas.size(of: vertical.numeral(of: $0), style: Self.numerals).width }.max() ?? 0
        let left = 5 + lineHeight + 6 + numeralWidth + 6

        let ends = chart.lines.map { line in
            line.measured.last.map { top + height * (1 - min(max(vertical.share(of: $0.y), 0), 1)) }
        }
        let column = 2...max(2, size.height - 2)
        labels = LineLabels(chart.lines, ends: ends, in: column, figureWidth: size.width, on: canvas)
        plot = Rect(
            x: left, y: top, width: max(2 * Self.padding + 1, labels.x - labels.leaderRoom - left), height: height)
        let xCount = max(1, Int(plot.width / 65))
        horizontal = Axis(along: measured.map(\.x), count: xCount)
        self.vertical = vertical
    }

    /// Writes what the axes are below and left of a plot.
    static func drawTitles(
        _ horizontal: String, _ vertical: String, besides plot: Rect, in size: Size, on canvas: Canvas
    ) {
        canvas.line(
            horizontal, at: Point(plot.center.x, size.height - 5), anchor: .bottom, limit: plot.width, style: titles)
        canvas.saved {
            canvas.translate(by: 5, plot.center.y)
            canvas.rotate(by: -.pi / 2)
            canvas.line(vertical, at: Point(0, 0), anchor: .top, limit: plot.height, style: titles)
        }
    }

    func x(_ value: Double) -> Double {
        plot.x + Self.padding + (plot.width - 2 * Self.padding) * horizontal.share(of: value)
    }

    func y(_ value: Double) -> Double { plot.maxY - plot.height * vertical.share(of: value) }

    /// The place of a line's end, on the border where it lies outside the plot.
    func endY(_ value: Double) -> Double { min(max(y(value), plot.y), plot.maxY) }
}
