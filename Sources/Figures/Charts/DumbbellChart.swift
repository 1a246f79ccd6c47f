import Basics
import Drawing

/// Values before and after, two joined marks in each row: a ring before; a disc after a rise, a diamond after a fall.
///
/// Marks differ by shape as well as by colour.
public struct DumbbellChart: Figure {
    /// One pair; without two numbers it has no marks.
    public struct Row: Sendable, Equatable {
        public let name: String
        public let before: Double
        public let after: Double
        /// The interval of `after` if `before` is exact: where it lies within the interval, the change may be chance.
        public let interval: ClosedRange<Double>?
        /// The text at the row's end.
        public let note: String
        /// Whether the row is the subject of the chart.
        public let isEmphasised: Bool
        /// Whether the row rests on little data and is drawn paler.
        public let isFaint: Bool

        /// Creates a row.
        public init(
            name: String, before: Double, after: Double, interval: ClosedRange<Double>? = nil, note: String,
            isEmphasised: Bool = false, isFaint: Bool = false
        ) {
            self.name = name
            self.before = before
            self.after = after
            self.interval = interval
            self.note = note
            self.isEmphasised = isEmphasised
            self.isFaint = isFaint
        }
    }

    /// The words of the legend.
    public struct Legend: Sendable, Equatable {
        public let before: String
        /// After a rise, or without a change.
        public let risen: String
        /// After a fall.
        public let fallen: String
        public let interval: String

        /// Creates the words.
        public init(before: String, risen: String, fallen: String, interval: String) {
            self.before = before
            self.risen = risen
            self.fallen = fallen
            self.interval = interval
        }
    }

    /// The title of the scale.
    public let horizontal: String
    /// What the notes of the rows are, above them; empty for none.
    public let noteHead: String
    public let legend: Legend
    public let rows: [Row]
    /// The ends of the scale; nil for round ones around the data.
    public let range: ClosedRange<Double>?
    public let size: Size

    private static let legendHeight = 24.0
    private static let radius = 4.2
    /// The distance of an interval below its marks.
    private static let intervalOffset = 8.0
    private static let words = TextStyle(size: 10.5, color: Palette.ink)

    /// Creates a chart `width` points wide and as high as its rows need.
    public init(
        horizontal: String, noteHead: String = "", legend: Legend, rows: [Row], range: ClosedRange<Double>? = nil,
        width: Double = 720
    ) {
        self.horizontal = horizontal
        self.noteHead = noteHead
        self.legend = legend
        self.rows = rows
        self.range = range
        size = Size(
            width, RowFrame.height(rows: rows.count, rowHeight: Self.rowHeight(of: rows), legend: Self.legendHeight))
    }

    /// Rows with intervals need room for them below the marks.
    private static func rowHeight(of rows: [Row]) -> Double { rows.contains { $0.interval != nil } ? 27 : 20 }

    public var data: JSONValue {
        let rows = rows.map { row -> JSONValue in
            [
                "name": .string(row.name), "before": .finite(row.before), "after": .finite(row.after),
                "low": .finite(row.interval?.lowerBound ?? .nan), "high": .finite(row.interval?.upperBound ?? .nan),
                "note": .string(row.note),
            ]
        }
        return ["kind": "dumbbells", "horizontal": .string(horizontal), "rows": .array(rows)]
    }

