import CCairo
import Foundation
import Imaging

/// A surface to draw on: lines, areas, photographs and text.
///
/// A canvas is handed to the closure that draws and must not outlive it. Errors of the library stick to the canvas
/// and are thrown when the drawing is finished.
public final class Canvas {
    let context: OpaquePointer

    init(_ context: OpaquePointer) { self.context = context }

    /// Fills an outline; `evenOdd` leaves what lies inside an even number of its parts.
    public func fill(_ path: Path, with paint: Paint, evenOdd: Bool = false) {
        trace(path)
        set(paint)
        cairo_set_fill_rule(context, evenOdd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING)
        cairo_fill(context)
    }

    /// Fills an outline with one colour.
    public func fill(_ path: Path, _ color: Color) { fill(path, with: .color(color)) }

    /// Fills the whole canvas, or what a clip leaves of it.
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
            // Or the border fades into what lies below.
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

    /// Draws the body on a layer of its own, which then meets what is there.
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

    /// Limits what follows to the inside of an outline, until the end of ``saved(_:)``.
    public func clip(to path: Path) {
        trace(path)
        cairo_clip(context)
    }

    /// Moves the origin of what follows; in the canvas's units.
    public func translate(by x: Double, _ y: Double) { cairo_translate(context, x, y) }
    /// Stretches the axes of what follows by two factors.
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
