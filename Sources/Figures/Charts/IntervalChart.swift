import Basics
import Drawing

/// Values as dots below each other, each with its interval.
public struct IntervalChart: Figure {
    /// One dot; a value that is not a number has none.
    public struct Row: Sendable, Equatable {
        public let name: String
        public let value: Double
        public let interval: ClosedRange<Double>?
        /// The text at the row's end.
        public let note: String
        /// Whether the row is the subject of the chart.
        public let isEmphasised: Bool

        /// Creates a row.
        public init(
            name: String, value: Double, interval: ClosedRange<Double>?, note: String, isEmphasised: Bool = false
        ) {
            self.name = name
            self.value = value
            self.interval = interval
            self.note = note
            self.isEmphasised = isEmphasised
        }
    }

    /// The title of the scale.
    public let horizontal: String
    public let rows: [Row]
    /// The ends of the scale; nil for round ones around the data.
    public let range: ClosedRange<Double>?
    public let size: Size

    private static let rowHeight = 21.0

    /// Creates a chart `width` points wide and as high as its rows need.
    public init(horizontal: String, rows: [Row], range: ClosedRange<Double>? = nil, width: Double = 720) {
        self.horizontal = horizontal
        self.rows = rows
        self.range = range
        size = Size(width, RowFrame.height(rows: rows.count, rowHeight: Self.rowHeight))
    }

    public var data: JSONValue {
        let rows = rows.map { row -> JSONValue in
            [
                "name": .string(row.name), "value": .finite(row.value),
                "low": .finite(row.interval?.lowerBound ?? .nan), "high": .finite(row.interval?.upperBound ?? .nan),
                "note": .string(row.note),
            ]
        }
        return ["kind": "intervals", "horizontal": .string(horizontal), "rows": .array(rows)]
    }

    public var alternativeText: String {
        // The subject of the chart comes first, in case the list is cut.
        let ordered = rows.filter(\.isEmphasised) + rows.filter { !$0.isEmphasised }
        guard !rows.isEmpty else { return "Dots with intervals of \(horizontal), with no rows." }
        return "Dots with intervals of \(horizontal): " + Listing.sentence(ordered.map { "\($0.name) \($0.note)" })
    }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let known = rows.flatMap { [$0.value] + ($0.interval.map { [$0.lowerBound, $0.upperBound] } ?? []) }
        let frame = RowFrame(
            names: rows.map(\.name), notes: rows.map(\.note),
            emphasised: Set(rows.indices.filter { rows[$0].isEmphasised }), values: known.filter(\.isFinite),
            range: range, rowHeight: Self.rowHeight, size: size, on: canvas)
        frame.draw(title: horizontal, in: size, on: canvas)
        for (place, row) in rows.enumerated() where row.value.isFinite {
            let color = row.isEmphasised ? Palette.ink : Palette.lines[0]
            let y = frame.y(place)
            if let interval = row.interval {
                let ends = [interval.lowerBound, interval.upperBound].map(frame.x)
                canvas.stroke(.polyline(ends.map { Point($0, y) }), color, width: row.isEmphasised ? 2.4 : 1.6)
                for x in ends { canvas.stroke(.polyline([Point(x, y - 4), Point(x, y + 4)]), color, width: 1.4) }
            }
            Marker.circle.draw(at: Point(frame.x(row.value), y), radius: 4, color, on: canvas)
        }
    }
}
