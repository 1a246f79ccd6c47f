import Basics
import Foundation

/// The used part of a picture: a box of whole pixels, which may be turned about its centre.
public struct PicturePart: Sendable, Equatable {
    /// Columns of the part.
    public let width: Int
    /// Rows of the part.
    public let height: Int
    /// Leads from a point of the part to the point of the picture that appears there.
    let map: AffineMap
    /// The same part as a box of the picture; nil if it is turned.
    private let box: PixelBox?

    /// The rounding of a corner, in pixels, that adds no row or column.
    private static let tolerance = 1e-6

    /// The part of a picture within a box that is turned about its centre by `theta` radians, clockwise; nil if it lies
    /// outside.
    ///
    /// It is cut at the picture's edges: a turned box to the columns and rows of its own that meet the picture.
    ///
    /// Source: `rotate_box` in wbia-plugin-miew-id, for the sense of Wildbook's `theta`.
    public init?(_ box: PixelBox, theta: Double = 0, of picture: PictureSides) {
        if theta == 0 {
            guard let clipped = box.clipped(toWidth: picture.width, height: picture.height) else { return nil }
            self.init(
                width: clipped.width, height: clipped.height, map: .shift(x: Double(clipped.x), y: Double(clipped.y)),
                box: clipped)
            return
        }
        guard picture.width > 0, picture.height > 0 else { return nil }
        let (width, height) = (Double(box.width), Double(box.height))
        let map = AffineMap.shift(x: -width / 2, y: -height / 2).then(.rotation(radians: -theta))
            .then(.shift(x: Double(box.x) + width / 2, y: Double(box.y) + height / 2))
        let inverse = map.inverseOfTurn
        // The part of the picture within the box, in the box's own frame.
        var corners = [(0, 0), (picture.width, 0), (picture.width, picture.height), (0, picture.height)]
            .map { inverse(x: Double($0), y: Double($1)) }
        corners = Self.cut(corners) { $0.x }
        corners = Self.cut(corners) { width - $0.x }
        corners = Self.cut(corners) { $0.y }
        corners = Self.cut(corners) { height - $0.y }
        guard let left = corners.map(\.x).min(), let right = corners.map(\.x).max(),
            let top = corners.map(\.y).min(), let bottom = corners.map(\.y).max()
        else { return nil }
        func whole(_ first: Double, _ end: Double) -> Range<Int>? {
            let first = Int((first + Self.tolerance).rounded(.down)), end = Int((end - Self.tolerance).rounded(.up))
            return first < end ? first..<end : nil
        }
        guard let columns = whole(left, right), let rows = whole(top, bottom) else { return nil }
        self.init(
            width: columns.count, height: rows.count,
            map: .shift(x: Double(columns.lowerBound), y: Double(rows.lowerBound)).then(map), box: nil)
    }

    private init(width: Int, height: Int, map: AffineMap, box: PixelBox?) {
        self.width = width
        self.height = height
        self.map = map
        self.box = box
    }

    /// The part of a polygon where `distance` is not negative.
    private static func cut(
        _ polygon: [(x: Double, y: Double)], where distance: ((x: Double, y: Double)) -> Double
    ) -> [(x: Double, y: Double)] {
        polygon.indices.flatMap { place -> [(x: Double, y: Double)] in
            let (start, end) = (polygon[place], polygon[(place + 1) % polygon.count])
            let (before, after) = (distance(start), distance(end))
            let own = before >= 0 ? [start] : []
            guard (before >= 0) != (after >= 0) else { return own }
            let share = before / (before - after)
            return own + [(start.x + share * (end.x - start.x), start.y + share * (end.y - start.y))]
        }
    }

    /// The same part of the picture after it is turned upright, itself upright.
    func turned(_ orientation: Orientation, of picture: PictureSides) -> PicturePart {
        let sides = PictureSides(width: width, height: height).turned(orientation)
        return PicturePart(
            width: sides.width, height: sides.height,
            map: orientation.inverse.map(of: sides).then(map).then(orientation.map(of: picture)),
            box: box?.turned(orientation, width: picture.width, height: picture.height))
    }

