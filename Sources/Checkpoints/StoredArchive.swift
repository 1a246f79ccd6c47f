import Foundation

/// The entries of a ZIP archive that stores them uncompressed, as PyTorch does.
///
/// Only the directory is read; contents stay in the file. Every entry lies before the directory, and no two overlap.
///
/// Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3 (ZIP64).
struct StoredArchive {
    /// The bytes of each entry in the file, by name.
    let entries: [String: Range<Int>]

    /// Reads the directory of a whole file.
    init(of file: Data) throws(CheckpointFlaw) {
        let reader = LittleEndianReader(file)
        let end = try Self.end(of: reader)
        var place = end.directory.lowerBound
        var records: [Record] = []
        for _ in 0..<end.count {
            let record = try Record(reader, at: place, before: end.directory.upperBound)
            place += record.length
            records.append(record)
        }
        guard place == end.directory.upperBound else { throw .badDirectory("it has bytes that belong to no entry") }
        var entries: [String: Range<Int>] = [:]
        var last: (name: String, end: Int)?
        for record in records.sorted(by: { ($0.start, $0.name) < ($1.start, $1.name) }) {
            let contents = try record.contents(reader, before: end.directory.lowerBound)
            if let last, record.start < last.end { throw .overlap(first: last.name, second: record.name) }
            last = (record.name, contents.upperBound)
            guard entries.updateValue(contents, forKey: record.name) == nil else {
                throw .duplicateEntry(record.name)
            }
        }
        self.entries = entries
    }

    /// Where the directory is, and how many entries it has.
    private static func end(of reader: LittleEndianReader) throws(CheckpointFlaw) -> (directory: Range<Int>, count: Int)
    {
        guard let place = reader.lastPlace(of: endSignature, within: longestEnd),
            let comment = reader.number(2, at: place + 20), place + 22 + comment == reader.count
        else { throw .noDirectory }
        // PyTorch writes a 64-bit record, too; its locator precedes this one.
        if reader.number(4, at: place - 20) == 0x0706_4B50 {
            guard let large = reader.number(8, at: place - 12), large <= place - 20,
                reader.number(4, at: large) == 0x0606_4B50, let count = reader.number(8, at: large + 32),
                let size = reader.number(8, at: large + 40), let start = reader.number(8, at: large + 48)
            else { throw .badDirectory("its 64-bit record is missing") }
            return try checked(start: start, size: size, count: count, end: large)
        }
        guard let count = reader.number(2, at: place + 10), let size = reader.number(4, at: place + 12),
            let start = reader.number(4, at: place + 16)
        else { throw .noDirectory }
        return try checked(start: start, size: size, count: count, end: place)
    }

    private static func checked(
        start: Int, size: Int, count: Int, end: Int
    ) throws(CheckpointFlaw) -> (directory: Range<Int>, count: Int) {
        guard start <= end, size == end - start else { throw .badDirectory("it does not end where the file says") }
        guard count <= size / Record.shortest else { throw .badDirectory("it has no room for \(count) entries") }
        return (start..<end, count)
    }

    private static let endSignature: [UInt8] = [0x50, 0x4B, 5, 6]
    /// The record and the longest comment, bytes.
    private static let longestEnd = 22 + 0xFFFF

    /// One entry as the directory describes it.
    private struct Record {
        static let shortest = 46

        let name: String
        /// Where its own header begins.
        let start: Int
        let size: Int
        /// Bytes in the directory.
        let length: Int

        init(_ reader: LittleEndianReader, at place: Int, before end: Int) throws(CheckpointFlaw) {
            guard place + Self.shortest <= end, reader.number(4, at: place) == 0x0201_4B50,
                let flags = reader.number(2, at: place + 8), let method = reader.number(2, at: place + 10),
                let packed = reader.number(4, at: place + 20), let size = reader.number(4, at: place + 24),
                let nameLength = reader.number(2, at: place + 28), let extraLength = reader.number(2, at: place + 30),
                let commentLength = reader.number(2, at: place + 32), let start = reader.number(4, at: place + 42)
            else { throw .badDirectory("an entry is cut short") }
            length = Self.shortest + nameLength + extraLength + commentLength
            guard place + length <= end, let name = reader.text(nameLength, at: place + Self.shortest) else {
                throw .badDirectory("the name of an entry is cut short or not UTF-8")
            }
            self.name = name
            guard flags & 1 == 0 else { throw .encrypted(name) }
            guard method == 0 else { throw .compressed(name) }
            var numbers = LargeNumbers(reader, at: place + Self.shortest + nameLength, count: extraLength)
            self.size = try numbers.value(size, of: name)
            guard try numbers.value(packed, of: name) == self.size else { throw .compressed(name) }
            self.start = try numbers.value(start, of: name)
        }

        /// The bytes of the contents, after the entry's own header.
        func contents(_ reader: LittleEndianReader, before end: Int) throws(CheckpointFlaw) -> Range<Int> {
            guard start <= end - 30, reader.number(4, at: start) == 0x0403_4B50,
                let nameLength = reader.number(2, at: start + 26), let extraLength = reader.number(2, at: start + 28)
            else { throw .badEntry(name, "it has no header") }
            guard reader.text(nameLength, at: start + 30) == name else {
                throw .badEntry(name, "its header has another name")
            }
            let first = start + 30 + nameLength + extraLength
            guard first <= end, size <= end - first else { throw .badEntry(name, "it extends beyond the contents") }
            return first..<first + size
        }
    }

    /// The numbers of an entry that do not fit 32 bits, in their order.
    private struct LargeNumbers {
        private var numbers: [Int] = []

        init(_ reader: LittleEndianReader, at start: Int, count: Int) {
            var place = start
            while place + 4 <= start + count, let tag = reader.number(2, at: place),
                let size = reader.number(2, at: place + 2)
            {
                if tag == 1, place + 4 + size <= start + count {
                    numbers = (0..<size / 8).compactMap { reader.number(8, at: place + 4 + 8 * $0) }
                    return
                }
                place += 4 + size
            }
        }

        /// A number, or the next large one if it is marked as too large.
        mutating func value(_ number: Int, of name: String) throws(CheckpointFlaw) -> Int {
            guard number == 0xFFFF_FFFF else { return number }
            guard !numbers.isEmpty else { throw .badEntry(name, "its 64-bit size is missing") }
            return numbers.removeFirst()
        }
    }
}

/// Reads numbers of a file, least significant byte first.
struct LittleEndianReader {
    private let file: Data

    init(_ file: Data) { self.file = file }

    /// The bytes of the file.
    var count: Int { file.count }

    /// The number of `width` bytes at a place; nil beyond the file, or above 2⁶³ - 1.
    func number(_ width: Int, at place: Int) -> Int? {
        guard place >= 0, place <= file.count - width else { return nil }
        let start = file.startIndex + place
        let value = file[start..<start + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }

    /// The text of `count` bytes at a place; nil beyond the file or if it is not UTF-8.
    func text(_ count: Int, at place: Int) -> String? {
        guard place >= 0, count >= 0, place <= file.count - count else { return nil }
        let start = file.startIndex + place
        return String(validating: file[start..<start + count], as: UTF8.self)
    }

    /// The last place of a few bytes within the last `count` of the file.
    func lastPlace(of bytes: [UInt8], within count: Int) -> Int? {
        let start = file.index(file.endIndex, offsetBy: -min(count, file.count))
        return file.range(of: Data(bytes), options: .backwards, in: start..<file.endIndex)
            .map { $0.lowerBound - file.startIndex }
    }
}
