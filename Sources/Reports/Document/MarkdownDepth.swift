import Basics

/// Looks how deep the lines of a document's prose nest quotations and lists, before Markdown is made of them: it keeps a
/// node for each level and each line.
enum MarkdownDepth {
    /// - Returns: The first line that nests too deep, counted from the first, and what is wrong; nil where none does.
    static func problem(in lines: ArraySlice<Substring>) -> (line: Int, problem: String)? {
        for (offset, line) in lines.enumerated() where depth(of: line.utf8) > Bounds.markdownDepth {
            return (offset, "the line begins more than \(Bounds.markdownDepth) quotations and lists within each other")
        }
        return nil
    }

    /// The marks of quotations and lists that a line begins with.
    private static func depth(of line: Substring.UTF8View) -> Int {
        var rest = line
        var depth = 0
        while true {
            rest = rest.drop { isBlank($0) }
            let mark = rest.first
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            if mark == UInt8(ascii: ">") {
                rest = rest.dropFirst()
            } else {
                let behind = digits.isEmpty ? rest : rest.dropFirst(digits.count)
                let ends: [UInt8] = digits.isEmpty ? Array("-+*".utf8) : Array(".)".utf8)
                guard let end = behind.first, ends.contains(end), behind.dropFirst().first.map(isBlank) != false else {
                    return depth
                }
                rest = behind.dropFirst()
            }
            depth += 1
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
