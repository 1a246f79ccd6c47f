import Basics
import Drawing

/// Points in the plane in groups, each group with its own colour and mark.
///
/// Both axes have the same scale, so that distances can be compared.
public struct ScatterChart: Figure {
    /// Points of one group.
    public struct Group: Sendable, Equatable {
        public let name: String
        public let points: [Point]
        /// The name of each point.
        public let ids: [String]
        /// Whether the group is background for the others.
        public let isBackground: Bool

        /// Creates a group with as many points as ids.
        public init(name: String, points: [Point], ids: [String], isBackground: Bool = false) {
            self.name = name
            self.points = points
            self.ids = ids
            self.isBackground = isBackground
        }
    }

    /// The title of x; nil if its numbers have no meaning, and then ``vertical`` is nil, too.
    public let horizontal: String?
    public let vertical: String?
    public let groups: [Group]
    public let size: Size

    /// Creates a chart of `size` points.
    public init(horizontal: String?, vertical: String?, groups: [Group], size: Size = Size(720, 480)) {
        self.horizontal = horizontal
        self.vertical = vertical
        self.groups = groups
        self.size = size
    }

    public var data: JSONValue {
        let groups = groups.map { group -> JSONValue in
            [
                "name": .string(group.name), "ids": .array(group.ids.map(JSONValue.string)),
                "x": .array(group.points.map { .number($0.x) }), "y": .array(group.points.map { .number($0.y) }),
            ]
        }
        return [
            "kind": "scatter", "horizontal": horizontal.map(JSONValue.string) ?? .null,
            "vertical": vertical.map(JSONValue.string) ?? .null, "groups": .array(groups),
        ]
    }

    public var alternativeText: String {
        let named = groups.map { "\($0.name) (\($0.points.count))" }.joined(separator: ", ")
        let count = groups.reduce(0) { $0 + $1.points.count }
        return "Map of \(NumberText.counted(count, "point", "points"))" + (count == 0 ? "." : " in groups: \(named).")
    }
}

extension ScatterChart {
    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let legend = legend(on: canvas)
        let plot = plot(besides: legend, on: canvas)
        canvas.stroke(.rectangle(plot.inset(by: 0.5)), Palette.grid, width: 1)
        let scale = PlaneScale(groups.flatMap(\.points), in: plot.inset(by: Self.padding))
        if let horizontal, let vertical {
            ChartFrame.drawTitles(horizontal, vertical, besides: plot, in: size, on: canvas)
        }
        // Groups of few points are on top, where others cannot hide them.
        let order = legend.entries.enumerated().sorted { one, other in
            func rank(_ entry: (offset: Int, element: (Group, Look))) -> (Int, Int, Int) {
                let group = entry.element.0
                return (group.isBackground ? 0 : 1, -group.points.count, -entry.offset)
            }
            return rank(one) < rank(other)
        }
        for (group, look) in order.map(\.element) {
            for (point, id) in zip(group.points, group.ids) {
                let place = scale.place(of: point)
                look.draw(at: place, isBackground: group.isBackground, on: canvas)
                canvas.note(id, in: Rect(x: place.x, y: place.y, width: 0, height: 0))
            }
        }
        draw(legend, on: canvas)
        if groups.allSatisfy(\.points.isEmpty) {
            canvas.line(
                "no points", at: plot.center, anchor: .center, limit: plot.width, style: ChartFrame.absence)
        }
    }

    private static let margin = 8.0
    private static let padding = 12.0
    private static let gap = 14.0
    private static let markRoom = 14.0
    private static let largestShare = 0.28
    private static let leastLegend = 110.0
    private static let legendStyle = TextStyle(size: 10.5, color: Palette.ink)

    /// The look of a group.
    private struct Look {
        let color: Color
        let marker: Marker

        func draw(at place: Point, isBackground: Bool, on canvas: Canvas) {
            if isBackground {
                canvas.fill(.circle(center: place, radius: 1.9), color)
            } else {
                marker.draw(at: place, radius: 3.6, color, on: canvas)
            }
        }
    }

    /// The groups with their looks, and the column of their names.
    private struct Legend {
        let entries: [(Group, Look)]
        let x: Double
        let width: Double
        let rowHeight: Double
    }

    private func legend(on canvas: Canvas) -> Legend {
        var turn = 0
        let entries = groups.map { group -> (Group, Look) in
            if group.isBackground { return (group, Look(color: Palette.axis.opacity(0.55), marker: .circle)) }
            defer { turn += 1 }
            return (
                group,
                Look(
                    color: Palette.lines[turn % Palette.lines.count],
                    marker: Marker.allCases[turn % Marker.allCases.count])
            )
        }
        let sizes = groups.map { canvas.size(of: $0.name.onOneLine, style: Self.legendStyle) }
        // At least this wide, so that maps with short names have the same frame.
        let width = min(
            max(Self.leastLegend, Self.markRoom + (sizes.map(\.width).max() ?? 0) + 1), size.width * Self.largestShare)
        return Legend(
            entries: entries, x: size.width - Self.margin - width, width: width,
            rowHeight: (sizes.map(\.height).max() ?? 12) + 4)
    }

    private func plot(besides legend: Legend, on canvas: Canvas) -> Rect {
        let title = horizontal == nil ? 0 : canvas.size(of: "0", style: ChartFrame.titles).height + 8
        let left = Self.margin + title
        return Rect(
            x: left, y: Self.margin, width: max(1, legend.x - Self.gap - left),
            height: max(1, size.height - 2 * Self.margin - title))
    }

    /// Names as many groups as there is room for.
    private func draw(_ legend: Legend, on canvas: Canvas) {
        let room = max(1, Int((size.height - 2 * Self.margin) / legend.rowHeight))
        let shown = legend.entries.count > room ? room - 1 : legend.entries.count
        for (row, (group, look)) in legend.entries.prefix(shown).enumerated() {
            let y = Self.margin + (Double(row) + 0.5) * legend.rowHeight
            look.draw(at: Point(legend.x + 4, y), isBackground: group.isBackground, on: canvas)
            canvas.line(
                group.name, at: Point(legend.x + Self.markRoom, y), anchor: .left,
                limit: legend.width - Self.markRoom, style: Self.legendStyle)
        }
        if shown < legend.entries.count {
            canvas.line(
                "and \(legend.entries.count - shown) more",
                at: Point(legend.x, Self.margin + (Double(shown) + 0.5) * legend.rowHeight), anchor: .left,
                limit: legend.width, style: Self.legendStyle)
        }
    }
}

/// Fits points into a frame with the same scale in both directions.
private struct PlaneScale {
    private let scale: Double
    private let middle: Point
    private let frame: Rect

    init(_ points: [Point], in frame: Rect) {
        func span(_ values: [Double]) -> (middle: Double, length: Double) {
            let (low, high) = (values.min() ?? 0, values.max() ?? 0)
            return ((low + high) / 2, high - low)
        }
        let (x, y) = (span(points.map(\.x)), span(points.map(\.y)))
        let scales = [(frame.width, x.length), (frame.height, y.length)].filter { $0.1 > 0 }.map { $0.0 / $0.1 }
        scale = scales.min() ?? 1
        middle = Point(x.middle, y.middle)
        self.frame = frame
    }

    func place(of point: Point) -> Point {
        Point(frame.center.x + scale * (point.x - middle.x), frame.center.y - scale * (point.y - middle.y))
    }
}
