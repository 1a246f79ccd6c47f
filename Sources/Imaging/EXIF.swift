/// What is read of a picture's EXIF: which side is up, and when the picture was taken.
///
/// Nothing outside the bytes is read, whatever lengths and offsets they claim.
///
/// Source: CIPA DC-008 (Exif 2.32), sections 4.5 and 4.6; TIFF 6.0, section 2.
struct EXIF {
    /// ``Orientation/upright`` where the file says nothing that makes sense.
    private(set) var orientation = Orientation.upright
    /// The text of DateTimeOriginal, else DateTimeDigitized, else DateTime, such as `2020:01:05 10:11:12`; nil where the
    /// file has none or the camera did not know the time.
    private(set) var captureTime: String?

    private enum Tag {
        static let orientation = 0x0112, dateTime = 0x0132, exif = 0x8769, original = 0x9003, digitised = 0x9004
    }
    private enum Kind {
        static let ascii = 2, long = 4
    }
    /// Of `YYYY:MM:DD HH:MM:SS`.
    private static let timeLength = 19

    /// Reads the first EXIF segment of a JPEG file's bytes, which may end early.
    init(ofJPEG bytes: UnsafeRawBufferPointer) { self.init(Self.segment(ofJPEG: bytes)) }

    /// Reads the first chunk `eXIf` of a PNG file's bytes.
    init(ofPNG bytes: UnsafeRawBufferPointer) { self.init(Self.chunk(ofPNG: bytes)) }

    private init(_ tiff: ByteReader?) {
        guard let tiff, tiff.short(at: 2) == 42, let first = tiff.long(at: 4) else { return }
        let main = Self.entries(of: tiff, at: first)
        if let place = main[Tag.orientation] {
            // Some writers store the number as LONG where the standard asks for SHORT.
            let isLong = tiff.short(at: place + 2) == Kind.long
            let number = isLong ? tiff.long(at: place + 8) : tiff.short(at: place + 8)
            orientation = number.flatMap(Orientation.init) ?? .upright
        }
        let inner = main[Tag.exif].flatMap { tiff.long(at: $0 + 8) }.map { Self.entries(of: tiff, at: $0) } ?? [:]
        captureTime =
            [inner[Tag.original], inner[Tag.digitised], main[Tag.dateTime]].lazy
            .compactMap { $0.flatMap { Self.time(in: tiff, at: $0) } }.first
    }

    /// Where a directory's entries lie, by tag.
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
        // Zeros or blanks stand where the camera did not know.
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
            case 0x01, 0xD0...0xD8:  // stand alone
                offset += 2
                continue
            case 0xD9, 0xDA:  // the pixels begin: no more headers
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

    /// The TIFF structure that the first chunk `eXIf` is; it may lie behind the pixels.
    private static func chunk(ofPNG bytes: UnsafeRawBufferPointer) -> ByteReader? {
        let reader = ByteReader(bytes: bytes, isLittleEndian: false)
        var offset = 8  // behind the signature
        while let length = reader.long(at: offset), length <= bytes.count - offset - 12 {
            if bytes[offset + 4..<offset + 8].elementsEqual("eXIf".utf8) {
                return ByteReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[offset + 8..<offset + 8 + length]))
            }
            offset += 12 + length
        }
        return nil
    }
}
