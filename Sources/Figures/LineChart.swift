import Basics
import Drawing
import Foundation

/// Lines over a common axis, each named at its right end.
public struct LineChart: Figure {
    /// One line; a point whose y is not a number was not measured, and its neighbours are joined.
    public struct Line: Sendable, Equatable {
        public let name: String
        public let points: [Point]
        /// What the others are compared with.
        public let isDashed: Bool
        /// What the chart is about.
        public let isEmphasised: Bool
        /// For each point where else it may lie, nil where that is not known; empty for a line without a band.
        public let band: [ClosedRange<Double>?]

        /// Creates a line from points in the order of x, with a band for each of them or none.
        public init(
            name: String, points: [Point], band: [ClosedRange<Double>?] = [], isDashed: Bool = false,
            isEmphasised: Bool = false
        ) {
            self.name = name
            self.points = points
            self.band = band
            self.isDashed = isDashed
            self.isEmphasised = isEmphasised
        }

        /// The points that can be drawn.
        var measured: [Point] { points.filter { abs($0.x) < 1e100 && abs($0.y) < 1e100 } }

        /// The intervals that can be drawn, those of neighbouring points together; what was not measured parts none.
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

        /// Every height that the line or its band reaches.
        var heights: [Double] {
            measured.map(\.y) + bandStretches.joined().flatMap { [$0.range.lowerBound, $0.range.upperBound] }
        }
    }

    /// What x is.
    public let horizontal: String
    /// What y is.
    public let vertical: String
    public let lines: [Line]
    /// The ends of the vertical axis; nil for round ones around the data.
    public let range: ClosedRange<Double>?
    public let size: Size

    /// Creates a chart.
    ///
    /// - Parameter size: In points.
    public init(
        horizontal: String, vertical: String, lines: [Line], range: ClosedRange<Double>? = nil,
        size: Size = Size(720, 384)
    ) {
        self.horizontal = horizontal
        self.vertical = vertical
        self.lines = lines
        self.range = range
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
            return .object(members)
        }
        return [
            "kind": "lines", "horizontal": .string(horizontal), "vertical": .string(vertical), "lines": .array(lines),
        ]
    }

    public var alternativeText: String {
        let places = lines.flatMap { $0.measured.map(\.x) }
        guard let first = places.min(), let last = places.max() else {
            return "Chart of \(vertical) over \(horizontal) without a value."
        }
        let ends = lines.map { line in
            let band = line.band.last.flatMap(\.self).map {
                " (\(String(format: "%.4f", $0.lowerBound)) to \(String(format: "%.4f", $0.upperBound)))"
            }
            let last = line.measured.last.map { String(format: "%.4f", $0.y) } ?? "without a value"
            return "\(line.name) \(last)\(band ?? "")"
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
