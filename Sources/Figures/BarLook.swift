import Drawing

/// How the bars of a series are filled: those of the first full, all others hatched.
struct BarLook: Equatable {
    let color: Color
    /// Between hatching lines, in points; nil for a full bar.
    let spacing: Double?

    private static let swatch = Size(14, 9)
    private static let gap = 18.0

    static func looks(count: Int) -> [BarLook] {
        (0..<count).map { index in
            let color = Palette.lines[index % Palette.lines.count]
            // Pale enough for the hatching of another to be seen on it.
            return index == 0
                ? BarLook(color: count > 1 ? color.mixed(with: .white, share: 0.35) : color, spacing: nil)
                : BarLook(color: color, spacing: 3 + 2 * Double(index))
        }
    }

    /// Draws one bar; one without extent is a hairline, so that zero is not taken for unknown.
    func draw(_ rect: Rect, on canvas: Canvas) {
        guard rect.width > 0, rect.height > 0 else { return canvas.stroke(.rectangle(rect), color, width: 1) }
        guard let spacing else { return canvas.fill(.rectangle(rect), color) }
        canvas.saved {
            canvas.clip(to: .rectangle(rect))
            var start = rect.x - rect.height
            while start < rect.maxX {
                canvas.stroke(
                    .polyline([Point(start, rect.maxY), Point(start + rect.height, rect.y)]), color, width: 1.2)
                start += spacing
            }
        }
        canvas.stroke(.rectangle(rect.inset(by: 0.5)), color, width: 1)
    }

    /// Names the series in one line, each beside a small bar; what does not fit is cut.
    static func drawLegend(_ names: [String], from start: Point, limit: Double, on canvas: Canvas) {
        var x = start.x
        for (name, look) in zip(names, looks(count: names.count)) {
            let swatch = Rect(x: x, y: start.y + 3, width: Self.swatch.width, height: Self.swatch.height)
            look.draw(swatch, on: canvas)
            x = swatch.maxX + 5
            let room = limit - x
            guard room > 20 else { return }
            let text = name.onOneLine
            canvas.line(text, at: Point(x, swatch.center.y), anchor: .left, limit: room, style: legendStyle)
            x += min(canvas.size(of: text, style: legendStyle).width, room) + gap
        }
    }

    private static let legendStyle = TextStyle(size: 10.5, color: Palette.ink)
    /// What a legend takes of a figure's height.
    static let legendHeight = 22.0
}
