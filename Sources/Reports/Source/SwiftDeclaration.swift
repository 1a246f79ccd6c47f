import Foundation

/// A declaration in a Swift source file.
struct SwiftDeclaration: Equatable {
    enum Kind: Equatable { case type, `extension`, function, value }

    let kind: Kind
    /// The name with those of what it stands in, such as `FocalLoss.Reduction`.
    let path: String
    /// The argument labels of a function, such as `(_:labels:)`; empty for anything else.
    let signature: String
    /// The lines from the comment before it to its last one, from 1.
    let lines: ClosedRange<Int>
    /// The text of these lines, without the indentation that they share.
    let text: String
}

/// Finds the declarations of a Swift file by its words and braces.
struct SwiftScanner {
    private let source: [UInt8]
    /// The source without strings and comments, byte for byte.
    private let code: [UInt8]
    private let lineStarts: [Int]
    private var position = 0
    private var result: [SwiftDeclaration] = []

    private static let types: Set<String> = ["struct", "class", "enum", "protocol", "actor", "extension"]
    private static let members: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "typealias", "case",
    ]
    private static let modifiers: Set<String> = [
        "public", "private", "internal", "fileprivate", "package", "open", "static", "final", "mutating", "nonmutating",
        "override", "required", "convenience", "lazy", "weak", "unowned", "nonisolated", "indirect", "isolated",
        "prefix", "postfix", "infix", "consuming", "borrowing", "dynamic", "optional", "import", "associatedtype",
        "operator", "macro", "some", "any",
    ]

    /// The declarations at the top and inside types, in order; what stands inside functions is not looked at.
    static func declarations(in source: String) -> [SwiftDeclaration] {
        var scanner = SwiftScanner(Array(source.utf8))
        scanner.scan(in: [])
        return scanner.result
    }

    /// Whether a file may declare a name, by the word before it; nil where the name does not occur.
    static func declares(_ name: String, in file: Data) -> Bool? {
        let bytes = Data(name.utf8)
        var result: Bool?
        var rest = file[...]
        while let place = rest.range(of: bytes) {
            var word = file[..<place.lowerBound].reversed().drop { $0.isBlank || $0 == UInt8(ascii: "`") }
            word = word.prefix(while: \.isWord)
            let before = String(decoding: word.reversed(), as: UTF8.self)
            // An initialiser is a word of its own.
            if types.contains(before) || members.contains(before) || members.contains(name) { return true }
            result = false
            rest = file[place.upperBound...]
        }
        return result
    }

    private init(_ source: [UInt8]) {
        self.source = source
        code = SwiftMask(source).code
        lineStarts = [0] + source.indices.filter { source[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    }

    // MARK: Words and braces

    private mutating func scan(in outer: [String]) {
        /// Where the statement began that the present word belongs to.
        var start: Int?
        while position < code.count {
            let byte = code[position]
            if byte == UInt8(ascii: "}") {
                return
            } else if byte.isWord {
                start = start ?? position
                let word = self.word()
                if word == "class", ["func", "var", "let", "subscript"].contains(peekWord()) { continue }
                if Self.types.contains(word) {
                    type(word, from: start ?? position, in: outer)
                    start = nil
                } else if Self.members.contains(word) {
                    member(word, from: start ?? position, in: outer)
                    start = nil
                } else if !Self.modifiers.contains(word) {
                    start = nil
                }
            } else if byte == UInt8(ascii: "@") {
                start = start ?? position
                position += 1
                _ = word()
                if position < code.count, code[position] == UInt8(ascii: "(") { skipBalanced() }
            } else if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                // `private(set)` belongs to its declaration; any other bracket ends what went before.
                if byte != UInt8(ascii: "(") { start = nil }
                skipBalanced()
            } else {
                if byte == UInt8(ascii: ";") { start = nil }
                position += 1
            }
        }
    }

    private mutating func word() -> String {
        let start = position
        while position < code.count, code[position].isWord || code[position] == UInt8(ascii: "`") { position += 1 }
        return String(decoding: code[start..<position], as: UTF8.self).replacing("`", with: "")
    }

    private mutating func skipBlanks() {
        while position < code.count, code[position].isBlank { position += 1 }
    }

    private func peekWord() -> String {
        var copy = self
        copy.skipBlanks()
        return copy.word()
    }

    /// Steps over a bracket and everything up to its partner.
    private mutating func skipBalanced() {
        var depth = 0
        repeat {
            switch code[position] {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
            position += 1
        } while depth > 0 && position < code.count
    }

    // MARK: Declarations

    private mutating func type(_ keyword: String, from start: Int, in outer: [String]) {
        skipBlanks()
        let name = dottedName()
        guard !name.isEmpty else { return }
        while position < code.count, code[position] != UInt8(ascii: "{") {
            if code[position] == UInt8(ascii: "(") { skipBalanced() } else { position += 1 }
        }
        guard position < code.count else { return }
        position += 1
        let place = result.count
        let path = outer + [name]
        scan(in: path)
        position = min(position + 1, code.count)
        let kind: SwiftDeclaration.Kind = keyword == "extension" ? .extension : .type
        result.insert(declaration(kind, path, signature: "", from: start, to: position), at: place)
    }

    private mutating func dottedName() -> String {
        var name = word()
        while position < code.count, code[position] == UInt8(ascii: ".") {
            position += 1
            name += "." + word()
        }
        return name
    }

    private mutating func member(_ keyword: String, from start: Int, in outer: [String]) {
        var name = keyword
        var signature = ""
        let isFunction = ["func", "init", "deinit", "subscript"].contains(keyword)
        skipBlanks()
        if !["init", "deinit", "subscript"].contains(keyword) {
            name = word()
            if name.isEmpty { name = operatorName() }
            if name.isEmpty { name = keyword }
        }
        if isFunction { signature = labels() }
        let end = endOfMember()
        result.append(
            declaration(isFunction ? .function : .value, outer + [name], signature: signature, from: start, to: end))
    }

    private mutating func operatorName() -> String {
        let start = position
        while position < code.count, "/=-+!*%<>&|^~?".utf8.contains(code[position]) { position += 1 }
        return String(decoding: code[start..<position], as: UTF8.self)
    }

    /// The argument labels of the parameter list that comes next.
    private mutating func labels() -> String {
        while position < code.count, code[position] != UInt8(ascii: "(") {
            guard code[position] != UInt8(ascii: "{"), code[position] != UInt8(ascii: "}") else { return "" }
            position += 1
        }
        guard position < code.count else { return "" }
        let open = position
        skipBalanced()
        var inner = self
        inner.position = open + 1
        var labels = ""
        while inner.position < position - 1 {
            inner.skipBlanks()
            if inner.position < code.count, inner.code[inner.position] == UInt8(ascii: "@") { inner.position += 1 }
            let label = inner.word()
            if !label.isEmpty { labels += label + ":" }
            inner.skipParameter(before: position - 1)
        }
        return "(\(labels))"
    }

    private mutating func skipParameter(before end: Int) {
        while position < end {
            switch code[position] {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): skipBalanced()
            case UInt8(ascii: ","):
                position += 1
                return
            default: position += 1
            }
        }
    }

    /// Where a member ends: after its braces, or at the line before the next declaration.
    private mutating func endOfMember() -> Int {
        while position < code.count {
            switch code[position] {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): skipBalanced()
            case UInt8(ascii: "}"), UInt8(ascii: ";"): return position
            case UInt8(ascii: "\n"):
                let end = position
                skipBlanks()
                if position >= code.count || beginsDeclaration() { return end }
            default: position += 1
            }
        }
        return position
    }

    private func beginsDeclaration() -> Bool {
        let byte = code[position]
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "#") { return true }
        let word = peekWord()
        // `.some`, `?? any` and the like go on with what stands before them.
        return Self.types.contains(word) || Self.members.contains(word)
            || Self.modifiers.subtracting(["some", "any", "isolated"]).contains(word)
    }

    // MARK: Text

    private func line(of offset: Int) -> Int {
        var low = 0, high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    private func range(ofLine line: Int) -> Range<Int> {
        lineStarts[line]..<(line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : source.count)
    }

    private func declaration(
        _ kind: SwiftDeclaration.Kind, _ path: [String], signature: String, from start: Int, to end: Int
    ) -> SwiftDeclaration {
        var first = line(of: start)
        while first > 0, isComment(line: first - 1) { first -= 1 }
        var last = end
        while last > start, code[last - 1].isBlank { last -= 1 }
        let lines = first...line(of: max(last - 1, start))
        let texts = lines.map { String(decoding: source[range(ofLine: $0)], as: UTF8.self) }
        let indents = texts.filter { !$0.allSatisfy(\.isWhitespace) }.map { $0.prefix { $0 == " " }.count }
        let indent = indents.min() ?? 0
        return SwiftDeclaration(
            kind: kind, path: path.joined(separator: "."), signature: signature,
            lines: (lines.lowerBound + 1)...(lines.upperBound + 1),
            text: texts.map { String($0.dropFirst(min(indent, $0.prefix { $0 == " " }.count))) }
                .joined(separator: "\n"))
    }

    /// Whether a line holds nothing but a comment, and none that parts the file into chapters.
    private func isComment(line: Int) -> Bool {
        let range = range(ofLine: line)
        let text = String(decoding: source[range], as: UTF8.self).trimming(while: \.isWhitespace)
        return !text.isEmpty && !text.hasPrefix("// MARK") && code[range].allSatisfy(\.isBlank)
    }
}
