import Basics
import Drawing

/// Horizontal bars in rows, with one bar per series in each row.
public struct BarChart: Figure {
    /// The bars of one row, one per series; a value that is not a number has no bar.
    public struct Row: Sendable, Equatable {
        public let name: String
        public let values: [Double]
        /// The text at the row's end.
        public let note: String

        /// Creates a row.
        public init(name: String, values: [Double], note: String) {
            self.name = name
            self.values = values
            self.note = note
        }
    }

    /// The title of the scale.
    public let horizontal: String
    public let series: [String]
    public let rows: [Row]
    /// The ends of the scale; nil for zero and a round value beyond the longest bar.
    public let range: ClosedRange<Double>?
    public let size: Size

    /// Creates a chart `width` points wide and as high as its rows need.
    public init(
        horizontal: String, series: [String], rows: [Row], range: ClosedRange<Double>? = nil, width: Double = 720
    ) {
        self.horizontal = horizontal
        self.series = series
        self.rows = rows
        self.range = range
        size = Size(
            width,
            RowFrame.height(
                rows: rows.count, rowHeight: Self.rowHeight(of: series), legend: Self.legendHeight(of: series)))
    }

    private static let barHeight = 11.0
    private static func rowHeight(of series: [String]) -> Double { barHeight * Double(max(series.count, 1)) + 8 }
    private static func legendHeight(of series: [String]) -> Double { series.count > 1 ? BarLook.legendHeight : 0 }

    public var data: JSONValue {
        let rows = rows.map { row -> JSONValue in
            [
                "name": .string(row.name), "values": .array(row.values.map { .finite($0) }),
                "note": .string(row.note),
            ]
        }
        return [
            "kind": "bars", "horizontal": .string(horizontal), "series": .array(series.map(JSONValue.string)),
            "rows": .array(rows),
        ]
    }

    public var alternativeText: String {
        guard !rows.isEmpty else { return "Bars of \(horizontal), with no rows." }
        let entries = rows.map { row in
            // With one series, the note gives the value.
            let values = zip(series, row.values).map { "\($0): \($1.isFinite ? NumberText.fixed($1, 1) : "not known")" }
            let shown = series.count > 1 ? [values.joined(separator: ", ")] : []
            return "\(row.name) " + (shown + [row.note]).filter { !$0.isEmpty }.joined(separator: "; ")
        }
        return "Bars of \(horizontal): " + Listing.sentence(entries)
    }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let frame = RowFrame(
            names: rows.map(\.name), notes: rows.map(\.note),
            values: [0] + rows.flatMap(\.values).filter(\.isFinite), range: range,
            rowHeight: Self.rowHeight(of: series), legend: Self.legendHeight(of: series), size: size, on: canvas)
        frame.draw(title: horizontal, in: size, on: canvas)
        if series.count > 1 {
            let start = Point(frame.chart.plot.x, 6)
            BarLook.drawLegend(series, from: start, limit: size.width - 8, on: canvas)
        }
        let looks = BarLook.looks(count: series.count)
        let zero = frame.x(0)
        for (place, row) in rows.enumerated() {
            let top = frame.y(place) - Self.barHeight * Double(row.values.count) / 2
            for (index, (value, look)) in zip(row.values, looks).enumerated() where value.isFinite {
                let ends = [zero, frame.x(value)].sorted()
                look.draw(
                    Rect(
                        x: ends[0], y: top + Double(index) * Self.barHeight, width: ends[1] - ends[0],
                        height: Self.barHeight - 1), on: canvas)
            }
        }
    }
}

/// The fill of a series: the first is solid, all others are hatched.
struct BarLook: Equatable {
    let color: Color
    /// Distance between hatching lines, in points; nil for a solid bar.
    let spacing: Double?

    private static let swatch = Size(14, 9)
    private static let gap = 18.0

    static func looks(count: Int) -> [BarLook] {
        (0..<count).map { index in
            let color = Palette.lines[index % Palette.lines.count]
            // Pale enough to show another series' hatching.
            return index == 0
                ? BarLook(color: count > 1 ? color.mixed(with: .white, share: 0.35) : color, spacing: nil)
                : BarLook(color: color, spacing: 3 + 2 * Double(index))
        }
    }

    /// Draws one bar; a bar of length zero is a hairline, so that zero differs from unknown.
    func draw(_ rect: Rect, on canvas: Canvas) {
        guard rect.width > 0, rect.height > 0 else { return canvas.stroke(.rectangle(rect), color, width: 1) }
        guard let spacing else { return canvas.fill(.rectangle(rect), color) }
        canvas.saved {
            canvas.clip(to: .rectangle(rect))
            var start = rect.x - rect.height
            while start < rect.maxX {
                canvas.stroke(
                    .polyline([Point(start, rect.maxY), Point(start + rect.height, rect.y)]), color, width: 1.2)
                start += spacing
            }
        }
        canvas.stroke(.rectangle(rect.inset(by: 0.5)), color, width: 1)
    }

    /// Names the series in one line, each next to a small bar; what does not fit is cut.
    static func drawLegend(_ names: [String], from start: Point, limit: Double, on canvas: Canvas) {
        var x = start.x
        for (name, look) in zip(names, looks(count: names.count)) {
            let swatch = Rect(x: x, y: start.y + 3, width: Self.swatch.width, height: Self.swatch.height)
            look.draw(swatch, on: canvas)
            x = swatch.maxX + 5
            let room = limit - x
            guard room > 20 else { return }
            let text = name.onOneLine
            canvas.line(text, at: Point(x, swatch.center.y), anchor: .left, limit: room, style: legendStyle)
            x += min(canvas.size(of: text, style: legendStyle).width, room) + gap
        }
    }

    private static let legendStyle = TextStyle(size: 10.5, color: Palette.ink)
    /// The height of a legend.
    static let legendHeight = 22.0
}
