import Basics
import Drawing
import Foundation

/// The values along one side of a chart, and the round ones that are labelled.
struct Axis: Equatable {
    let range: ClosedRange<Double>
    let ticks: [Double]
    private let step: Double

    /// Begins and ends at round values that enclose all others except those beyond 1e100, which cannot be measurements.
    ///
    /// Aims for `count` steps; there may be about half as many.
    init(covering values: [Double], count: Int) {
        let values = values.filter { abs($0) < 1e100 }
        var lower = values.min() ?? 0
        var upper = values.max() ?? 1
        if lower == upper {
            let margin = lower == 0 ? 1 : abs(lower) / 5
            (lower, upper) = (lower - (lower == 0 ? 0 : margin), upper + margin)
        }
        // A scale that nearly reaches zero should begin there.
        if lower > 0, lower < (upper - lower) / 3 { lower = 0 }
        step = Self.step(over: upper - lower, count: count)
        range =
            Self.multiple(
                (lower / step).rounded(.down), of: step)...Self.multiple((upper / step).rounded(.up), of: step)
        ticks = values.isEmpty ? [] : Self.multiples(of: step, in: range)
    }

    /// Begins at 0 and ends at or above a count, in whole steps.
    init(counting most: Int, count: Int) {
        let upper = Double(max(most, 1))
        step = max(1, Self.step(over: upper, count: count))
        range = 0...(upper / step).rounded(.up) * step
        ticks = Self.multiples(of: step, in: range)
    }

    /// Keeps to a range, whose ends need not be round but must differ.
    init(range: ClosedRange<Double>, count: Int) {
        self.range = range
        step = Self.step(over: range.upperBound - range.lowerBound, count: count)
        ticks = Self.multiples(of: step, in: range)
    }

    /// Begins and ends at the data; labels only whole numbers if all are whole.
    init(along values: [Double], count: Int) {
        let lower = values.min() ?? 0
        let upper = values.max() ?? 1
        let isWhole = values.allSatisfy { $0 == $0.rounded() }
        let step = max(isWhole ? 1 : 0, Self.step(over: upper - lower, count: count))
        self.step = step
        guard !values.isEmpty else {
            range = lower...upper
            ticks = []
            return
        }
        guard lower < upper else {
            range = lower - 1...lower + 1
            ticks = [lower]
            return
        }
        range = lower...upper
        let ticks = Self.multiples(of: step, in: range)
        // Ranks and epochs begin at 1, which is not a round number but the one to look for.
        let namesFirst = isWhole && ticks.first.map { $0 - lower > step / 2 } != false
        self.ticks = (namesFirst ? [lower] : []) + ticks
    }

    /// The position of a value as a share of the axis; outside 0…1 beyond its ends.
    func share(of value: Double) -> Double {
        (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    /// The numeral of a tick, with as many decimals as its neighbours.
    func numeral(of tick: Double) -> String {
        let largest = max(abs(range.lowerBound), abs(range.upperBound))
        if largest >= 1e7 || step < 1e-6 {
            let digits = Int(log10(largest / step).rounded(.up)) + 1
            return String(format: "%.\(min(max(digits, 1), 17))g", tick).withMinusSign
        }
        let decimals = max(0, Int(-log10(step * 1.000_001).rounded(.down)))
        // Years stay as they are.
        if decimals == 0, largest >= 10_000 { return NumberText.thousands(tick) }
        // A sum that misses zero by a rounding error must not become "-0.0".
        return String(format: "%.\(decimals)f", abs(tick) < step / 1000 ? 0 : tick).withMinusSign
    }

    /// The smallest of 1, 2 and 5 times a power of ten that makes at most `count` steps.
    private static func step(over span: Double, count: Int) -> Double {
        guard span > 0 else { return 1 }
        let least = span / Double(max(1, count))
        let power = pow(10, log10(least).rounded(.down))
        let factor = [1, 2, 5].first { $0 * power >= least * (1 - 1e-9) } ?? 10
        return factor * power
    }

    private static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
        // A bound that is a multiple counts even if division misses it by a rounding error.
        let first = (range.lowerBound / step - 1e-6).rounded(.up)
        let last = (range.upperBound / step + 1e-6).rounded(.down)
        return first <= last ? stride(from: first, through: last, by: 1).map { multiple($0, of: step) } : []
    }

    /// The product, without the rounding error of steps such as 0.1, whose inverse is whole.
    private static func multiple(_ count: Double, of step: Double) -> Double {
        step < 1 ? count / (1 / step).rounded() : count * step
    }
}

extension String {
    /// The numeral with the minus sign in place of a hyphen.
    fileprivate var withMinusSign: String { replacing("-", with: "\u{2212}") }
}

/// A plot with its scales, and the text around it.
struct ChartFrame {
    let plot: Rect
    let horizontal: Axis
    let vertical: Axis
    /// Room between the plot's sides and the outermost points, so that markers do not touch the axis.
    var padding = 8.0

    static let numerals = TextStyle(size: 10, color: Palette.secondaryInk)
    static let titles = TextStyle(size: 11, color: Palette.ink)
    /// The text if there is nothing to draw.
    static let absence = TextStyle(size: 11, color: Palette.secondaryInk)

    /// Room between the figure's left side and a plot: the vertical title and the numerals of an axis.
    static func leftRoom(for vertical: Axis, on canvas: Canvas) -> Double {
        let numeralWidth = vertical.ticks.map { canvas.size(of: vertical.numeral(of: $0), style: numerals).width }.max()
        return 5 + canvas.size(of: "0", style: titles).height + 6 + (numeralWidth ?? 0) + 6
    }

    /// Room between a plot and the figure's lower side: numerals and the horizontal title.
    static func bottomRoom(on canvas: Canvas) -> Double { 2 * canvas.size(of: "0", style: titles).height + 14 }

    /// The number of steps that fit on an axis of that length.
    static func stepCount(along length: Double, isHorizontal: Bool) -> Int {
        max(1, Int(length / (isHorizontal ? 65 : 45)))
    }

    func x(_ value: Double) -> Double {
        plot.x + padding + (plot.width - 2 * padding) * horizontal.share(of: value)
    }

    func y(_ value: Double) -> Double { plot.maxY - plot.height * vertical.share(of: value) }

    /// The position of a line's end, moved to the border if it is outside the plot.
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

    /// Writes the titles of the axes below and left of a plot; nothing for an empty title.
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

extension Canvas {
    /// Writes one line of text, cut with an ellipsis if it is wider than the limit.
    ///
    /// The box is as wide as the text, so that right-to-left scripts begin at the anchor, too.
    func line(
        _ text: String, at point: Point, anchor: Anchor = .topLeft, limit: Double = .infinity, style: TextStyle
    ) {
        let text = text.onOneLine
        var style = style
        if size(of: text, style: style).width > limit { style.width = max(limit, 1) }
        self.text(text, at: point, anchor: anchor, style: style)
    }

    /// Writes one line of text centred on a position, moved sideways as far as the left and right borders require; text
    /// that is wider than the room between them is cut.
    func line(
        _ text: String, centeredOn x: Double, y: Double, anchor: Anchor, within borders: ClosedRange<Double>,
        style: TextStyle
    ) {
        let limit = borders.upperBound - borders.lowerBound
        let half = min(size(of: text.onOneLine, style: style).width, limit) / 2
        let center = min(max(x, borders.lowerBound + half), borders.upperBound - half)
        line(text, at: Point(center, y), anchor: anchor, limit: limit, style: style)
    }
}

extension String {
    /// The text with every line break as a space.
    var onOneLine: String { String(map { $0.isNewline ? " " : $0 }) }
}
