import Basics
import Drawing
import Foundation
import Imaging

/// A picture of a report, with its data and a text alternative.
public protocol Figure: Sendable {
    /// Width and height in points; a figure whose height depends on its text measures it first.
    var size: Size { get throws }
    /// The content, as numbers and names.
    var data: JSONValue { get }
    /// The content, in one or two sentences.
    var alternativeText: String { get }

    /// Draws within ``size`` on a white background.
    func draw(on canvas: Canvas)
}

extension Figure {
    /// The figure as an SVG file: the same bytes at every call.
    ///
    /// - Throws: `DrawingError`.
    public func svg() throws -> Data {
        var places: [FigurePlace] = []
        return try svg(noting: &places)
    }

    /// The same, with the places of what the figure names.
    ///
    /// - Throws: `DrawingError`.
    public func svg(noting places: inout [FigurePlace]) throws -> Data {
        let size = try size
        return try Canvas.svg(size: size) { canvas in
            canvas.fill(with: .color(.white))
            draw(on: canvas)
            places = canvas.places.map { FigurePlace($0, in: size) }
        }
    }

    /// The figure as a PNG file: the same bytes at every call. `scale` is as in ``raster(scale:)``.
    ///
    /// - Throws: `DrawingError`, `ImagingError`.
    public func png(scale: Double) throws -> Data { try raster(scale: scale).png() }

    /// The figure as pixels: `scale` per point, or fewer if the image would exceed Cairo's limit.
    ///
    /// - Throws: `DrawingError`.
    public func raster(scale: Double) throws -> Raster {
        var places: [FigurePlace] = []
        return try raster(scale: scale, noting: &places)
    }

    /// The same, with the places of what the figure names.
    ///
    /// - Throws: `DrawingError`.
    public func raster(scale: Double, noting places: inout [FigurePlace]) throws -> Raster {
        let size = try size
        var noted: [NamedPlace] = []
        let raster = try Canvas.raster(size: size, scale: Canvas.scale(scale, fitting: size)) { canvas in
            draw(on: canvas)
            noted = canvas.places
        }
        let pixels = Size(Double(raster.width), Double(raster.height))
        places = noted.map { FigurePlace($0, in: pixels) }
        return raster
    }
}

/// The part of a figure that shows something with a name, such as a photograph: a rectangle, or a point without width
/// and height. All lengths are shares of the figure's width and height, from the top left corner.
public struct FigurePlace: Sendable, Equatable {
    public let name: String
    public let x: Double
    public let y: Double
    public let width: Double
    public let height: Double

    fileprivate init(_ place: NamedPlace, in size: Size) {
        name = place.name
        x = place.rect.x / size.width
        y = place.rect.y / size.height
        width = place.rect.width / size.width
        height = place.rect.height / size.height
    }
}

extension Canvas {
    /// Cairo's limit for images in pixels, less one for rounding.
    private static let longestSide = 32766.0

    fileprivate static func scale(_ scale: Double, fitting size: Size) -> Double {
        min(scale, longestSide / max(size.width, size.height))
    }
}

/// Lists in sentences, short enough for a screen reader.
enum Listing {
    private static let limit = 12

    /// The entries separated by semicolons; of a long list, the first ones and the number of the rest.
    static func sentence(_ entries: [String]) -> String {
        let more = entries.count > limit ? "; and \(entries.count - limit) more" : ""
        return entries.prefix(limit).joined(separator: "; ") + more + "."
    }
}

/// The colours of all figures.
///
/// Source: Okabe and Ito, "Color Universal Design", 2008: distinguishable with every kind of colour vision.
enum Palette {
    static let blue = Color(hex: 0x0072B2)
    static let vermilion = Color(hex: 0xD55E00)
    static let bluishGreen = Color(hex: 0x009E73)
    static let reddishPurple = Color(hex: 0xCC79A7)
    static let orange = Color(hex: 0xE69F00)
    static let yellow = Color(hex: 0xF0E442)
    static let skyBlue = Color(hex: 0x56B4E9)

    /// For lines in turn. Black is for emphasis, and yellow is darkened, because it is too pale for lines on white.
    static let lines = [
        blue, vermilion, bluishGreen, reddishPurple, orange, skyBlue,
        yellow.mixed(with: .black, share: 0.3), vermilion.mixed(with: .black, share: 0.55),
    ]

    static let ink = Color(hex: 0x1F2328)
    static let secondaryInk = Color(hex: 0x59636E)
    /// For lines to compare with, which are not the subject.
    static let reference = Color(hex: 0x6E7781)
    static let axis = Color(hex: 0x8C959F)
    static let grid = Color(hex: 0xE4E8EC)
    static let panel = Color(hex: 0xEEF2F6)
    /// Around photographs that do not fill their tile.
    static let empty = Color(hex: 0xDDE1E6)
}
