import Basics
import CPixels

/// A picture of 8-bit RGB pixels in memory.
public struct Raster: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// Red, green, blue of each pixel, row by row from the top: `3 * width * height` bytes.
    public var pixels: [UInt8]

    /// Wraps pixels with the layout of ``pixels``.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "a raster needs at least one pixel, not \(width) x \(height)")
        precondition(pixels.count == 3 * width * height, "\(width) x \(height) RGB needs \(3 * width * height) bytes")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Creates a picture of one colour, by default black.
    public init(width: Int, height: Int, red: UInt8 = 0, green: UInt8 = 0, blue: UInt8 = 0) {
        let pixels = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { buffer, count in
            for start in stride(from: 0, to: 3 * width * height, by: 3) {
                buffer[start] = red
                buffer[start + 1] = green
                buffer[start + 2] = blue
            }
            count = 3 * width * height
        }
        self.init(width: width, height: height, pixels: pixels)
    }

    /// The colour at column `x` and row `y`, counted from the top left.
    public subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
        get {
            let start = 3 * (y * width + x)
            return (pixels[start], pixels[start + 1], pixels[start + 2])
        }
        set {
            let start = 3 * (y * width + x)
            pixels[start] = newValue.red
            pixels[start + 1] = newValue.green
            pixels[start + 2] = newValue.blue
        }
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    /// Multiplies the colours of RGBA pixels by alpha / 255, rounded, and removes the alpha channel: what is
    /// transparent becomes black.
    func layOverBlack(area: Int) {
        for pixel in 0..<area {
            let alpha = UInt32(self[4 * pixel + 3])
            for channel in 0..<3 {
                let product = UInt32(self[4 * pixel + channel]) &* alpha &+ 128
                self[3 * pixel + channel] = UInt8(truncatingIfNeeded: (product &+ product >> 8) >> 8)
            }
        }
    }

    /// Removes the alpha channel of RGBA pixels.
    func removeAlpha(area: Int) {
        for pixel in 0..<area {
            for channel in 0..<3 { self[3 * pixel + channel] = self[4 * pixel + channel] }
        }
    }
}

extension PictureFile {
    /// Whether a box is of the displayed picture and not of the stored one, because the sides in the metadata fit only
    /// the displayed one.
    ///
    /// Without sides, for a square picture, and for an orientation that keeps the sides, nothing decides: the box is
    /// then of the stored picture, as in COCO's definition.
    public func isBoxDisplayed(with sides: PictureSides?) -> Bool {
        guard let sides else { return false }
        return sides == PictureSides(width: width, height: height)
            && sides != PictureSides(width: storedWidth, height: storedHeight)
    }
}

extension Raster {
    /// Reads and decodes the used part of a photograph, upright: its box, or all of it.
    ///
    /// A box that extends beyond the picture is cut at its edge; a turned one is cut to the rows and columns that meet
    /// the picture, and the picture's outermost pixels are repeated in its corners. `side` is as in
    /// ``PictureFile/decoded(atLeast:)``, of the box if there is one. The photograph's painted part, if any, is painted
    /// over: see ``PictureFile/painted(_:over:atLeast:)``.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a missing file, else an ``ImagingError``, also for a box
    ///   outside the picture; ``FileError`` for a malformed outline of a photograph to paint.
    public static func decoding(_ photograph: PhotographFile, atLeast side: Int? = nil) throws -> Raster {
        let file = try PictureFile(at: photograph.url, salvage: photograph.salvage)
        if let painted = photograph.painted { return try file.painted(photograph, over: painted, atLeast: side) }
        return try file.decoded(file.part(of: photograph), atLeast: side)
    }

    /// The part of the picture within `box`, which must be inside.
    ///
    /// - Complexity: O(width · height) of the box.
    public func cropped(to box: PixelBox) -> Raster {
        precondition(
            box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height,
            "the box \(box.text) leaves the picture of \(width) x \(height)")
        let rows = box.y..<box.y + box.height
        let cut = [UInt8](unsafeUninitializedCapacity: 3 * box.width * box.height) { target, count in
            for row in rows {
                let start = 3 * (row * width + box.x)
                count = target[count...].update(fromContentsOf: pixels[start..<start + 3 * box.width])
            }
        }
        return Raster(width: box.width, height: box.height, pixels: cut)
    }
}

extension PixelBox {
    /// The box of a stored picture of this size after the picture is turned upright.
    func turned(_ orientation: Orientation, width pictureWidth: Int, height pictureHeight: Int) -> PixelBox {
        // Distances from the other two edges.
        let (right, bottom) = (pictureWidth - x - width, pictureHeight - y - height)
        let (left, top) =
            switch orientation {
            case .upright: (x, y)
            case .mirrored: (right, y)
            case .upsideDown: (right, bottom)
            case .mirroredUpsideDown: (x, bottom)
            case .transposed: (y, x)
            case .turnedLeft: (bottom, x)
            case .transverse: (bottom, right)
            case .turnedRight: (y, right)
            }
        return PixelBox(
            x: left, y: top, width: orientation.swapsSides ? height : width,
            height: orientation.swapsSides ? width : height) ?? self
    }

