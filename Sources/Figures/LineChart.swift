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

        /// Creates a line from points in the order of x.
        public init(name: String, points: [Point], isDashed: Bool = false, isEmphasised: Bool = false) {
            self.name = name
            self.points = points
            self.isDashed = isDashed
            self.isEmphasised = isEmphasised
        }

        /// The points that can be drawn.
        var measured: [Point] { points.filter { abs($0.x) < 1e100 && abs($0.y) < 1e100 } }
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
            [
                "name": .string(line.name),
                "x": .array(line.points.map { .finite($0.x) }), "y": .array(line.points.map { .finite($0.y) }),
            ]
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
            "\(line.name) \(line.measured.last.map { String(format: "%.4f", $0.y) } ?? "without a value")"
        }
        let span = first == last ? "at \(first.shortest)" : "from \(first.shortest) to \(last.shortest)"
        return "Chart of \(vertical) over \(horizontal) \(span). "
            + "Last \(ends.count == 1 ? "value" : "values"): \(ends.joined(separator: "; "))."
    }
}

extension JSONValue {
    /// The number, or null where there is none.
    fileprivate static func finite(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
}

extension Double {
    /// Whole numbers without decimals.
    fileprivate var shortest: String { String(format: "%.15g", self) }
}
