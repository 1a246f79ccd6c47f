import Foundation

/// Columns and rows of a picture, in pixels.
public struct PictureSides: Sendable, Hashable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int

    /// Describes a picture of `width` columns and `height` rows.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

/// What happens to a JPEG file that ends before its picture does.
public enum Salvage: String, Sendable, CaseIterable {
    /// It is refused.
    case off
    /// The missing part becomes grey.
    case grey
}

/// A part of a photograph that can be painted over.
public enum PaintedPart: String, Sendable, Codable { case animal, background }

/// A photograph to load: its file, the part to use, and the id that seeds its augmentation.
public struct PhotographFile: Sendable, Equatable {
    public let id: String
    public let url: URL
    /// The part of the picture that shows the animal; nil for all of it.
    public let box: PixelBox?
    /// The turn of the box about its centre in radians, clockwise in the picture.
    public let theta: Double
    /// The picture's sides in the metadata; nil if unknown. If they fit only the picture turned by its EXIF
    /// orientation, the box is a part of that.
    public let sides: PictureSides?
    /// The animal's outline in the picture; nil if unknown.
    public let outline: Outline?
    /// What happens if the file ends before its picture does.
    public let salvage: Salvage
    /// The part that is painted over; nil for none.
    public private(set) var painted: PaintedPart?
    /// The number of earlier uses in the epoch; each use is augmented differently.
    public private(set) var repetition = 0

    /// Creates the photograph `id` at `url`, cropped to `box` turned by `theta`, whose metadata give `sides` and the
    /// animal's `outline`.
    public init(
        id: String, url: URL, box: PixelBox? = nil, theta: Double = 0, sides: PictureSides? = nil,
        outline: Outline? = nil, salvage: Salvage = .off
    ) {
        self.id = id
        self.url = url
        self.box = box
        self.theta = theta
        self.sides = sides
        self.outline = outline
        self.salvage = salvage
    }

    /// The same photograph with a part painted over.
    public func painted(_ part: PaintedPart) -> PhotographFile {
        var copy = self
        copy.painted = part
        return copy
    }

    /// The same photograph for another use in an epoch.
    public func repeated(_ repetition: Int) -> PhotographFile {
        var copy = self
        copy.repetition = repetition
        return copy
    }
}
