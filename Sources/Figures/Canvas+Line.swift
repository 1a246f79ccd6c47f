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
}

extension String {
    /// The text with every line break as a space.
    var onOneLine: String { String(map { $0.isNewline ? " " : $0 }) }
}
