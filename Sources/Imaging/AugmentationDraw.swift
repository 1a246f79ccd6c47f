import Basics

/// What happens to one photograph: the numbers that ``Augmentation`` drew.
public struct AugmentationDraw: Sendable, Equatable {
    struct Cutout: Sendable, Equatable {
        /// Shares of the picture's side.
        var centerX, centerY, side: Double
    }

    /// Whether the result is the photograph's mirror image.
    public internal(set) var isMirrored = false
    /// The part that is kept, in shares of the photograph's sides.
    var crop = Region.whole
    /// Share of full white that is added to each level, before ``factor``.
    var addition = 0.0
    var factor = 1.0
    /// Steps of 2 degrees.
    var hue = 0.0
    /// Levels of 255.
    var saturation = 0.0
    /// The quality of the JPEG file that the photograph goes through, or nil for none.
    var jpegQuality: Int?
    /// Shares of the picture's side, to the right and down.
    var shiftX = 0.0
    var shiftY = 0.0
    var scale = 1.0
    /// Degrees, anticlockwise as seen.
    var rotation = 0.0
    var cutout: Cutout?

    /// The photograph as a square, with the changes done to it.
    ///
    /// Crop, fit, mirror image and map become one smoothing resize, to about the scale that is seen in the end, and one
    /// bilinear warp for the rest, so that detail is lost once only.
    ///
    /// - Parameters:
    ///   - size: The square's side in pixels.
    ///   - fit: How the photograph fills the square.
    /// - Throws: ``ImagingError/notEncoded(width:height:reason:)`` where a JPEG file is asked for and the photograph
    ///   is too large for one.
    /// - Complexity: O(photograph's pixels + size²).
    public func applied(to photograph: Raster, size: Int, fit: Fit = .stretch) throws -> Raster {
        let photograph = try jpegQuality.map(photograph.throughJPEG) ?? photograph
        let region = crop.within(fit.source(width: photograph.width, height: photograph.height))
        let frame = fit.frame(width: photograph.width, height: photograph.height, size: size)
        var result: Raster
        if scale == 1 && rotation == 0 && shiftX == 0 && shiftY == 0 {
            result = photograph.resized(width: frame.width, height: frame.height, from: region)
            changeColours(of: &result)
            if isMirrored { result = result.mirrored() }
            result = result.centred(in: size)
        } else {
            // Never more pixels than the photograph has: the warp magnifies.
            func side(_ framed: Int, _ stored: Double) -> Int {
                max(1, Int(min((Double(framed) * scale).rounded(), stored.rounded(.up))))
            }
            let (width, height) = (side(frame.width, region.width), side(frame.height, region.height))
            var part = photograph.resized(width: width, height: height, from: region)
            changeColours(of: &part)
            result = part.warped(width: size, height: size, source: map(size: size, frame: frame, to: part))
        }
        if let cutout { result.blacken(cutout, size: size) }
        return result
    }

    private func changeColours(of picture: inout Raster) {
        picture.changeLevels(addition: addition, factor: factor)
        picture.changeTint(hue: hue, saturation: saturation)
    }

    /// From the finished square back to the crop, which fills the frame and has been resized to `part`.
    private func map(size: Int, frame: (width: Int, height: Int), to part: Raster) -> AffineMap {
        let side = Double(size)
        let (frameWidth, frameHeight) = (Double(frame.width), Double(frame.height))
        return AffineMap.shift(x: -(0.5 + shiftX) * side, y: -(0.5 + shiftY) * side)
            .then(.rotation(degrees: -rotation))
            .then(.scale(x: (isMirrored ? -1 : 1) / scale, y: 1 / scale))
            .then(.shift(x: 0.5 * frameWidth, y: 0.5 * frameHeight))
            .then(.scale(x: Double(part.width) / frameWidth, y: Double(part.height) / frameHeight))
    }
}

extension Region {
    /// All of a picture, in shares of its sides.
    static let whole = Region(x: 0, y: 0, width: 1, height: 1)

    /// From shares of another region's sides to pixels, never beyond its edges by rounding.
    fileprivate func within(_ region: Region) -> Region {
        let (left, top) = (x * region.width, y * region.height)
        return Region(
            x: region.x + left, y: region.y + top, width: min(width * region.width, region.width - left),
            height: min(height * region.height, region.height - top))
    }
}

extension Raster {
    /// Cuts the square out; one whose centre is near the right or lower edge loses what lies beyond.
    fileprivate mutating func blacken(_ cutout: AugmentationDraw.Cutout, size: Int) {
        let side = Int(cutout.side * Double(size))
        func span(_ center: Double) -> Range<Int> {
            let start = max(0, Int(center * Double(size)) - side / 2)
            return start..<min(size, start + side)
        }
        let columns = span(cutout.centerX)
        for row in span(cutout.centerY) {
            let start = 3 * row * size
            pixels.withUnsafeMutableBufferPointer {
                $0[start + 3 * columns.lowerBound..<start + 3 * columns.upperBound].update(repeating: 0)
            }
        }
    }
}
