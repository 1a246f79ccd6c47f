import Basics
import CCairo
import Foundation
import Imaging

/// A surface to draw on: lines, areas, photographs and text.
///
/// A canvas is passed to the closure that draws and must not outlive it. The library's errors stay with the canvas and
/// are thrown when the drawing is finished.
public final class Canvas {
    let context: OpaquePointer
    /// The noted places, in the surface's units, in the order of their notes.
    public private(set) var places: [NamedPlace] = []

    init(_ context: OpaquePointer) { self.context = context }

    /// Notes that a rectangle shows something with a name, such as a photograph; draws nothing.
    public func note(_ name: String, in rect: Rect) {
        var (left, top, right, bottom) = (rect.x, rect.y, rect.maxX, rect.maxY)
        cairo_user_to_device(context, &left, &top)
        cairo_user_to_device(context, &right, &bottom)
        let place = Rect(x: min(left, right), y: min(top, bottom), width: abs(right - left), height: abs(bottom - top))
        places.append(NamedPlace(name: name, rect: place))
    }

    /// Fills an outline; `evenOdd` leaves out areas inside an even number of its parts.
    public func fill(_ path: Path, with paint: Paint, evenOdd: Bool = false) {
        trace(path)
        set(paint)
        cairo_set_fill_rule(context, evenOdd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING)
        cairo_fill(context)
    }

    /// Fills an outline with one colour.
    public func fill(_ path: Path, _ color: Color) { fill(path, with: .color(color)) }

    /// Fills the whole canvas, or the area of the clip.
    public func fill(with paint: Paint) {
        set(paint)
        cairo_paint(context)
    }

    /// Draws an outline.
    public func stroke(_ path: Path, with paint: Paint, _ style: StrokeStyle) {
        trace(path)
        set(paint)
        cairo_set_line_width(context, style.width)
        cairo_set_line_cap(context, style.cap == .round ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        cairo_set_dash(context, style.dash, Int32(style.dash.count), 0)
        cairo_stroke(context)
    }

    /// Draws an outline in one colour.
    public func stroke(_ path: Path, _ color: Color, width: Double, dash: [Double] = []) {
        stroke(path, with: .color(color), StrokeStyle(width: width, dash: dash))
    }

    /// Draws a picture into a rectangle, scaled to it.
    public func draw(_ raster: Raster, in rect: Rect) {
        // Cairo's 24-bit format: blue, green, red and an unused byte.
        var pixels = [UInt8](repeating: 0, count: 4 * raster.width * raster.height)
        for index in 0..<raster.width * raster.height {
            pixels[4 * index] = raster.pixels[3 * index + 2]
            pixels[4 * index + 1] = raster.pixels[3 * index + 1]
            pixels[4 * index + 2] = raster.pixels[3 * index]
        }
        let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(raster.width), Int32(raster.height))
        defer { cairo_surface_destroy(surface) }
        guard let target = cairo_image_surface_get_data(surface) else { return }
        let stride = Int(cairo_image_surface_get_stride(surface))
        for row in 0..<raster.height {
            pixels.withUnsafeBufferPointer {
                (target + row * stride).update(from: $0.baseAddress! + 4 * row * raster.width, count: 4 * raster.width)
            }
        }
        cairo_surface_mark_dirty(surface)
        saved {
            cairo_translate(context, rect.x, rect.y)
            cairo_scale(context, rect.width / Double(raster.width), rect.height / Double(raster.height))
            cairo_set_source_surface(context, surface, 0, 0)
            let pattern = cairo_get_source(context)
            cairo_pattern_set_filter(pattern, CAIRO_FILTER_GOOD)
            // Otherwise the border fades into the background.
            cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
            cairo_rectangle(context, 0, 0, Double(raster.width), Double(raster.height))
            cairo_fill(context)
        }
    }

    /// Restores clip and axes after the body.
    public func saved(_ body: () throws -> Void) rethrows {
        cairo_save(context)
        defer { cairo_restore(context) }
        try body()
    }

