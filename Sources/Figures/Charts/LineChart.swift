import Basics
import Drawing
import Foundation

/// Lines over a common axis, each named at its right end.
public struct LineChart: Figure {
    /// One line; a point whose y is not a number was not measured, and its neighbours are joined.
    public struct Line: Sendable, Equatable {
        public let name: String
        public let points: [Point]
        /// Whether the others are compared with this line.
        public let isDashed: Bool
        /// Whether the line is the subject of the chart.
        public let isEmphasised: Bool
        /// The interval of each point, nil if not known; empty for a line without a band.
        public let band: [ClosedRange<Double>?]
        /// The x of the point that has a ring around it; nil for none.
        public let ringed: Double?

        /// Creates a line from points in the order of x, with a band for all of them or none.
        public init(
            name: String, points: [Point], band: [ClosedRange<Double>?] = [], ringed: Double? = nil,
            isDashed: Bool = false, isEmphasised: Bool = false
        ) {
            self.name = name
            self.points = points
            self.band = band
            self.ringed = ringed
            self.isDashed = isDashed
            self.isEmphasised = isEmphasised
        }

        /// The points that can be drawn.
        var measured: [Point] { points.filter { abs($0.x) < 1e100 && abs($0.y) < 1e100 } }

        /// The intervals that can be drawn, grouped by adjacent points; points that were not measured do not split a
        /// group.
        var bandStretches: [[(x: Double, range: ClosedRange<Double>)]] {
            let known = zip(points, band).filter { abs($0.0.y) < 1e100 }
            let places = known.map { point, range -> (x: Double, range: ClosedRange<Double>)? in
                guard let range, max(abs(point.x), abs(range.lowerBound), abs(range.upperBound)) < 1e100 else {
                    return nil
                }
                return (point.x, range)
            }
            return places.split { $0 == nil }.map { $0.compactMap(\.self) }
        }

        /// Every y value that the line or its band reaches.
        var heights: [Double] {
            measured.map(\.y) + bandStretches.joined().flatMap { [$0.range.lowerBound, $0.range.upperBound] }
        }
    }

    /// The title of x.
    public let horizontal: String
    /// The title of y.
    public let vertical: String
    public let lines: [Line]
    /// The ends of the vertical axis; nil for round ones around the data.
    public let range: ClosedRange<Double>?
    /// The places that the horizontal axis reaches besides those of the lines, so that charts share it; nil for none.
    public let span: ClosedRange<Double>?
    public let size: Size

    /// Creates a chart of `size` points.
    public init(
        horizontal: String, vertical: String, lines: [Line], range: ClosedRange<Double>? = nil,
        span: ClosedRange<Double>? = nil, size: Size = Size(720, 384)
    ) {
        self.horizontal = horizontal
        self.vertical = vertical
        self.lines = lines
        self.range = range
        self.span = span
        self.size = size
    }

    public var data: JSONValue {
        let lines = lines.map { line -> JSONValue in
            var members: [String: JSONValue] = [
                "name": .string(line.name),
                "x": .array(line.points.map { .finite($0.x) }), "y": .array(line.points.map { .finite($0.y) }),
            ]
            if !line.band.isEmpty {
                members["low"] = .array(line.band.map { .finite($0?.lowerBound ?? .nan) })
                members["high"] = .array(line.band.map { .finite($0?.upperBound ?? .nan) })
            }
            if let ringed = line.ringed { members["ringed"] = .finite(ringed) }
            return .object(members)
        }
        return [
            "kind": "lines", "horizontal": .string(horizontal), "vertical": .string(vertical), "lines": .array(lines),
        ]
    }

    public var alternativeText: String {
        let places = lines.flatMap { $0.measured.map(\.x) }
        guard let first = places.min(), let last = places.max() else {
            return "Chart of \(vertical) over \(horizontal), with no values."
        }
        let ends = lines.map { line in
            let band = line.band.last.flatMap(\.self).map {
                " (\(String(format: "%.3f", $0.lowerBound)) to \(String(format: "%.3f", $0.upperBound)))"
            }
            let last = line.measured.last.map { String(format: "%.3f", $0.y) } ?? "no value"
            let ring = line.ringed.map { ", ring at \($0.shortest)" } ?? ""
            return "\(line.name) \(last)\(band ?? "")\(ring)"
        }
        let span = first == last ? "at \(first.shortest)" : "from \(first.shortest) to \(last.shortest)"
        return "Chart of \(vertical) over \(horizontal) \(span). "
            + "Last \(ends.count == 1 ? "value" : "values"): \(ends.joined(separator: "; "))."
    }
}

