import Basics
import Drawing
import Foundation

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
    /// - Parameter scale: Pixels of a point; a figure too long for it gets as many as an image can hold.
    /// - Throws: `DrawingError`.
    public func png(scale: Double) throws -> Data {
        let size = try size
        let fitting = Canvas.longestSide / max(size.width, size.height)
        return try Canvas.png(size: size, scale: min(scale, fitting), draw(on:))
    }
}

extension Canvas {
    /// Cairo's limit for images in pixels, less one for rounding.
    fileprivate static let longestSide = 32766.0
}
