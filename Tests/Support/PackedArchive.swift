import Foundation

/// Makes archives byte by byte, so that tests can make them wrong.
public enum PackedArchive {
    /// An entry of an archive.
    public struct Entry: Sendable {
        /// The types of tar; zip has only files, folders and links.
        public enum Kind: UInt8, Sendable {
            case file = 0x30, hardLink = 0x31, link = 0x32, device = 0x33, folder = 0x35, pipe = 0x36
        }

        public var path: String
        public var contents: Data
        public var kind: Kind
        /// The target of a link.
        public var target: String
        /// The size that the archive claims; nil for the true one.
        public var size: Int?

        /// Creates an entry.
        public init(
            _ path: String, _ contents: Data = Data(), kind: Kind = .file, target: String = "", size: Int? = nil
        ) {
            (self.path, self.contents, self.kind, self.target, self.size) = (path, contents, kind, target, size)
        }
    }

    /// A tar archive (POSIX ustar), compressed by gzip without gain.
    ///
    /// Source: POSIX.1-1988, ustar; RFC 1952 (gzip); RFC 1951 (stored blocks).
    public static func tarGzip(_ entries: [Entry]) -> Data { gzip(tar(entries)) }

    /// A tar archive.
    public static func tar(_ entries: [Entry]) -> Data {
        let blocks = entries.map { entry -> Data in
            var header = Data(count: 512)
            func put(_ text: String, at place: Int) {
                header.replaceSubrange(place..<(place + text.utf8.count), with: text.utf8)
            }
            func octal(_ number: Int, _ digits: Int) -> String {
                let text = String(number, radix: 8)
                return String(repeating: "0", count: max(0, digits - text.count)) + text
            }
            // A long path is divided between two fields.
            var (name, prefix) = (entry.path, "")
            if name.utf8.count > 100, let slash = name.firstIndex(of: "/") {
                (prefix, name) = (String(name[..<slash]), String(name[name.index(after: slash)...]))
            }
            put(name, at: 0)
            put(prefix, at: 345)
            put(octal(0o644, 7), at: 100)
            put(octal(entry.size ?? entry.contents.count, 11), at: 124)
            put(octal(0, 11), at: 136)
            put(String(repeating: " ", count: 8), at: 148)
            header[156] = entry.kind.rawValue
            put(entry.target, at: 157)
            put("ustar\0" + "00", at: 257)
            put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
            let padding = (512 - entry.contents.count % 512) % 512
            return header + entry.contents + Data(count: padding)
        }
        return blocks.reduce(Data(), +) + Data(count: 1024)
    }

    /// Bytes in gzip's form, not compressed.
    public static func gzip(_ data: Data) -> Data {
        var blocks = Data()
        var rest = data[...]
        repeat {
            let piece = rest.prefix(0xFFFF)
            rest = rest.dropFirst(piece.count)
            let length = UInt16(piece.count)
            blocks += [rest.isEmpty ? 1 : 0] + Forge.bytes(length, ~length) + piece
        } while !rest.isEmpty
        return gzipFrame(blocks, checksum: checksum(data), length: data.count)
    }

    /// A gzip file of `count` zero bytes, rounded up to 258 each, which is a 158th of their size.
    public static func gzippedZeros(_ count: Int) -> Data {
        var bits = Bits()
        // The last block, with fixed codes; a zero, and then repetitions of it: length 258, distance 1.
        bits.add(1, 1)
        bits.add(1, 2)
        bits.add(code: 0x30, 8)
        let repetitions = (count + 257) / 258
        for _ in 0..<repetitions {
            bits.add(code: 0b1100_0101, 8)
            bits.add(code: 0, 5)
        }
        bits.add(code: 0, 7)
        let length = repetitions * 258 + 1
        return gzipFrame(bits.data, checksum: checksum(Data(count: length)), length: length)
    }

    /// A zip archive, not compressed. Sizes and paths are written as they are given.
    ///
    /// Source: PKWARE, APPNOTE.TXT.
    public static func zip(_ entries: [Entry]) -> Data {
        var file = Data()
        var directory = Data()
        for entry in entries {
            let isLink = entry.kind == .link
            let contents = isLink ? Data(entry.target.utf8) : entry.contents
            let name = Data((entry.path + (entry.kind == .folder ? "/" : "")).utf8)
            let start = UInt32(file.count), size = UInt32(entry.size ?? contents.count), flags: UInt16 = 1 << 11
            let common =
                Forge.bytes(UInt16(20), flags, 0, 0, 0) + Forge.bytes(checksum(contents), size, size)
                + Forge.bytes(UInt16(name.count), 0)
            file += Forge.bytes(UInt32(0x0403_4B50)) + common + name + contents
            // Made by Unix: the upper half of the attributes is the mode.
            let mode: UInt32 = isLink ? 0o120777 : entry.kind == .folder ? 0o040755 : 0o100644
            directory += Forge.bytes(UInt32(0x0201_4B50)) + Forge.bytes(UInt16(3 << 8 | 20)) + common
            directory += Forge.bytes(UInt16(0), 0, 0) + Forge.bytes(mode << 16, start) + name
        }
        let start = UInt32(file.count), count = UInt16(entries.count)
        file += directory + Forge.bytes(UInt32(0x0605_4B50)) + Forge.bytes(UInt16(0), 0, count, count)
        return file + Forge.bytes(UInt32(directory.count), start) + Forge.bytes(UInt16(0))
    }

    private static func gzipFrame(_ blocks: Data, checksum: UInt32, length: Int) -> Data {
        Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]) + blocks + Forge.bytes(checksum, UInt32(truncatingIfNeeded: length))
    }

    /// CRC-32.
    private static func checksum(_ data: Data) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in data { sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
        return ~sum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 {
            let isOdd = value & 1 == 1
            value >>= 1
            if isOdd { value ^= 0xEDB8_8320 }
        }
        return value
    }

    /// A stream of bits, the lowest of a byte first.
    private struct Bits {
        private(set) var data = Data()
        private var used = 8

        mutating func add(_ value: Int, _ count: Int) {
            for place in 0..<count { add(bit: (value >> place) & 1) }
        }

        /// A Huffman code begins with its highest bit.
        mutating func add(code: Int, _ count: Int) {
            for place in (0..<count).reversed() { add(bit: (code >> place) & 1) }
        }

        private mutating func add(bit: Int) {
            if used == 8 {
                data.append(0)
                used = 0
            }
            data[data.count - 1] |= UInt8(bit << used)
            used += 1
        }
    }
}