    public var alternativeText: String {
        guard !rows.isEmpty else { return "Pairs of dots for \(horizontal), with no rows." }
        // The subject of the chart comes first, in case the list is cut.
        let ordered = rows.filter(\.isEmphasised) + rows.filter { !$0.isEmphasised }
        return "Pairs of dots for \(horizontal), \(legend.before) and after: "
            + Listing.sentence(ordered.map { "\($0.name) \($0.note)" })
    }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let known = rows.flatMap {
            [$0.before, $0.after] + ($0.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
        }
        let frame = RowFrame(
            names: rows.map(\.name), notes: rows.map(\.note), noteHead: noteHead,
            emphasised: Set(rows.indices.filter { rows[$0].isEmphasised }), values: known.filter(\.isFinite),
            range: range, rowHeight: Self.rowHeight(of: rows), legend: Self.legendHeight, padding: Self.radius + 2,
            size: size, on: canvas)
        frame.draw(title: horizontal, in: size, on: canvas)
        drawLegend(upTo: noteHead.isEmpty ? size.width - 8 : frame.chart.plot.maxX, on: canvas)
        for (place, row) in rows.enumerated() where row.before.isFinite && row.after.isFinite {
            let y = frame.y(place) - (row.interval == nil ? 0 : Self.intervalOffset / 2)
            if let interval = row.interval {
                let ends = [interval.lowerBound, interval.upperBound].map(frame.x)
                Self.drawInterval(from: ends[0], to: ends[1], y: y + Self.intervalOffset, on: canvas)
            }
            let (before, after) = (Point(frame.x(row.before), y), Point(frame.x(row.after), y))
            canvas.stroke(
                .polyline([before, after]), Self.color(of: row).opacity(0.55), width: row.isEmphasised ? 4 : 3)
            Self.drawRing(at: before, opacity: row.isFaint ? 0.55 : 1, on: canvas)
            Self.marker(of: row).draw(at: after, radius: Self.radius - 0.4, Self.color(of: row), on: canvas)
        }
    }

    private static func color(of row: Row) -> Color {
        let color = row.after < row.before ? Palette.vermilion : Palette.blue
        return row.isFaint ? color.mixed(with: .white, share: 0.5) : color
    }
    private static func marker(of row: Row) -> Marker { row.after < row.before ? .diamond : .circle }

    /// A ring in the grey of the dashed lines of a ``LineChart``, which are what others are compared with.
    private static func drawRing(at center: Point, opacity: Double = 1, on canvas: Canvas) {
        let ring = Path.circle(center: center, radius: radius)
        canvas.fill(ring, .white)
        canvas.stroke(ring, Palette.reference.opacity(opacity), width: 1.6)
    }

    private static func drawInterval(from left: Double, to right: Double, y: Double, on canvas: Canvas) {
        canvas.stroke(.polyline([Point(left, y), Point(right, y)]), Palette.reference, width: 1.2)
        for x in [left, right] {
            canvas.stroke(.polyline([Point(x, y - 3), Point(x, y + 3)]), Palette.reference, width: 1.2)
        }
    }

    /// Explains the marks that occur, in one line as far as `end`; what does not fit is cut.
    private func drawLegend(upTo end: Double, on canvas: Canvas) {
        let (y, gap) = (RowFrame.headY, 18.0)
        var x = 8.0
        func explain(_ text: String, width: Double, _ draw: (Point) -> Void) {
            let room = end - x - width - 5
            guard room > 20 else { return }
            draw(Point(x + width / 2, y))
            canvas.line(text, at: Point(x + width + 5, y), anchor: .left, limit: room, style: Self.words)
            x += width + 5 + min(canvas.size(of: text.onOneLine, style: Self.words).width, room) + gap
        }
        let drawn = rows.filter { $0.before.isFinite && $0.after.isFinite }
        guard !drawn.isEmpty else { return }
        explain(legend.before, width: 2 * Self.radius) { Self.drawRing(at: $0, on: canvas) }
        for (text, isFall) in [(legend.risen, false), (legend.fallen, true)] {
            let own = drawn.filter { ($0.after < $0.before) == isFall }
            guard let row = own.first(where: { !$0.isFaint }) ?? own.first else { continue }
            explain(text, width: 2 * Self.radius) {
                Self.marker(of: row).draw(at: $0, radius: Self.radius - 0.4, Self.color(of: row), on: canvas)
            }
        }
        guard drawn.contains(where: { $0.interval != nil }) else { return }
        explain(legend.interval, width: 20) {
            Self.drawInterval(from: $0.x - 10, to: $0.x + 10, y: $0.y, on: canvas)
        }
    }
}
