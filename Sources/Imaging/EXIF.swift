/// The parts of a picture's EXIF that are read: its orientation and capture time.
///
/// Invalid lengths and offsets never lead outside the bytes.
///
/// Source: CIPA DC-008 (Exif 2.32), sections 4.5 and 4.6; TIFF 6.0, section 2.
struct EXIF {
    /// ``Orientation/upright`` if the file has no valid orientation.
    private(set) var orientation = Orientation.upright
    /// The text of DateTimeOriginal, else DateTimeDigitized, else DateTime, such as `2020:01:05 10:11:12`; nil if the
    /// file has none or the camera's clock was not set.
    private(set) var captureTime: String?

    private enum Tag {
        static let orientation = 0x0112, dateTime = 0x0132, exif = 0x8769, original = 0x9003, digitised = 0x9004
    }
    private enum Kind {
        static let ascii = 2, long = 4
    }
    /// The length of `YYYY:MM:DD HH:MM:SS`.
    private static let timeLength = 19

    /// Reads the first EXIF segment of a JPEG file's bytes, which may end early.
    init(ofJPEG bytes: UnsafeRawBufferPointer) { self.init(Self.segment(ofJPEG: bytes)) }

    /// Reads the first chunk `eXIf` of a PNG file's bytes.
    init(ofPNG bytes: UnsafeRawBufferPointer) { self.init(Self.chunk(ofPNG: bytes)) }

    /// Reads the first chunk `EXIF` of a WebP file's bytes.
    init(ofWebP bytes: UnsafeRawBufferPointer) { self.init(Self.chunk(ofWebP: bytes)) }

    /// Reads a TIFF structure: a whole TIFF file, or the EXIF of another file.
    init(ofTIFF bytes: UnsafeRawBufferPointer) { self.init(ByteReader(bytes: bytes)) }

    private init(_ tiff: ByteReader?) {
        guard let tiff, tiff.short(at: 2) == 42, let first = tiff.long(at: 4) else { return }
        let main = Self.entries(of: tiff, at: first)
        if let place = main[Tag.orientation] {
            // Some programs store the number as LONG instead of the standard's SHORT.
            let isLong = tiff.short(at: place + 2) == Kind.long
            let number = isLong ? tiff.long(at: place + 8) : tiff.short(at: place + 8)
            orientation = number.flatMap(Orientation.init) ?? .upright
        }
        let inner = main[Tag.exif].flatMap { tiff.long(at: $0 + 8) }.map { Self.entries(of: tiff, at: $0) } ?? [:]
        captureTime =
            [inner[Tag.original], inner[Tag.digitised], main[Tag.dateTime]].lazy
            .compactMap { $0.flatMap { Self.time(in: tiff, at: $0) } }.first
    }

    /// The offsets of a directory's entries, by tag.
    private static func entries(of tiff: ByteReader, at directory: Int) -> [Int: Int] {
        var places: [Int: Int] = [:]
        for entry in 0..<(tiff.short(at: directory) ?? 0) {
            let place = directory + 2 + 12 * entry
            guard let tag = tiff.short(at: place) else { break }
            places[tag] = places[tag] ?? place
        }
        return places
    }

    private static func time(in tiff: ByteReader, at place: Int) -> String? {
        guard tiff.short(at: place + 2) == Kind.ascii, let count = tiff.long(at: place + 4), count >= timeLength,
            let start = tiff.long(at: place + 8), start <= tiff.bytes.count - timeLength
        else { return nil }
        let text = String(decoding: tiff.bytes[start..<start + timeLength], as: UTF8.self)
        // A camera without a set clock writes zeros or spaces.
        return text.hasPrefix("0000") || text.first?.isNumber != true ? nil : text
    }

    /// The TIFF structure of the first APP1 segment that is EXIF.
    private static func segment(ofJPEG bytes: UnsafeRawBufferPointer) -> ByteReader? {
        let reader = ByteReader(bytes: bytes, isLittleEndian: false)
        let name = Array("Exif\0\0".utf8)
        guard bytes.starts(with: JPEGCodec.signature) else { return nil }
        var offset = JPEGCodec.signature.count
        while reader.byte(at: offset) == 0xFF, let marker = reader.byte(at: offset + 1) {
            switch marker {
            case 0xFF:  // fill byte
                offset += 1
                continue
            case 0x01, 0xD0...0xD8:  // no length
                offset += 2
                continue
            case 0xD9, 0xDA:  // pixels follow: no more headers
                return nil
            default:
                break
            }
            guard let length = reader.short(at: offset + 2), length >= 2 else { return nil }
            let end = min(bytes.count, offset + 2 + length)
            let body = bytes[min(offset + 4, end)..<end]
            if marker == 0xE1, body.starts(with: name) {
                return ByteReader(bytes: UnsafeRawBufferPointer(rebasing: body.dropFirst(name.count)))
            }
            offset = end
        }
        return nil
    }

    /// The TIFF structure in the first chunk `EXIF`, which some programs begin as a JPEG's segment.
    private static func chunk(ofWebP bytes: UnsafeRawBufferPointer) -> ByteReader? {
        let reader = ByteReader(bytes: bytes, isLittleEndian: true)
        let name = Array("Exif\0\0".utf8)
        var offset = 12  // after RIFF, its length and WEBP
        while let length = reader.long(at: offset + 4), length <= bytes.count - offset - 8 {
            if bytes[offset..<offset + 4].elementsEqual("EXIF".utf8) {
                let body = bytes[offset + 8..<offset + 8 + length]
                return ByteReader(
                    bytes: UnsafeRawBufferPointer(rebasing: body.starts(with: name) ? body.dropFirst(name.count) : body)
                )
            }
            offset += 8 + length + length % 2
        }
        return nil
    }

    /// The TIFF structure in the first chunk `eXIf`, which may come after the pixels.
    private static func chunk(ofPNG bytes: UnsafeRawBufferPointer) -> ByteReader? {
        let reader = ByteReader(bytes: bytes, isLittleEndian: false)
        var offset = 8  // after the signature
        while let length = reader.long(at: offset), length <= bytes.count - offset - 12 {
            if bytes[offset + 4..<offset + 8].elementsEqual("eXIf".utf8) {
                return ByteReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[offset + 8..<offset + 8 + length]))
            }
            offset += 12 + length
        }
        return nil
    }
}

/// The transformation that turns a stored picture upright: EXIF's tag 0x0112, with its numbers.
///
/// Source: CIPA DC-008 (Exif 2.32), section 4.6.4 A.
public enum Orientation: Int, Sendable, CaseIterable {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case mirroredUpsideDown = 4
    /// Rows and columns swapped.
    case transposed = 5
    /// Needs a quarter turn clockwise.
    case turnedLeft = 6
    /// Rows and columns swapped, then upside down.
    case transverse = 7
    /// Needs a quarter turn anticlockwise.
    case turnedRight = 8

    /// Whether width and height are swapped.
    public var swapsSides: Bool { rawValue >= 5 }

    /// Whether it is a mirror image, possibly turned.
    public var isMirrored: Bool {
        switch self {
        case .mirrored, .mirroredUpsideDown, .transposed, .transverse: true
        case .upright, .upsideDown, .turnedLeft, .turnedRight: false
        }
    }

    /// The inverse; all but the quarter turns are their own.
    var inverse: Orientation {
        switch self {
        case .turnedLeft: .turnedRight
        case .turnedRight: .turnedLeft
        default: self
        }
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
        // The stored pixel (column, row) that becomes the top left one, and the steps from there.
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

    /// The mirror image, with left and right swapped.
    public func mirrored() -> Raster { turned(.mirrored) }
}