    /// The part's pixels from the picture, which may be decoded smaller than its `sides`.
    func cut(from picture: Raster, of sides: PictureSides) -> Raster {
        if let box {
            return picture.cropped(
                to: box.scaled(from: (sides.width, sides.height), to: (picture.width, picture.height)))
        }
        let scale = (x: Double(picture.width) / Double(sides.width), y: Double(picture.height) / Double(sides.height))
        func reduced(_ side: Int) -> Int { max(1, Int((Double(side) * max(scale.x, scale.y)).rounded())) }
        let (columns, rows) = (reduced(width), reduced(height))
        let source = AffineMap.scale(x: Double(width) / Double(columns), y: Double(height) / Double(rows))
            .then(map).then(.scale(x: scale.x, y: scale.y))
        return picture.warped(width: columns, height: rows, source: source, outside: .edge)
    }
}

extension AffineMap {
    /// The inverse of a turn with a shift.
    var inverseOfTurn: AffineMap {
        AffineMap.shift(x: -x0, y: -y0).then(AffineMap(xx: xx, xy: yx, yx: xy, yy: yy))
    }
}

extension PictureSides {
    /// The sides of the picture after it is turned upright.
    func turned(_ orientation: Orientation) -> PictureSides {
        orientation.swapsSides ? PictureSides(width: height, height: width) : self
    }
}

extension Orientation {
    /// Leads from a point of a stored picture with these sides to that of the upright picture.
    func map(of sides: PictureSides) -> AffineMap {
        let (width, height) = (Double(sides.width), Double(sides.height))
        return switch self {
        case .upright: AffineMap()
        case .mirrored: AffineMap(xx: -1, x0: width)
        case .upsideDown: AffineMap(xx: -1, x0: width, yy: -1, y0: height)
        case .mirroredUpsideDown: AffineMap(yy: -1, y0: height)
        case .transposed: AffineMap(xx: 0, xy: 1, yx: 1, yy: 0)
        case .turnedLeft: AffineMap(xx: 0, xy: -1, x0: height, yx: 1, yy: 0)
        case .transverse: AffineMap(xx: 0, xy: -1, x0: height, yx: -1, yy: 0, y0: width)
        case .turnedRight: AffineMap(xx: 0, xy: 1, yx: -1, yy: 0, y0: width)
        }
    }
}

extension PhotographFile {
    /// The corners of the box in the displayed picture, cut at its edges, as shares of the picture's width and height:
    /// from the top left of what the box crops, clockwise. Nil without a box. Only the file's header is parsed.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, ``ImagingError``, as for decoding the photograph.
    public func boxCorners() throws -> [(x: Double, y: Double)]? {
        guard box != nil else { return nil }
        let picture = try PictureHead(at: url).picture()
        guard let part = try picture.part(of: self) else { return nil }
        let (width, height) = (Double(part.width), Double(part.height))
        return [(0, 0), (width, 0), (width, height), (0, height)].map { x, y in
            let corner = part.map(x: x, y: y)
            return (corner.x / Double(picture.width), corner.y / Double(picture.height))
        }
    }
}

extension PictureFile {
    var storedSides: PictureSides { PictureSides(width: storedWidth, height: storedHeight) }
    var displayedSides: PictureSides { PictureSides(width: width, height: height) }

    /// The used part of the displayed picture: the photograph's box, turned upright if it is of the stored picture; nil
    /// for all of it.
    ///
    /// - Throws: ``ImagingError/boxOutside(file:box:width:height:)``.
    func part(of photograph: PhotographFile) throws(ImagingError) -> PicturePart? {
        guard let box = photograph.box else { return nil }
        let isDisplayed = isBoxDisplayed(with: photograph.sides)
        let sides = isDisplayed ? displayedSides : storedSides
        guard let part = PicturePart(box, theta: photograph.theta, of: sides) else {
            throw ImagingError.boxOutside(file: name, box: box, width: sides.width, height: sides.height)
        }
        return isDisplayed ? part : part.turned(orientation, of: sides)
    }

    /// Decodes a part of the displayed picture, or all of it. `side` is as in ``decoded(atLeast:)``, of the part if
    /// there is one.
    ///
    /// - Throws: ``ImagingError``.
    func decoded(_ part: PicturePart?, atLeast side: Int?) throws -> Raster {
        guard let part else { return try decoded(atLeast: side) }
        // The whole picture must be larger in proportion, so that the part is large enough.
        let (whole, least) = (min(width, height), min(part.width, part.height))
        let picture = try decoded(atLeast: side.map { ($0 * whole + least - 1) / least })
        return part.cut(from: picture, of: displayedSides)
    }
}
