import Basics
import CCairo

extension Canvas {
    /// Writes text with its anchor at a point.
    public func text(_ text: String, at point: Point, anchor: Anchor = .topLeft, style: TextStyle) {
        withLayout(text, style) { layout, size in
            saved {
                set(.color(style.color))
                cairo_move_to(context, point.x - anchor.x * size.width, point.y - anchor.y * size.height)
                pango_cairo_show_layout(context, layout)
            }
        }
    }

    /// The box that text takes.
    public func size(of text: String, style: TextStyle) -> Size { withLayout(text, style) { $1 } }

    private func withLayout<Value>(_ text: String, _ style: TextStyle, _ body: (OpaquePointer?, Size) -> Value) -> Value
    {
        let layout = pango_cairo_create_layout(context)
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        // Unhinted outlines: letters keep their widths at every scale, and on every machine with the same font.
        let options = cairo_font_options_create()
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(pango_layout_get_context(layout), options)
        cairo_font_options_destroy(options)
        // Pango moves each letter to a whole unit otherwise, whatever the size.
        pango_context_set_round_glyph_positions(pango_layout_get_context(layout), 0)

        let font = pango_font_description_new()
        pango_font_description_set_family(font, style.family)
        pango_font_description_set_absolute_size(font, style.size * Double(PANGO_SCALE))
        pango_font_description_set_weight(font, style.weight == .bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_layout_set_font_description(layout, font)
        pango_font_description_free(font)

        pango_layout_set_alignment(layout, style.alignment.pango)
        if let width = style.width {
            pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
            pango_layout_set_height(layout, Int32(-style.lines))
            pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
        }
        // Names come from files and folders: what would turn or break the line is shown instead.
        pango_layout_set_text(layout, text.visible, -1)
        var (width, height) = (Int32(0), Int32(0))
        pango_layout_get_size(layout, &width, &height)
        let scale = Double(PANGO_SCALE)
        return body(layout, Size(style.width ?? Double(width) / scale, Double(height) / scale))
    }
}

extension TextStyle.Alignment {
    fileprivate var pango: PangoAlignment {
        switch self {
        case .left: PANGO_ALIGN_LEFT
        case .center: PANGO_ALIGN_CENTER
        case .right: PANGO_ALIGN_RIGHT
        }
    }
}
