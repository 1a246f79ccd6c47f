/// How a stored picture is to be turned to stand upright: EXIF's tag 0x0112, under its numbers.
///
/// Source: CIPA DC-008 (Exif 2.32), section 4.6.4 A.
public enum Orientation: Int, Sendable, CaseIterable {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case mirroredUpsideDown = 4
    /// Rows and columns exchanged.
    case transposed = 5
    /// To be turned a quarter clockwise.
    case turnedLeft = 6
    /// Rows and columns exchanged, then upside down.
    case transverse = 7
    /// To be turned a quarter anticlockwise.
    case turnedRight = 8

    /// Whether width and height change places.
    public var swapsSides: Bool { rawValue >= 5 }

    /// Finds the orientation in a JPEG file's bytes; upright where it has none, or none that makes sense.
    ///
    /// Reads nothing outside `bytes`, whatever lengths and offsets they claim.
    public init(ofJPEG bytes: UnsafeRawBufferPointer) {
        self = Self.exifSegment(ofJPEG: bytes).flatMap(Self.init(ofTIFF:)) ?? .upright
    }

    /// Finds the orientation in a PNG file's bytes, in its chunk `eXIf`; otherwise as ``init(ofJPEG:)``.
    public init(ofPNG bytes: UnsafeRawBufferPointer) {
        self = Self.exifChunk(ofPNG: bytes).flatMap(Self.init(ofTIFF:)) ?? .upright
    }

    /// The TIFF structure that the first chunk `eXIf` is; it may lie behind the pixels.
    private static func exifChunk(ofPNG bytes: UnsafeRawBufferPointer) -> ByteReader? {
        let reader = ByteReader(bytes: bytes, isLittleEndian: false)
        var offset = 8
        while let length = reader.long(at: offset), length <= bytes.count - offset - 12 {
            let type = bytes[offset + 4..<offset + 8]
            if type.elementsEqual("eXIf".utf8) {
                return ByteReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[offset + 8..<offset + 8 + length]))
            }
            offset += 12 + length
        }
        return nil
    }

    /// The TIFF structure within the first APP1 segment that is EXIF.
    private static func exifSegment(ofJPEG bytes: UnsafeRawBufferPointer) -> ByteReader? {
        let reader = ByteReader(bytes: bytes, isLittleEndian: false)
        var offset = 2
        while let prefix = reader.byte(at: offset), prefix == 0xFF, let marker = reader.byte(at: offset + 1) {
            switch marker {
            case 0xFF:  // fill byte
                offset += 1
                continue
            case 0x01, 0xD0...0xD8:  // stand alone
                offset += 2
                continue
            case 0xD9, 0xDA:  // the pixels begin: no more headers
                return nil
            default:
                break
            }
            guard let length = reader.short(at: offset + 2), length >= 2 else { return nil }
            let start = offset + 4
            let end = offset + 2 + length
            guard end <= bytes.count else { return nil }
            if marker == 0xE1, length >= 2 + 6, bytes[start..<start + 6].elementsEqual(Array("Exif\0\0".utf8)) {
                return ByteReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[start + 6..<end]))
            }
            offset = end
        }
        return nil
    }

    /// Looks for the tag in the first directory.
    private init?(ofTIFF reader: ByteReader) {
        guard reader.short(at: 2) == 42, let directory = reader.long(at: 4), let count = reader.short(at: directory)
        else { return nil }
        for entry in 0..<count {
            let start = directory + 2 + 12 * entry
            guard let tag = reader.short(at: start) else { return nil }
            guard tag == 0x0112 else { continue }
            guard let type = reader.short(at: start + 2) else { return nil }
            // Some writers store the number as LONG where the standard asks for SHORT.
            guard let value = type == 4 ? reader.long(at: start + 8) : reader.short(at: start + 8) else { return nil }
            self.init(rawValue: value)
            return
        }
        return nil
    }
}

extension Raster {
    /// The picture upright, given the orientation it was stored in.
    ///
    /// - Complexity: O(width · height).
    public func turned(_ orientation: Orientation) -> Raster {
        if orientation == .upright { return self }
        let turnedWidth = orientation.swapsSides ? height : width
        let turnedHeight = orientation.swapsSides ? width : height
        let (right, bottom) = (width - 1, height - 1)
        // The stored pixel (as column, row) that comes to the top left, and the steps from there.
        let (startX, startY, right1, down1): (Int, Int, (Int, Int), (Int, Int)) =
            switch orientation {
            case .upright: (0, 0, (1, 0), (0, 1))
            case .mirrored: (right, 0, (-1, 0), (0, 1))
            case .upsideDown: (right, bottom, (-1, 0), (0, -1))
            case .mirroredUpsideDown: (0, bottom, (1, 0), (0, -1))
            case .transposed: (0, 0, (0, 1), (1, 0))
            case .turnedLeft: (0, bottom, (0, -1), (1, 0))
            case .transverse: (right, bottom, (0, -1), (-1, 0))
            case .turnedRight: (right, 0, (0, 1), (-1, 0))
            }
        let columnStep = 3 * (right1.1 * width + right1.0)
        let rowStep = 3 * (down1.1 * width + down1.0)
        let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
            pixels.withUnsafeBufferPointer { source in
                var output = 0
                for row in 0..<turnedHeight {
                    var input = 3 * (startY * width + startX) + row * rowStep
                    for _ in 0..<turnedWidth {
                        target[output] = source[input]
                        target[output + 1] = source[input + 1]
                        target[output + 2] = source[input + 2]
                        output += 3
                        input += columnStep
                    }
                }
            }
            count = pixels.count
        }
        return Raster(width: turnedWidth, height: turnedHeight, pixels: turned)
    }

    /// The mirror image, left and right exchanged.
    public func mirrored() -> Raster { turned(.mirrored) }
}
