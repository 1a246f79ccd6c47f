import Basics
import Foundation

/// What is done at random to a training photograph, and how strongly.
///
/// The steps, in order: a random crop, a mirror image, brightness, contrast, one affine map (shift, scale, rotation)
/// with a black border, a black square cut out. Definitions and probabilities are Albumentations', but for the crop,
/// which is torchvision's `RandomResizedCrop` with its shapes relative to the photograph's own: photographs are
/// stretched to a square in use too, and an elongated animal would lose its ends to a square crop.
public struct Augmentation: Sendable, Equatable {
    /// Whether, and as whom, a photograph is mirrored.
    public enum Flip: String, Sendable, Codable {
        /// Never: a mirrored flank is not that animal's flank.
        case off
        /// Half of them, as the same individual.
        case same
        /// Half of them, as another individual; the caller gives those another class.
        case new
    }

    public var flip: Flip
    /// The smallest share of the area that the random crop keeps, in 0...1; 1 keeps all.
    public var crop: Double
    /// The most that is added or taken, as a share of full white.
    public var brightness: Double
    /// The most that the factor on levels differs from 1.
    public var contrast: Double
    /// The most that the picture moves, as a share of its side, across and down each.
    public var shift: Double
    /// The most that the picture's factor differs from 1.
    public var scale: Double
    /// The most that the picture turns either way, in degrees.
    public var rotate: Double
    /// The side of the black square as a share of the picture's; 0 cuts none.
    public var cutout: Double

    /// How often colours change (brightness and contrast each).
    static let colourProbability = 0.75
    /// How often the affine map is not the identity.
    static let mapProbability = 0.75
    static let cutoutProbability = 0.5
    static let flipProbability = 0.5
    /// How much wider or narrower than the photograph a crop may be: 3/4 to 4/3.
    static let largestCropStretch = 4.0 / 3.0
    static let cropAttempts = 10
    /// Below it nothing could be recognised, and at 0 there is no map.
    static let smallestScale = 0.05

    /// An augmentation of these strengths; what is left out does nothing.
    public init(
        flip: Flip = .off, crop: Double = 1, brightness: Double = 0, contrast: Double = 0, shift: Double = 0,
        scale: Double = 0, rotate: Double = 0, cutout: Double = 0
    ) {
        self.flip = flip
        self.crop = crop
        self.brightness = brightness
        self.contrast = contrast
        self.shift = shift
        self.scale = scale
        self.rotate = rotate
        self.cutout = cutout
    }

    /// What happens to one photograph in one epoch; depends on nothing but the arguments.
    ///
    /// - Parameter repetition: How often the epoch had it before.
    public func draw(seed: UInt64, epoch: Int, imageID: String, repetition: Int = 0) -> AugmentationDraw {
        let time = repetition == 0 ? "\(epoch)" : "\(epoch), \(repetition)"
        var generator = SeededGenerator(seed: seed, "augment", time, imageID)
        return draw(using: &generator)
    }

    /// Draws one photograph's changes.
    ///
    /// Every number is drawn, in one order, whether it is used or not: changing one strength leaves the other
    /// changes as they were. Only the crop needs a varying count, so it comes last.
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
    /// Shares of the picture's side, to the right and down.
    var shiftX = 0.0
    var shiftY = 0.0
    var scale = 1.0
    /// Degrees, anticlockwise as seen.
    var rotation = 0.0
    var cutout: Cutout?

    /// The photograph stretched to a square, with the changes done to it.
    ///
    /// Crop, stretch, mirror image and map become one smoothing resize, to about the scale that is seen in the end,
    /// and one bilinear warp for the rest, so that detail is lost once only.
    ///
    /// - Parameter size: The square's side in pixels.
    /// - Complexity: O(photograph's pixels + size²).
    public func applied(to photograph: Raster, size: Int) -> Raster {
        let region = crop.scaled(width: photograph.width, height: photograph.height)
        var result: Raster
        if scale == 1 && rotation == 0 && shiftX == 0 && shiftY == 0 {
            result = photograph.resized(width: size, height: size, from: region)
            result.changeColours(addition: addition, factor: factor)
            if isMirrored { result = result.mirrored() }
        } else {
            // Never more pixels than the photograph has: the warp magnifies.
            let scaled = (Double(size) * scale).rounded()
            let width = max(1, Int(min(scaled, region.width.rounded(.up))))
            let height = max(1, Int(min(scaled, region.height.rounded(.up))))
            var part = photograph.resized(width: width, height: height, from: region)
            part.changeColours(addition: addition, factor: factor)
            result = part.warped(width: size, height: size, source: map(size: size, toWidth: width, height: height))
        }
        if let cutout { result.blacken(cutout, size: size) }
        return result
    }

    /// From the finished square back to the crop, which has been resized to `width` x `height`.
    private func map(size: Int, toWidth width: Int, height: Int) -> AffineMap {
        let side = Double(size)
        return AffineMap.shift(x: -(0.5 + shiftX) * side, y: -(0.5 + shiftY) * side)
            .then(.rotation(degrees: -rotation))
            .then(.scale(x: (isMirrored ? -1 : 1) / scale, y: 1 / scale))
            .then(.shift(x: 0.5 * side, y: 0.5 * side))
            .then(.scale(x: Double(width) / side, y: Double(height) / side))
    }
}

extension Region {
    /// All of a picture, in shares of its sides.
    fileprivate static let whole = Region(x: 0, y: 0, width: 1, height: 1)

    /// From shares of a picture's sides to its pixels, never beyond its edges by rounding.
    fileprivate func scaled(width pixelWidth: Int, height pixelHeight: Int) -> Region {
        let (columns, rows) = (Double(pixelWidth), Double(pixelHeight))
        let (left, top) = (x * columns, y * rows)
        return Region(
            x: left, y: top, width: min(width * columns, columns - left), height: min(height * rows, rows - top))
    }
}

extension Raster {
    /// Adds a share of full white to each level, then multiplies; each step rounds down and stays within 0...255.
    fileprivate mutating func changeColours(addition: Double, factor: Double) {
        if addition == 0 && factor == 1 { return }
        func level(_ value: Double) -> Double { min(255, max(0, value)).rounded(.down) }
        let levels = (0...255).map { UInt8(level(level(Double($0) + 255 * addition) * factor)) }
        levels.withUnsafeBufferPointer { levels in
            pixels.withUnsafeMutableBufferPointer { pixels in
                for index in pixels.indices { pixels[index] = levels[Int(pixels[index])] }
            }
        }
    }

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
