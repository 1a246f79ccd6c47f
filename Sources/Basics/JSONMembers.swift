import Foundation

extension JSONText {
    /// The texts of one member of each element of an array, which is itself a member of the outermost object. They share
    /// the memory of `text` and are not parsed.
    ///
    /// If a name occurs twice in one object, the first one counts; names with escapes are not found.
    ///
    /// - Parameters:
    ///   - name: The member's name.
    ///   - array: The array's name.
    ///   - text: Valid JSON; any other text gives a meaningless result.
    /// - Returns: An entry for each element of the array, nil if it has no such member; empty if there is no such array.
    /// - Complexity: O(bytes), without parsing a number.
    public static func members(_ name: String, ofEach array: String, in text: Data) -> [Data?] {
        let places = text.withUnsafeBytes { bytes -> [Range<Int>?] in
            var scan = JSONScan(bytes: bytes)
            return scan.members(Array(name.utf8), ofEach: Array(array.utf8))
        }
        return places.map { place in
            place.map { text[text.startIndex + $0.lowerBound..<text.startIndex + $0.upperBound] }
        }
    }
}

/// Finds values in valid JSON; in other text it stays within the bytes and ends.
private struct JSONScan {
    let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func members(_ name: [UInt8], ofEach array: [UInt8]) -> [Range<Int>?] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        var found: [Range<Int>?] = []
        forEachMember { scan, key in
            guard scan.bytes[key].elementsEqual(array), found.isEmpty else { return scan.passValue() }
            scan.forEachElement { scan in
                var place: Range<Int>?
                scan.forEachMember { scan, key in
                    let isWanted = place == nil && scan.bytes[key].elementsEqual(name)
                    let start = scan.position
                    scan.passValue()
                    if isWanted { place = start..<scan.position }
                }
                found.append(place)
            }
        }
        return found
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func advance(_ count: Int = 1) { position = min(position + count, bytes.count) }

    private mutating func passBlanks() { while let byte = next, byte <= 0x20 { position += 1 } }

    /// Passes an object, and calls `body` at the start of each value with the place of its name, which it passes; passes
    /// any other value.
    private mutating func forEachMember(_ body: (inout JSONScan, Range<Int>) -> Void) {
        passBlanks()
        guard next == UInt8(ascii: "{") else { return passValue() }
        advance()
        while true {
            passBlanks()
            guard next == UInt8(ascii: "\"") else { break }
            let start = position + 1
            passString()
            let name = start..<max(start, position - 1)
            passBlanks()
            advance()  // the colon
            passBlanks()
            body(&self, name)
            passBlanks()
            guard next == UInt8(ascii: ",") else { break }
            advance()
        }
        advance()
    }

    /// Passes an array, and calls `body` at the start of each element, which it passes; passes any other value.
    private mutating func forEachElement(_ body: (inout JSONScan) -> Void) {
        guard next == UInt8(ascii: "[") else { return passValue() }
        advance()
        passBlanks()
        while let byte = next, byte != UInt8(ascii: "]") {
            body(&self)
            passBlanks()
            guard next == UInt8(ascii: ",") else { break }
            advance()
            passBlanks()
        }
        advance()
    }

    private mutating func passString() {
        advance()
        while let byte = next, byte != UInt8(ascii: "\"") { advance(byte == UInt8(ascii: "\\") ? 2 : 1) }
        advance()
    }

    /// Passes a value of any kind, however deep.
    private mutating func passValue() {
        var depth = 0
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""): passString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // The end of the value around.
                guard depth > 0 else { return }
                depth -= 1
                position += 1
            case UInt8(ascii: ","):
                if depth == 0 { return }
                position += 1
            default: position += 1
            }
        }
    }
}