    /// Draws the body on a separate layer, then blends that with the canvas.
    public func layer(opacity: Double = 1, blend: Blend = .over, _ body: () throws -> Void) rethrows {
        cairo_push_group(context)
        var result = Result<Void, any Error>.success(())
        do { try body() } catch { result = .failure(error) }
        cairo_pop_group_to_source(context)
        try saved {
            cairo_set_operator(context, blend.cairo)
            cairo_paint_with_alpha(context, opacity)
            _ = try result.get()
        }
    }

    /// Limits later drawing to the inside of an outline, until the end of ``saved(_:)``.
    public func clip(to path: Path) {
        trace(path)
        cairo_clip(context)
    }

    /// Moves the origin of later drawing, in the canvas's units.
    public func translate(by x: Double, _ y: Double) { cairo_translate(context, x, y) }
    /// Scales the axes of later drawing by two factors.
    public func scale(by x: Double, _ y: Double) { cairo_scale(context, x, y) }
    /// Turns the axes clockwise; radians.
    public func rotate(by angle: Double) { cairo_rotate(context, angle) }

    private func trace(_ path: Path) {
        cairo_new_path(context)
        for segment in path.segments {
            switch segment {
            case .move(let point): cairo_move_to(context, point.x, point.y)
            case .line(let point): cairo_line_to(context, point.x, point.y)
            case .curve(let first, let second, let end):
                cairo_curve_to(context, first.x, first.y, second.x, second.y, end.x, end.y)
            case .arc(let center, let radius, let start, let end):
                cairo_arc(context, center.x, center.y, radius, start, end)
            case .close: cairo_close_path(context)
            }
        }
    }

    func set(_ paint: Paint) {
        switch paint {
        case .color(let color):
            cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
        case .linear(let start, let end, let stops):
            set(cairo_pattern_create_linear(start.x, start.y, end.x, end.y), stops)
        case .radial(let center, let radius, let stops):
            set(cairo_pattern_create_radial(center.x, center.y, 0, center.x, center.y, radius), stops)
        }
    }

    private func set(_ gradient: OpaquePointer?, _ stops: [(Double, Color)]) {
        for (place, color) in stops {
            cairo_pattern_add_color_stop_rgba(gradient, place, color.red, color.green, color.blue, color.alpha)
        }
        cairo_set_source(context, gradient)
        cairo_pattern_destroy(gradient)
    }
}

extension Blend {
    fileprivate var cairo: cairo_operator_t {
        switch self {
        case .over: CAIRO_OPERATOR_OVER
        case .multiply: CAIRO_OPERATOR_MULTIPLY
        case .screen: CAIRO_OPERATOR_SCREEN
        case .overlay: CAIRO_OPERATOR_OVERLAY
        case .softLight: CAIRO_OPERATOR_SOFT_LIGHT
        case .add: CAIRO_OPERATOR_ADD
        }
    }
}

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
        // Otherwise Pango moves each letter to a whole unit, whatever the size.
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
        // Names come from files and folders: characters that would turn or break the line are made visible.
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

extension Canvas {
    /// The versions of the drawing libraries.
    public static var versions: [String: String] {
        [
            "Cairo": String(cString: cairo_version_string()), "Pango": String(cString: pango_version_string()),
        ]
    }

    /// Draws a picture of pixels.
    ///
    /// - Throws: ``DrawingError``, and what the body throws.
    public static func raster(
        width: Int, height: Int, background: Color = .white, _ body: (Canvas) throws -> Void
    ) throws -> Raster {
        try raster(size: Size(Double(width), Double(height)), background: background, body)
    }

