import Drawing

/// A plot with its scales, and what is written around it.
struct ChartFrame {
    let plot: Rect
    let horizontal: Axis
    let vertical: Axis
    /// Room between the plot's left and right sides and the outermost points, so that markers don't touch the axis.
    var padding = 8.0

    static let numerals = TextStyle(size: 10, color: Palette.secondaryInk)
    static let titles = TextStyle(size: 11, color: Palette.ink)
    /// What stands where there is nothing to draw.
    static let absence = TextStyle(size: 11, color: Palette.secondaryInk)

    /// Between the figure's left side and a plot: the vertical title and the numerals of an axis.
    static func leftRoom(for vertical: Axis, on canvas: Canvas) -> Double {
        let numeralWidth = vertical.ticks.map { canvas.size(of: vertical.numeral(of: $0), style: numerals).width }.max()
        return 5 + canvas.size(of: "0", style: titles).height + 6 + (numeralWidth ?? 0) + 6
    }

    /// Between a plot and the figure's lower side: numerals and the horizontal title.
    static func bottomRoom(on canvas: Canvas) -> Double { 2 * canvas.size(of: "0", style: titles).height + 14 }

    /// How many steps an axis of that length has room for.
    static func stepCount(along length: Double, isHorizontal: Bool) -> Int {
        max(1, Int(length / (isHorizontal ? 65 : 45)))
    }

    func x(_ value: Double) -> Double {
        plot.x + padding + (plot.width - 2 * padding) * horizontal.share(of: value)
    }

    func y(_ value: Double) -> Double { plot.maxY - plot.height * vertical.share(of: value) }

    /// The place of a line's end, on the border where it lies outside the plot.
    func endY(_ value: Double) -> Double { min(max(y(value), plot.y), plot.maxY) }

    /// Draws a line across the plot at each tick of the vertical axis, with its numeral.
    func drawVerticalAxis(on canvas: Canvas) {
        for tick in vertical.ticks {
            let y = y(tick)
            canvas.stroke(.polyline([Point(plot.x, y), Point(plot.maxX, y)]), Palette.grid, width: 1)
            canvas.text(
                vertical.numeral(of: tick), at: Point(plot.x - 6, y), anchor: .right, style: Self.numerals)
        }
    }

    /// Draws the horizontal axis with a stroke and a numeral at each tick.
    func drawHorizontalAxis(on canvas: Canvas) {
        canvas.stroke(.polyline([Point(plot.x, plot.maxY), Point(plot.maxX, plot.maxY)]), Palette.axis, width: 1)
        for tick in horizontal.ticks {
            let x = x(tick)
            canvas.stroke(.polyline([Point(x, plot.maxY), Point(x, plot.maxY + 4)]), Palette.axis, width: 1)
            canvas.text(
                horizontal.numeral(of: tick), at: Point(x, plot.maxY + 6), anchor: .top, style: Self.numerals)
        }
    }

    /// Writes what the axes are below and left of a plot; nothing for an empty title.
    static func drawTitles(
        _ horizontal: String, _ vertical: String, besides plot: Rect, in size: Size, on canvas: Canvas
    ) {
        canvas.line(
            horizontal, centeredOn: plot.center.x, y: size.height - 5, anchor: .bottom,
            within: 4...max(5, size.width - 4), style: titles)
        canvas.saved {
            canvas.translate(by: 5, plot.center.y)
            canvas.rotate(by: -.pi / 2)
            canvas.line(vertical, at: Point(0, 0), anchor: .top, limit: plot.height, style: titles)
        }
    }
}
