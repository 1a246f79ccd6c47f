import Foundation

/// When a JPEG file says that it was taken.
public enum EXIFDate {
    /// So much of a file is read: a segment has 64 KiB at most, and EXIF's is the first or stands behind a short one.
    private static let head = 68 << 10

    /// The text of DateTimeOriginal, else DateTimeDigitized, else DateTime, such as `2020:01:05 10:11:12`; nil where the
    /// file is no JPEG, has no EXIF, or says that the time is not known.
    ///
    /// Source: CIPA DC-008 (Exif 2.32), sections 4.5 and 4.6; TIFF 6.0, section 2.
    public static func text(of file: URL) -> String? {
        (try? RegularFile.head(of: file.path, count: head)).flatMap { text(in: [UInt8]($0)) }
    }

    /// The same of the first bytes of a file.
    static func text(in bytes: [UInt8]) -> String? {
        guard bytes.count > 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            // The picture itself begins: no segment of ours follows.
            if marker == 0xDA || marker == 0xD9 { return nil }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard length >= 2 else { return nil }
            let end = min(bytes.count, position + 2 + length)
            let body = bytes[min(position + 4, end)..<end]
            if marker == 0xE1, body.starts(with: Array("Exif\0\0".utf8)) {
                return TIFFDirectory(Array(body.dropFirst(6)))?.captureTime
            }
            position = end
        }
        return nil
    }
}

/// The part of a TIFF structure that EXIF's times stand in; every read is within its bounds.
private struct TIFFDirectory {
    private let bytes: [UInt8]
    private let isLittle: Bool

    private static let dateTime = 0x0132, exif = 0x8769, original = 0x9003, digitised = 0x9004
    private static let ascii = 2
    /// `YYYY:MM:DD HH:MM:SS`.
    private static let length = 19

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 8, bytes.starts(with: Array("II".utf8)) || bytes.starts(with: Array("MM".utf8)) else {
            return nil
        }
        self.bytes = bytes
        isLittle = bytes[0] == UInt8(ascii: "I")
        guard number(at: 2, size: 2) == 42 else { return nil }
    }

    var captureTime: String? {
        guard let first = number(at: 4, size: 4) else { return nil }
        let own = entries(at: first)
        let inner = own[Self.exif].flatMap { number(at: $0 + 8, size: 4) }.map(entries) ?? [:]
        return [inner[Self.original], inner[Self.digitised], own[Self.dateTime]].lazy
            .compactMap { $0.flatMap(text) }.first
    }

    private func number(at position: Int, size: Int) -> Int? {
        guard position >= 0, position <= bytes.count - size else { return nil }
        let own = bytes[position..<position + size]
        return (isLittle ? own.reversed() : Array(own)).reduce(0) { $0 << 8 | Int($1) }
    }

    /// The places of a directory's entries, by tag.
    private func entries(at position: Int) -> [Int: Int] {
        guard let count = number(at: position, size: 2) else { return [:] }
        var result: [Int: Int] = [:]
        for entry in 0..<count {
            let place = position + 2 + 12 * entry
            guard let tag = number(at: place, size: 2) else { break }
            result[tag] = result[tag] ?? place
        }
        return result
    }

    private func text(ofEntryAt place: Int) -> String? {
        guard number(at: place + 2, size: 2) == Self.ascii, let count = number(at: place + 4, size: 4),
            count >= Self.length, let start = number(at: place + 8, size: 4), start <= bytes.count - Self.length
        else { return nil }
        let text = String(decoding: bytes[start..<start + Self.length], as: UTF8.self)
        // Zeros or blanks stand where the camera did not know.
        return text.hasPrefix("0000") || !(text.first?.isNumber ?? false) ? nil : text
    }
}