extension Double {
    /// Whole numbers without decimals.
    fileprivate var shortest: String { String(format: "%.15g", self) }
}

/// The layout of a line chart's plot and the names of its lines.
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
            along: chart.lines.flatMap { $0.measured.map(\.x) }
                + (chart.span.map { [$0.lowerBound, $0.upperBound] } ?? []),
            count: ChartFrame.stepCount(along: plot.width, isHorizontal: true))
        frame = ChartFrame(plot: plot, horizontal: horizontal, vertical: vertical)
    }
}

extension LineChart {
    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let layout = LineChartLayout(self, on: canvas)
        let frame = layout.frame
        frame.drawVerticalAxis(on: canvas)
        frame.drawHorizontalAxis(on: canvas)
        ChartFrame.drawTitles(horizontal, vertical, besides: frame.plot, in: size, on: canvas)
        let looks = LineLook.looks(of: lines)
        // Emphasised lines are on top.
        let order = lines.indices.sorted { (lines[$0].isEmphasised ? 1 : 0, $0) < (lines[$1].isEmphasised ? 1 : 0, $1) }
        canvas.saved {
            canvas.clip(to: .rectangle(frame.plot.inset(by: -Self.ringRadius - 1)))
            for index in order { drawBand(lines[index], looks[index], frame, on: canvas) }
            for index in order { draw(lines[index], index, looks[index], frame, on: canvas) }
        }
        drawLabels(layout, looks, on: canvas)
        if lines.allSatisfy(\.measured.isEmpty) {
            canvas.line(
                "no values", at: frame.plot.center, anchor: .center, limit: frame.plot.width,
                style: ChartFrame.absence)
        }
    }

    private static let markerRadius = 3.2
    private static let ringRadius = 7.0
    /// The greatest distance of a line's end from the plot's right edge at which a leader joins it to its name.
    private static let longestLeader = 12.0
    /// Minimum distance between markers of one line.
    private static let markerDistance = 22.0

    /// Fills the band of a line, once per unbroken stretch; a single interval is a stroke.
    private func drawBand(_ line: Line, _ look: LineLook, _ frame: ChartFrame, on canvas: Canvas) {
        for stretch in line.bandStretches {
            if stretch.count == 1 {
                let ends = [stretch[0].range.lowerBound, stretch[0].range.upperBound]
                canvas.stroke(
                    .polyline(ends.map { Point(frame.x(stretch[0].x), frame.y($0)) }), look.color.opacity(0.4),
                    width: 3)
                continue
            }
            let upper = stretch.map { Point(frame.x($0.x), frame.y($0.range.upperBound)) }
            let lower = stretch.reversed().map { Point(frame.x($0.x), frame.y($0.range.lowerBound)) }
            canvas.fill(.polyline(upper + lower, closed: true), look.color.opacity(0.16))
        }
    }

    private func draw(_ line: Line, _ index: Int, _ look: LineLook, _ frame: ChartFrame, on canvas: Canvas) {
        let places = line.measured.map { Point(frame.x($0.x), frame.y($0.y)) }
        guard let first = places.first, let last = places.last else { return }
        canvas.stroke(.polyline(places), look.color, width: look.width, dash: look.dash)
        let spacing = (last.x - first.x) / Double(max(1, places.count - 1))
        let stride = spacing > 0 ? Int(min(Self.markerDistance / spacing, Double(places.count)).rounded(.up)) : 1
        // Each line has its markers at different points, so that equal lines do not hide each other's.
        let shift = index * max(1, stride / 3) % stride
        for (place, point) in places.enumerated() {
            let behind = places.count - 1 - place
            guard behind == 0 || behind % stride == shift && behind > stride / 2 else { continue }
            look.marker.draw(at: point, radius: Self.markerRadius, look.color, on: canvas)
        }
        guard let ringed = line.measured.first(where: { $0.x == line.ringed }) else { return }
        let center = Point(frame.x(ringed.x), frame.y(ringed.y))
        look.marker.draw(at: center, radius: Self.markerRadius, look.color, on: canvas)
        canvas.stroke(.circle(center: center, radius: Self.ringRadius), Palette.ink, width: 1.4)
    }

    private func drawLabels(_ layout: LineChartLayout, _ looks: [LineLook], on canvas: Canvas) {
        let (frame, labels) = (layout.frame, layout.labels)
        for label in labels.entries {
            let style = LineLabels.style(isEmphasised: label.line.map { lines[$0].isEmphasised } ?? false)
            canvas.line(
                label.text, at: Point(labels.x + labels.markerRoom, label.center), anchor: .left,
                limit: labels.width - labels.markerRoom, style: style)
            guard labels.isDetached, let index = label.line, let end = lines[index].measured.last else { continue }
            let look = looks[index]
            look.marker.draw(at: Point(labels.x + 4, label.center), radius: Self.markerRadius, look.color, on: canvas)
            let radius = end.x == lines[index].ringed ? Self.ringRadius : Self.markerRadius
            let start = Point(frame.x(end.x) + radius + 1, frame.endY(end.y))
            // A leader from a line that ends early would look like its continuation.
            guard frame.plot.maxX - start.x < Self.longestLeader else { continue }
            let leader = [start, Point(labels.x - 3, label.center)]
            canvas.stroke(.polyline(leader), look.color.opacity(0.8), width: 1.1, dash: [0.1, 2.8])
        }
    }
}