    /// The box of an upright picture of this size in the stored picture.
    public func stored(_ orientation: Orientation, width pictureWidth: Int, height pictureHeight: Int) -> PixelBox {
        turned(orientation.inverse, width: pictureWidth, height: pictureHeight)
    }

    /// The smallest box of whole pixels that covers this one after a change of the picture's size.
    func scaled(from old: (width: Int, height: Int), to new: (width: Int, height: Int)) -> PixelBox {
        let (left, top) = (x * new.width / old.width, y * new.height / old.height)
        let right = ((x + width) * new.width + old.width - 1) / old.width
        let bottom = ((y + height) * new.height + old.height - 1) / old.height
        return PixelBox(x: left, y: top, width: right - left, height: bottom - top) ?? self
    }
}

extension Fit {
    /// The visible part of a picture, in pixels.
    func source(width: Int, height: Int) -> Region {
        let (columns, rows) = (Double(width), Double(height))
        guard self == .crop else { return Region(x: 0, y: 0, width: columns, height: rows) }
        let side = min(columns, rows)
        // Whole pixels, so that a picture of unchanged size keeps its levels.
        return Region(
            x: ((columns - side) / 2).rounded(.down), y: ((rows - side) / 2).rounded(.down), width: side, height: side)
    }

    /// The columns and rows in the middle of a square of `size` that the picture, or its ``source(width:height:)``,
    /// fills.
    func frame(width: Int, height: Int, size: Int) -> (width: Int, height: Int) {
        guard self == .letterbox else { return (size, size) }
        func side(_ side: Int) -> Int {
            let share = Double(side) / Double(max(width, height))
            return max(1, Int((share * Double(size)).rounded()))
        }
        return (side(width), side(height))
    }
}

extension Raster {
    /// The picture in the middle of a black square that is at least as large; an odd border is wider at the right or
    /// bottom.
    func centred(in size: Int) -> Raster {
        if width == size && height == size { return self }
        var square = Raster(width: size, height: size)
        let (left, top) = ((size - width) / 2, (size - height) / 2)
        square.pixels.withUnsafeMutableBufferPointer { target in
            pixels.withUnsafeBufferPointer { source in
                for row in 0..<height {
                    let start = 3 * ((top + row) * size + left)
                    let line = UnsafeMutableBufferPointer(rebasing: target[start..<start + 3 * width])
                    _ = line.update(fromContentsOf: source[3 * row * width..<3 * (row + 1) * width])
                }
            }
        }
        return square
    }
}

extension Raster {
    /// Adds a share of full white to each level, then multiplies; each step rounds down and stays within 0...255.
    mutating func changeLevels(addition: Double, factor: Double) {
        if addition == 0 && factor == 1 { return }
        func level(_ value: Double) -> Double { min(255, max(0, value)).rounded(.down) }
        let levels = (0...255).map { UInt8(level(level(Double($0) + 255 * addition) * factor)) }
        levels.withUnsafeBufferPointer { levels in
            pixels.withUnsafeMutableBufferPointer { pixels in
                for index in pixels.indices { pixels[index] = levels[Int(pixels[index])] }
            }
        }
    }

    /// Turns hues and adds to saturations, both limited to their scales; hue, saturation and value (the largest of the
    /// three levels, which stays) as in Smith, SIGGRAPH 1978.
    ///
    /// Colourless pixels stay colourless, as in Albumentations' `HueSaturationValue`, which rounds hues to whole steps.
    ///
    /// - Parameters:
    ///   - hue: In steps of 2 degrees.
    ///   - saturation: On a scale to 255.
    mutating func changeTint(hue: Double, saturation: Double) {
        if hue == 0 && saturation == 0 { return }
        // In sixths of the circle, within 0..<6.
        let part = Float((hue / 30).truncatingRemainder(dividingBy: 6))
        let turn = part < 0 ? part + 6 : part
        let addition = Float(saturation / 255)
        let count = width * height
        pixels.withUnsafeMutableBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return }
            wb_tint(start, count, turn, addition)
        }
    }

    /// The picture after JPEG compression.
    ///
    /// - Throws: ``ImagingError/notEncoded(width:height:reason:)``.
    func throughJPEG(quality: Int) throws -> Raster {
        try PictureFile(jpeg(quality: quality, isHasty: true), name: "a picture of quality \(quality)").decoded()
    }
}
