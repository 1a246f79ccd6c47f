import Basics
import Drawing

/// Bars that lie below each other by rows, in each row one for every series.
public struct BarChart: Figure {
    /// The bars of one row, as many as there are series; one whose value is not a number is left out.
    public struct Row: Sendable, Equatable {
        public let name: String
        public let values: [Double]
        /// What is written at the row's end.
        public let note: String

        /// Creates a row.
        public init(name: String, values: [Double], note: String) {
            self.name = name
            self.values = values
            self.note = note
        }
    }

    /// What the bars' lengths are.
    public let horizontal: String
    public let series: [String]
    public let rows: [Row]
    /// The ends of the scale; nil for zero and a round value beyond the longest bar.
    public let range: ClosedRange<Double>?
    public let size: Size

    /// Creates a chart as high as its rows need.
    ///
    /// - Parameter width: In points.
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
        guard !rows.isEmpty else { return "Bars of \(horizontal) without a row." }
        let entries = rows.map { row in
            // Of one series the note tells the value.
            let values = zip(series, row.values).map { "\($1.isFinite ? NumberText.fixed($1, 1) : "not known") \($0)" }
            return "\(row.name) \(series.count > 1 ? values.joined(separator: ", ") + "; " : "")\(row.note)"
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
