import CCairo
import Foundation
import Imaging

extension Canvas {
    /// The versions of the libraries that draw.
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
    ///   - scale: Pixels of a unit.
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

    /// Draws an SVG file; a drawing has the same bytes whatever the process drew before.
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

    /// Collects what Cairo writes.
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
