/// An outline of lines and curves.
public struct Path: Sendable, Equatable {
    enum Segment: Sendable, Equatable {
        case move(Point)
        case line(Point)
        case curve(Point, Point, Point)
        case arc(center: Point, radius: Double, from: Double, to: Double)
        case close
    }

    private(set) var segments: [Segment] = []

    /// Creates an empty path.
    public init() {}

    /// Begins a new part.
    public mutating func move(to point: Point) { segments.append(.move(point)) }

    /// Continues in a straight line.
    public mutating func line(to point: Point) { segments.append(.line(point)) }

    /// Continues in a cubic Bézier curve.
    public mutating func curve(to end: Point, control first: Point, _ second: Point) {
        segments.append(.curve(first, second, end))
    }

    /// Continues along a circle, clockwise on the screen; angles in radians from the right.
    public mutating func arc(center: Point, radius: Double, from start: Double, to end: Double) {
        segments.append(.arc(center: center, radius: radius, from: start, to: end))
    }

    /// Returns to the start of the part.
    public mutating func close() { segments.append(.close) }

    /// Appends another path.
    public mutating func append(_ other: Path) { segments += other.segments }

    /// A straight line from point to point.
    public static func polyline(_ points: some Sequence<Point>, closed: Bool = false) -> Path {
        var path = Path()
        for point in points { path.segments.append(path.segments.isEmpty ? .move(point) : .line(point)) }
        if closed { path.close() }
        return path
    }

    /// A smooth line through all points (Catmull-Rom with tension one half).
    public static func smooth(_ points: [Point], closed: Bool = false) -> Path {
        guard points.count > 2 else { return polyline(points, closed: closed) }
        var path = Path()
        path.move(to: points[0])
        let count = points.count
        func point(_ index: Int) -> Point {
            closed ? points[(index + count) % count] : points[min(max(index, 0), count - 1)]
        }
        for index in 0..<(closed ? count : count - 1) {
            let (before, start, end, after) = (point(index - 1), point(index), point(index + 1), point(index + 2))
            path.curve(
                to: end, control: Point(start.x + (end.x - before.x) / 6, start.y + (end.y - before.y) / 6),
                Point(end.x - (after.x - start.x) / 6, end.y - (after.y - start.y) / 6))
        }
        if closed { path.close() }
        return path
    }

    /// A circle.
    public static func circle(center: Point, radius: Double) -> Path {
        var path = Path()
        path.arc(center: center, radius: radius, from: 0, to: 2 * .pi)
        path.close()
        return path
    }

    /// An ellipse whose first radius points along `angle`, radians clockwise from the right.
    public static func ellipse(center: Point, radii: Size, angle: Double = 0) -> Path {
        // Four cubic arcs; with this constant each is exact at its middle.
        let handle = 0.5522847498
        func place(_ u: Double, _ v: Double) -> Point {
            let (x, y) = (u * radii.width, v * radii.height)
            return Point(
                center.x + x * angle.cosine - y * angle.sine, center.y + x * angle.sine + y * angle.cosine)
        }
        var path = Path()
        path.move(to: place(1, 0))
        path.curve(to: place(0, 1), control: place(1, handle), place(handle, 1))
        path.curve(to: place(-1, 0), control: place(-handle, 1), place(-1, handle))
        path.curve(to: place(0, -1), control: place(-1, -handle), place(-handle, -1))
        path.curve(to: place(1, 0), control: place(handle, -1), place(1, -handle))
        path.close()
        return path
    }

    /// The outline of a rectangle.
    public static func rectangle(_ rect: Rect) -> Path {
        polyline(
            [
                Point(rect.x, rect.y), Point(rect.maxX, rect.y), Point(rect.maxX, rect.maxY), Point(rect.x, rect.maxY),
            ], closed: true)
    }

    /// A rectangle with rounded corners; the radius is at most half a side.
    public static func rounded(_ rect: Rect, radius: Double) -> Path {
        let radius = min(radius, rect.width / 2, rect.height / 2)
        var path = Path()
        path.arc(center: Point(rect.maxX - radius, rect.y + radius), radius: radius, from: -.pi / 2, to: 0)
        path.arc(center: Point(rect.maxX - radius, rect.maxY - radius), radius: radius, from: 0, to: .pi / 2)
        path.arc(center: Point(rect.x + radius, rect.maxY - radius), radius: radius, from: .pi / 2, to: .pi)
        path.arc(center: Point(rect.x + radius, rect.y + radius), radius: radius, from: .pi, to: 1.5 * .pi)
        path.close()
        return path
    }
}
