import Basics
import Foundation

/// Random changes to a training photograph, with their strengths.
///
/// The steps, in order: JPEG compression, a random crop, mirroring, brightness, contrast, hue and saturation, an affine
/// map (shift, scale, rotation) with a black border, and a black square cut out. Definitions and probabilities are
/// Albumentations', except for the crop: this is torchvision's `RandomResizedCrop` with shapes relative to the
/// photograph's, because photographs are also stretched to a square at inference, and a square crop would cut off the
/// ends of an elongated animal. If a ``Fit`` keeps the shape, the crop is stretched to the area that the whole
/// photograph would fill.
public struct Augmentation: Sendable, Equatable {
    /// Whether a photograph is mirrored, and which individual the mirror image shows.
    public enum Flip: String, Sendable, Codable {
        /// Never, because a mirrored flank is not that animal's flank.
        case off
        /// With probability 1/2, as the same individual.
        case same
        /// With probability 1/2, as another individual; the caller gives it another class.
        case new
    }

    public var flip: Flip
    /// The smallest share of the area that the random crop keeps, in 0...1; 1 keeps all.
    public var crop: Double
    /// The largest change of brightness either way, as a share of full white.
    public var brightness: Double
    /// The largest difference of the contrast factor from 1.
    public var contrast: Double
    /// The largest rotation of hues either way, in steps of 2 degrees.
    public var hue: Double
    /// The largest change of saturation either way, on a scale to 255.
    public var saturation: Double
    /// The lowest JPEG quality, in 1...100; the highest is 99. 100 disables compression.
    public var jpegQuality: Int
    /// The largest shift, across and down, as a share of the picture's side.
    public var shift: Double
    /// The largest difference of the scale factor from 1.
    public var scale: Double
    /// The largest rotation either way, in degrees.
    public var rotate: Double
    /// The side of the black square as a share of the picture's; 0 for none.
    public var cutout: Double

    /// The probability of a colour change (separately for brightness, contrast, and hue with saturation).
    static let colourProbability = 0.75
    /// The probability of an affine map other than the identity.
    static let mapProbability = 0.75
    static let cutoutProbability = 0.5
    static let flipProbability = 0.5
    /// The range of a crop's aspect ratio relative to the photograph's: 3/4 to 4/3.
    static let largestCropStretch = 4.0 / 3.0
    static let cropAttempts = 10
    /// Below this nothing could be recognised, and at 0 the map would not exist.
    static let smallestScale = 0.05

    /// Creates an augmentation with these strengths; omitted changes have no effect.
    public init(
        flip: Flip = .off, crop: Double = 1, brightness: Double = 0, contrast: Double = 0, hue: Double = 0,
        saturation: Double = 0, jpegQuality: Int = 100, shift: Double = 0, scale: Double = 0, rotate: Double = 0,
        cutout: Double = 0
    ) {
        self.flip = flip
        self.crop = crop
        self.brightness = brightness
        self.contrast = contrast
        self.hue = hue
        self.saturation = saturation
        self.jpegQuality = jpegQuality
        self.shift = shift
        self.scale = scale
        self.rotate = rotate
        self.cutout = cutout
    }

    /// The changes to one photograph in one epoch, determined by the arguments alone; `repetition` is the number of its
    /// earlier uses in the epoch.
    public func draw(seed: UInt64, epoch: Int, imageID: String, repetition: Int = 0) -> AugmentationDraw {
        let time = repetition == 0 ? "\(epoch)" : "\(epoch), \(repetition)"
        var generator = SeededGenerator(seed: seed, "augment", time, imageID)
        // A separate stream, because these draws were added later and must not change the others.
        var late = SeededGenerator(seed: seed, "augment late", time, imageID)
        var draw = draw(using: &generator)
        drawLate(into: &draw, using: &late)
        return draw
    }

