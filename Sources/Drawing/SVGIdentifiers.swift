/// Cairo numbers the parts of SVG files throughout the process; a file's bytes must not depend on earlier drawings.
enum SVGIdentifiers {
    /// The file with its identifiers numbered by first appearance.
    ///
    /// An identifier is letters, then numbers with hyphens between, in `id="…"`, `"#…"` or `url(#…)`.
    static func renumbered(_ svg: some Collection<UInt8>) -> [UInt8] {
        let source = Array(svg)
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var names: [ArraySlice<UInt8>: [UInt8]] = [:]
        var counts: [ArraySlice<UInt8>: Int] = [:]
        var position = 0
        while position < source.count {
            let byte = source[position]
            result.append(byte)
            position += 1
            guard byte == UInt8(ascii: "#") || byte == UInt8(ascii: "\"") && result.ends(with: attribute),
                let (kind, end) = identifier(in: source, from: position)
            else { continue }
            let name = source[position..<end]
            if names[name] == nil {
                names[name] = Array(kind) + Array(String(counts[kind, default: 0]).utf8)
                counts[kind, default: 0] += 1
            }
            result += names[name] ?? []
            position = end
        }
        return result
    }

    private static let attribute = Array("id=\"".utf8)

    /// The letters of an identifier and its end; nil if there is none.
    private static func identifier(in source: [UInt8], from start: Int) -> (kind: ArraySlice<UInt8>, end: Int)? {
        func run(from start: Int, while condition: (UInt8) -> Bool) -> Int {
            var end = start
            while end < source.count, condition(source[end]) { end += 1 }
            return end
        }
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        // The bit that distinguishes lower from upper case is set.
        let letters = run(from: start) { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
        var end = run(from: letters, while: isDigit)
        guard letters > start, end > letters else { return nil }
        while end < source.count, source[end] == UInt8(ascii: "-") {
            let next = run(from: end + 1, while: isDigit)
            guard next > end + 1 else { break }
            end = next
        }
        guard end < source.count, [UInt8(ascii: "\""), UInt8(ascii: ")")].contains(source[end]) else { return nil }
        return (source[start..<letters], end)
    }
}

extension [UInt8] {
    fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }
}