    /// Draws a picture of pixels.
    ///
    /// - Parameters:
    ///   - size: In the canvas's units.
    ///   - scale: Pixels per unit.
    ///   - background: Fills the picture before the body draws.
    ///   - body: Draws on the canvas.
    /// - Returns: `size` times `scale` pixels, rounded up.
    /// - Throws: ``DrawingError``, and what the body throws.
    public static func raster(
        size: Size, scale: Double = 1, background: Color = .white, _ body: (Canvas) throws -> Void
    ) throws -> Raster {
        let (width, height) = ((size.width * scale).rounded(.up), (size.height * scale).rounded(.up))
        let limit = 1.0...32767
        guard limit.contains(width), limit.contains(height) else {
            throw DrawingError(operation: "picture", message: "its size is \(width) x \(height) pixels")
        }
        let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
        defer { cairo_surface_destroy(surface) }
        try draw(on: surface, "picture") { canvas in
            canvas.fill(with: .color(background))
            canvas.scale(by: scale, scale)
            try body(canvas)
        }
        cairo_surface_flush(surface)
        guard let data = cairo_image_surface_get_data(surface) else {
            throw DrawingError(operation: "picture", message: "it has no pixels")
        }
        return Raster(
            width: Int(width), height: Int(height), fromBGRX: data,
            stride: Int(cairo_image_surface_get_stride(surface)))
    }

    /// Draws an SVG file; its bytes do not depend on what the process drew before.
    ///
    /// - Throws: ``DrawingError``, and what the body throws.
    public static func svg(size: Size, _ body: (Canvas) throws -> Void) throws -> Data {
        let sink = Sink()
        let surface = cairo_svg_surface_create_for_stream(
            Sink.append, Unmanaged.passUnretained(sink).toOpaque(), size.width, size.height)
        defer { cairo_surface_destroy(surface) }
        try draw(on: surface, "SVG", body)
        cairo_surface_finish(surface)
        try require(cairo_surface_status(surface), "SVG")
        return Data(SVGIdentifiers.renumbered(sink.data))
    }

    private static func draw(
        on surface: OpaquePointer?, _ operation: String, _ body: (Canvas) throws -> Void
    ) throws {
        try require(cairo_surface_status(surface), operation)
        guard let context = cairo_create(surface) else {
            throw DrawingError(operation: operation, message: "there is no memory for it")
        }
        defer { cairo_destroy(context) }
        try body(Canvas(context))
        try require(cairo_status(context), operation)
    }

    private static func require(_ status: cairo_status_t, _ operation: String) throws {
        guard status == CAIRO_STATUS_SUCCESS else {
            throw DrawingError(operation: operation, message: String(cString: cairo_status_to_string(status)))
        }
    }

    /// Collects the output of Cairo.
    private final class Sink {
        var data = Data()

        static let append: cairo_write_func_t = { sink, bytes, count in
            guard let sink, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
            Unmanaged<Sink>.fromOpaque(sink).takeUnretainedValue().data.append(bytes, count: Int(count))
            return CAIRO_STATUS_SUCCESS
        }
    }
}

extension Raster {
    /// Copies rows of blue, green, red and an unused byte.
    fileprivate init(width: Int, height: Int, fromBGRX source: UnsafePointer<UInt8>, stride: Int) {
        let pixels = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { buffer, count in
            for row in 0..<height {
                for column in 0..<width {
                    let pixel = source + row * stride + 4 * column
                    let place = 3 * (row * width + column)
                    buffer[place] = pixel[2]
                    buffer[place + 1] = pixel[1]
                    buffer[place + 2] = pixel[0]
                }
            }
            count = 3 * width * height
        }
        self.init(width: width, height: height, pixels: pixels)
    }
}

/// A rectangle of a drawing that shows something with a name.
public struct NamedPlace: Sendable, Equatable {
    public let name: String
    public let rect: Rect
}

/// A drawing that Cairo or Pango could not finish.
public struct DrawingError: Error, Equatable, CustomStringConvertible {
    /// The object to draw.
    public let operation: String
    /// The library's message.
    public let message: String

    public var description: String {
        "The \(operation) could not be drawn: \(message). Check the figure's size and the free memory."
    }
}