/// The look of one line.
struct LineLook: Equatable {
    let color: Color
    let marker: Marker
    let width: Double
    let dash: [Double]

    /// The looks of all lines: an emphasised one is black and heavy, a dashed one grey, the others take colours in
    /// turn.
    static func looks(of lines: [LineChart.Line]) -> [LineLook] {
        var turn = 0
        var isBlackTaken = false
        return lines.enumerated().map { index, line in
            let color: Color
            if line.isEmphasised, !isBlackTaken {
                color = Palette.ink
                isBlackTaken = true
            } else if line.isDashed {
                color = Palette.reference
            } else {
                color = Palette.lines[turn % Palette.lines.count]
                turn += 1
            }
            return LineLook(
                color: color, marker: Marker.allCases[index % Marker.allCases.count],
                width: line.isEmphasised ? 2.6 : 1.6, dash: line.isDashed ? [5, 4] : [])
        }
    }
}

/// The names of lines in a column at the right of a chart.
struct LineLabels {
    /// One name, with its vertical centre.
    struct Entry: Equatable {
        let text: String
        let center: Double
        /// The index of the line; nil for a label that stands for several.
        let line: Int?
    }

    /// The left end of the column.
    let x: Double
    let width: Double
    /// Room at the left of the column for the leaders.
    let leaderRoom: Double
    /// Room for the marker before each name.
    let markerRoom: Double
    /// Whether names are away from their lines, and need a marker and a leader.
    let isDetached: Bool
    let entries: [Entry]

    /// The maximum share of the figure's width for names before they are cut.
    private static let largestShare = 0.28
    private static let margin = 6.0

    static func style(isEmphasised: Bool) -> TextStyle {
        TextStyle(size: 10.5, weight: isEmphasised ? .bold : .regular, color: Palette.ink)
    }

    /// Lays the names out in the column, from top to bottom; the last place gives the number of names that do not fit.
    ///
    /// `ends` has the height of each line's right end; nil for a line without points.
    init(
        _ lines: [LineChart.Line], ends: [Double?], in column: ClosedRange<Double>, figureWidth: Double,
        on canvas: Canvas
    ) {
        let sizes = lines.map { canvas.size(of: $0.name.onOneLine, style: Self.style(isEmphasised: $0.isEmphasised)) }
        let rowHeight = (sizes.map(\.height).max() ?? 12) + 1.5
        let capacity = max(1, Int((column.upperBound - column.lowerBound) / rowHeight))
        // If not all fit, emphasised lines go first.
        var shown = lines.indices.filter { ends[$0] != nil }
            .sorted { (lines[$0].isEmphasised ? 0 : 1, $0) < (lines[$1].isEmphasised ? 0 : 1, $1) }
        let rest = shown.count > capacity ? shown.count - capacity + 1 : 0
        shown.removeLast(rest)

        var wanted = shown.map { ends[$0] ?? 0 }
        if rest > 0 { wanted.append(column.upperBound) }
        let centers = LabelLayout.centers(wanted: wanted, height: rowHeight, in: column)
        entries =
            zip(shown, centers).map { Entry(text: lines[$0].name, center: $1, line: $0) }
            + (rest > 0 ? [Entry(text: "and \(rest) more", center: centers[shown.count], line: nil)] : [])

        let isMoved = zip(wanted, centers).contains { abs($0 - $1) > 1 }
        let endsDiffer = Set(shown.compactMap { lines[$0].measured.last?.x }).count > 1
        isDetached = isMoved || endsDiffer
        leaderRoom = isDetached ? 20 : 0
        markerRoom = isDetached ? 13 : 0
        let widest = shown.map { sizes[$0].width }.max() ?? 0
        width = shown.isEmpty ? 0 : min(markerRoom + widest + 1, figureWidth * Self.largestShare)
        x = figureWidth - Self.margin - width
    }
}
