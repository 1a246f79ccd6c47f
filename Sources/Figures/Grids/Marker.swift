import Drawing

/// The shape of a line's points, so that lines differ by more than their colour.
enum Marker: CaseIterable {
    case circle, square, triangle, diamond, wedge, cross, plus

    /// The outline, of equal visual area for all shapes.
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

    /// Draws the shape with a white rim, which separates it from lines below.
    func draw(at center: Point, radius: Double, _ color: Color, on canvas: Canvas) {
        let path = path(at: center, radius: radius)
        canvas.stroke(path, .white, width: 1.6)
        canvas.fill(path, color)
    }
}

/// Marks differ by the badge's outline and sign and by the frame's strokes, not by colour alone.
extension PhotographTile.Mark {
    var color: Color {
        switch self {
        case .none: Palette.axis
        case .right: Palette.bluishGreen
        case .late: Palette.orange
        case .next: Palette.bluishGreen
        case .wrong: Palette.vermilion
        case .doubtful: Palette.ink
        }
    }

    /// Draws the tile's border: unbroken, dotted or dashed.
    func drawFrame(_ rect: Rect, on canvas: Canvas) {
        let style =
            switch self {
            case .none: StrokeStyle(width: 1)
            case .right: StrokeStyle(width: 2.6)
            case .late: StrokeStyle(width: 2.8, dash: [0.01, 4.85])
            case .next: StrokeStyle(width: 2.6, cap: .butt, dash: [2, 3])
            case .wrong: StrokeStyle(width: 2.6, cap: .butt, dash: [8, 4])
            case .doubtful: StrokeStyle(width: 2.6, cap: .butt, dash: [10, 3, 2, 3])
            }
        // Without a mark, a hairline around the photograph is enough.
        let inset = self == .none ? PhotographTile.frameRoom - style.width / 2 : style.width / 2
        canvas.stroke(.rectangle(rect.inset(by: inset)), with: .color(color), style)
    }

    /// Draws a disc with a tick, a clock, a ring with three dots, a square with a cross, or a diamond with a question mark.
    func drawBadge(at center: Point, on canvas: Canvas) {
        let radius = 8.5
        func at(_ x: Double, _ y: Double) -> Point { Point(center.x + x * radius, center.y + y * radius) }
        func sign(_ strokes: [[Point]], _ color: Color, width: Double) {
            var path = Path()
            for stroke in strokes { path.append(.polyline(stroke)) }
            canvas.stroke(path, color, width: width)
        }
        switch self {
        case .none: break
        case .right:
            canvas.fill(.circle(center: center, radius: radius + 1.5), .white)
            canvas.fill(.circle(center: center, radius: radius), color)
            sign([[at(-0.48, 0.04), at(-0.12, 0.42), at(0.5, -0.36)]], .white, width: 2.4)
        case .late:
            canvas.fill(.circle(center: center, radius: radius + 1.5), .white)
            canvas.stroke(.circle(center: center, radius: radius - 1.3), color, width: 2.6)
            sign([[at(0, -0.48), at(0, 0), at(0.36, 0.2)]], Palette.ink, width: 1.8)
        case .next:
            canvas.fill(.circle(center: center, radius: radius + 1.5), .white)
            canvas.stroke(.circle(center: center, radius: radius - 1.3), color, width: 2.6)
            for x in [-0.38, 0, 0.38] { canvas.fill(.circle(center: at(x, 0), radius: 1.3), Palette.ink) }
        case .wrong:
            let square = Rect(x: center.x - radius, y: center.y - radius, width: 2 * radius, height: 2 * radius)
            canvas.fill(.rounded(square.inset(by: -1.5), radius: 3), .white)
            canvas.fill(.rounded(square, radius: 2), color)
            sign([[at(-0.45, -0.45), at(0.45, 0.45)], [at(0.45, -0.45), at(-0.45, 0.45)]], .white, width: 2.4)
        case .doubtful:
            for (size, color) in [(1.35, Color.white), (1.15, color)] {
                let corners = [at(0, -size), at(size, 0), at(0, size), at(-size, 0)]
                canvas.fill(.polyline(corners, closed: true), color)
            }
            canvas.line(
                "?", at: center, anchor: .center, style: TextStyle(size: 11, weight: .bold, color: .white))
        }
    }
}
