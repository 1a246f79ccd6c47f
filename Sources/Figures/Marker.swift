import Drawing

/// The shape that stands at a line's points, so that lines differ by more than their colour.
enum Marker: CaseIterable {
    case circle, square, triangle, diamond, wedge, cross, plus

    /// The outline, equal in area to the eye for all shapes.
    func path(at center: Point, radius: Double) -> Path {
        func polygon(_ corners: [(Double, Double)]) -> Path {
            .polyline(
                corners.map { Point(center.x + $0.0 * radius, center.y + $0.1 * radius) }, closed: true)
        }
        switch self {
        case .circle: return .circle(center: center, radius: radius)
        case .square: return polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
        case .triangle: return polygon([(0, -1.25), (1.2, 0.9), (-1.2, 0.9)])
        case .diamond: return polygon([(0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)])
        case .wedge: return polygon([(0, 1.25), (1.2, -0.9), (-1.2, -0.9)])
        case .plus: return polygon(Self.plusCorners)
        case .cross: return polygon(Self.plusCorners.map { (($0.0 - $0.1) * 0.7071, ($0.0 + $0.1) * 0.7071) })
        }
    }

    private static let plusCorners: [(Double, Double)] = [
        (-0.45, -1.3), (0.45, -1.3), (0.45, -0.45), (1.3, -0.45), (1.3, 0.45), (0.45, 0.45),
        (0.45, 1.3), (-0.45, 1.3), (-0.45, 0.45), (-1.3, 0.45), (-1.3, -0.45), (-0.45, -0.45),
    ]

    /// Draws the shape with a white rim, which sets it off from lines that pass below.
    func draw(at center: Point, radius: Double, _ color: Color, on canvas: Canvas) {
        let path = path(at: center, radius: radius)
        canvas.stroke(path, .white, width: 1.6)
        canvas.fill(path, color)
    }
}