    /// Draws one photograph's changes.
    ///
    /// Draws every number in a fixed order even if it is unused, so that one strength does not affect the other
    /// changes. The crop comes last, because only it needs a varying number of draws.
    func draw(using generator: inout SeededGenerator) -> AugmentationDraw {
        var draw = AugmentationDraw()
        draw.isMirrored = generator.chance(Self.flipProbability) && flip != .off

        let brightens = generator.chance(Self.colourProbability)
        let addition = generator.uniform(-1...1) * brightness
        draw.addition = brightens ? addition : 0
        let contrasts = generator.chance(Self.colourProbability)
        let factor = 1 + generator.uniform(-1...1) * contrast
        draw.factor = contrasts ? factor : 1

        let moves = generator.chance(Self.mapProbability)
        let shiftX = generator.uniform(-1...1) * shift
        let shiftY = generator.uniform(-1...1) * shift
        let scale = max(Self.smallestScale, 1 + generator.uniform(-1...1) * scale)
        let rotation = generator.uniform(-1...1) * rotate
        if moves { (draw.shiftX, draw.shiftY, draw.scale, draw.rotation) = (shiftX, shiftY, scale, rotation) }

        let cuts = generator.chance(Self.cutoutProbability)
        let cutX = generator.uniform()
        let cutY = generator.uniform()
        if cuts && cutout > 0 { draw.cutout = .init(centerX: cutX, centerY: cutY, side: cutout) }

        draw.crop = drawCrop(using: &generator)
        return draw
    }

    private func drawLate(into draw: inout AugmentationDraw, using generator: inout SeededGenerator) {
        let tints = generator.chance(Self.colourProbability)
        let hue = generator.uniform(-1...1) * hue
        let saturation = generator.uniform(-1...1) * saturation
        if tints { (draw.hue, draw.saturation) = (hue, saturation) }
        let quality = generator.uniform()
        if jpegQuality < 100 { draw.jpegQuality = jpegQuality + Int(quality * Double(100 - jpegQuality)) }
    }

    private func drawCrop(using generator: inout SeededGenerator) -> Region {
        if crop < 1 {
            let limit = log(Self.largestCropStretch)
            for _ in 0..<Self.cropAttempts {
                let area = generator.uniform(crop...1)
                let stretch = exp(generator.uniform(-limit...limit))
                let (width, height) = ((area * stretch).squareRoot(), (area / stretch).squareRoot())
                if width <= 1 && height <= 1 {
                    return Region(
                        x: generator.uniform() * (1 - width), y: generator.uniform() * (1 - height), width: width,
                        height: height)
                }
            }
        }
        return .whole
    }
}

/// The changes to one photograph: the numbers drawn by ``Augmentation``.
public struct AugmentationDraw: Sendable, Equatable {
    struct Cutout: Sendable, Equatable {
        /// Shares of the picture's side.
        var centerX, centerY, side: Double
    }

    /// Whether the result is the photograph's mirror image.
    public internal(set) var isMirrored = false
    /// The part to keep, in shares of the photograph's sides.
    var crop = Region.whole
    /// The share of full white added to each level, before ``factor``.
    var addition = 0.0
    var factor = 1.0
    /// Steps of 2 degrees.
    var hue = 0.0
    /// Levels of 255.
    var saturation = 0.0
    /// The quality of JPEG compression, or nil for none.
    var jpegQuality: Int?
    /// Shares of the picture's side, to the right and down.
    var shiftX = 0.0
    var shiftY = 0.0
    var scale = 1.0
    /// Degrees, anticlockwise as seen.
    var rotation = 0.0
    var cutout: Cutout?

    /// The photograph as a square of `size` pixels a side, filled according to `fit`, with the changes applied.
    ///
    /// Crop, fit, mirroring and map become one smoothing resize, to about the final scale, and one bilinear warp, so
    /// that detail is lost only once.
    ///
    /// - Throws: ``ImagingError/notEncoded(width:height:reason:)`` if JPEG compression is requested and the photograph
    ///   is too large for it.
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
            // Never more pixels than the photograph has, because the warp magnifies.
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

    /// Maps the finished square back to the crop, which fills the frame and was resized to `part`.
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
    /// A whole picture, in shares of its sides.
    static let whole = Region(x: 0, y: 0, width: 1, height: 1)

    /// Converts shares of another region's sides to pixels, without rounding beyond its edges.
    fileprivate func within(_ region: Region) -> Region {
        let (left, top) = (x * region.width, y * region.height)
        return Region(
            x: region.x + left, y: region.y + top, width: min(width * region.width, region.width - left),
            height: min(height * region.height, region.height - top))
    }
}

extension Raster {
    /// Blackens the square; a part beyond the right or lower edge is lost.
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
