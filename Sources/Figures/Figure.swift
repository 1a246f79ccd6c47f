import Basics
import Drawing
import Foundation
import Imaging

/// A picture of a report, with the same for those who don't see it.
public protocol Figure: Sendable {
    /// Width and height in points; a figure that flows around its text measures it first.
    var size: Size { get throws }
    /// What is drawn, as numbers and names.
    var data: JSONValue { get }
    /// What is drawn, in one or two sentences.
    var alternativeText: String { get }

    /// Draws within ``size`` on a white ground.
    func draw(on canvas: Canvas)
}

extension Figure {
    /// The figure as an SVG file: the same bytes at every call.
    ///
    /// - Throws: `DrawingError`.
    public func svg() throws -> Data {
        try Canvas.svg(size: size) { canvas in
            canvas.fill(with: .color(.white))
            draw(on: canvas)
        }
    }

    /// The figure as a PNG file: the same bytes at every call.
    ///
    /// - Parameter scale: As in ``raster(scale:)``.
    /// - Throws: `DrawingError`, `ImagingError`.
    public func png(scale: Double) throws -> Data { try raster(scale: scale).png() }

    /// The figure as pixels.
    ///
    /// - Parameter scale: Pixels of a point; a figure too long for it gets as many as an image can hold.
    /// - Throws: `DrawingError`.
    public func raster(scale: Double) throws -> Raster {
        let size = try size
        return try Canvas.raster(size: size, scale: Canvas.scale(scale, fitting: size), draw(on:))
    }
}

extension Canvas {
    /// Cairo's limit for images in pixels, less one for rounding.
    private static let longestSide = 32766.0

    fileprivate static func scale(_ scale: Double, fitting size: Size) -> Double {
        min(scale, longestSide / max(size.width, size.height))
    }
}
