import Drawing

/// Where a line chart's plot and the names of its lines stand.
struct LineChartLayout {
    let frame: ChartFrame
    let labels: LineLabels

    private static let top = 10.0

    init(_ chart: LineChart, on canvas: Canvas) {
        let size = chart.size
        let top = Self.top
        let height = max(1, size.height - top - ChartFrame.bottomRoom(on: canvas))
        let count = ChartFrame.stepCount(along: height, isHorizontal: false)
        let vertical =
            if let range = chart.range, range.lowerBound < range.upperBound {
                Axis(range: range, count: count)
            } else {
                Axis(covering: chart.lines.flatMap(\.heights), count: count)
            }
        let left = ChartFrame.leftRoom(for: vertical, on: canvas)
        let ends = chart.lines.map { line in
            line.measured.last.map { top + height * (1 - min(max(vertical.share(of: $0.y), 0), 1)) }
        }
        let column = 2...max(2, size.height - 2)
        labels = LineLabels(chart.lines, ends: ends, in: column, figureWidth: size.width, on: canvas)
        let plot = Rect(x: left, y: top, width: max(17, labels.x - labels.leaderRoom - left), height: height)
        let horizontal = Axis(
            along: chart.lines.flatMap { $0.measured.map(\.x) },
            count: ChartFrame.stepCount(along: plot.width, isHorizontal: true))
        frame = ChartFrame(plot: plot, horizontal: horizontal, vertical: vertical)
    }
}
