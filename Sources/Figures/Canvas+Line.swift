import Drawing

extension Canvas {
    /// Writes one line of text, cut with an ellipsis where it is wider than the limit.
    ///
    /// The box is as wide as the text, so that right-to-left scripts too begin at the anchor.
    func line(
        _ text: String, at point: Point, anchor: Anchor = .topLeft, limit: Double = .infinity, style: TextStyle
    ) {
        let text = text.onOneLine
        var style = style
        if size(of: text, style: style).width > limit { style.width = max(limit, 1) }
        self.text(text, at: point, anchor: anchor, style: style)
    }

    /// Writes one line of text above or below the middle of a place, moved to the side as far as the borders ask for.
    ///
    /// - Parameter borders: Left and right ends of the room, within which the text is cut where it is wider.
    func line(
        _ text: String, centeredOn x: Double, y: Double, anchor: Anchor, within borders: ClosedRange<Double>,
        style: TextStyle
    ) {
        let limit = borders.upperBound - borders.lowerBound
        let half = min(size(of: text.onOneLine, style: style).width, limit) / 2
        let center = min(max(x, borders.lowerBound + half), borders.upperBound - half)
        line(text, at: Point(center, y), anchor: anchor, limit: limit, style: style)
    }
}

extension String {
    /// The text with every line break as a space.
    var onOneLine: String { String(map { $0.isNewline ? " " : $0 }) }
}
