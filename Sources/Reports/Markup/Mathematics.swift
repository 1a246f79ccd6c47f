/// A formula in the subset of TeX that documents may use.
///
/// Supported: letters, numbers and operators; `^` and `_`; `\frac`, `\sqrt`, `\left` and `\right`; Greek letters; the
/// names in ``TeXSymbols``; `\text`, `\mathrm`, `\mathbf`, `\mathbb`, `\mathcal`, `\operatorname`; `\hat`, `\bar`,
/// `\tilde`, `\vec`, `\dot`, `\overline`; spaces. Environments, such as matrices, and macros are not.
indirect enum Mathematics: Equatable {
    case row([Mathematics])
    case identifier(String)
    case number(String)
    /// `isLarge` for sums, whose scripts are above and below in a formula of its own line.
    case symbol(String, isLarge: Bool = false)
    case text(String)
    /// A width in ems.
    case space(Double)
    case fraction(Mathematics, Mathematics)
    case root(Mathematics, degree: Mathematics?)
    case scripts(Mathematics, below: Mathematics?, above: Mathematics?)
    /// A mark above.
    case accent(Mathematics, String)

    /// Parses the text between dollar signs.
    ///
    /// - Throws: ``ValueError``.
    init(tex: String) throws(ValueError) {
        var parser = TeXParser(tex)
        self = .row(try parser.row(until: nil))
    }

    // MARK: Plain text

    /// The formula in one line of Unicode, such as `Σ_i x_i/n`.
    var plainText: String {
        switch self {
        case .row(let parts): parts.map(\.plainText).joined()
        case .identifier(let text), .number(let text), .text(let text): text
        case .symbol(let text, _): TeXSymbols.spaced.contains(text) ? " \(text) " : text
        case .space(let width): width > 0 ? " " : ""
        case .fraction(let above, let below): "\(above.grouped)/\(below.grouped)"
        case .root(let inner, let degree): "\(degree.map { "\($0.grouped)√" } ?? "√")\(inner.grouped)"
        case .scripts(let base, let below, let above):
            base.plainText + (below.map { "_\($0.grouped)" } ?? "") + (above.map { "^\($0.grouped)" } ?? "")
        case .accent(let inner, let mark): inner.plainText + (TeXSymbols.combining[mark] ?? "")
        }
    }

    /// The plain text, in brackets if it has several parts.
    private var grouped: String {
        if case .row(let parts) = self, parts.count != 1 { return "(\(plainText))" }
        return plainText
    }

    // MARK: MathML

    /// The formula as MathML within Markdown: every sign that Markdown could read is an entity.
    func mathML(isDisplay: Bool) -> String {
        let display = isDisplay ? " display=\"block\"" : ""
        return "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"\(display)>\(element(isDisplay: isDisplay))</math>"
    }

    private func element(isDisplay: Bool) -> String {
        func inner(_ part: Mathematics) -> String { part.element(isDisplay: isDisplay) }
        switch self {
        case .row(let parts):
            return parts.count == 1 ? inner(parts[0]) : "<mrow>\(parts.map(inner).joined())</mrow>"
        case .identifier(let text): return "<mi>\(Self.entities(text))</mi>"
        case .number(let text): return "<mn>\(Self.entities(text))</mn>"
        case .symbol(let text, _): return "<mo>\(Self.entities(text))</mo>"
        case .text(let text): return "<mtext>\(Self.entities(text))</mtext>"
        case .space(let width): return "<mspace width=\"\(width)em\"></mspace>"
        case .fraction(let above, let below): return "<mfrac>\(inner(above))\(inner(below))</mfrac>"
        case .root(let radicand, let degree):
            return degree.map { "<mroot>\(inner(radicand))\(inner($0))</mroot>" } ?? "<msqrt>\(inner(radicand))</msqrt>"
        case .scripts(let base, let below, let above):
            var isLarge = false
            if isDisplay, case .symbol(_, isLarge: true) = base { isLarge = true }
            let (name, parts): (String, [Mathematics]) =
                switch (below, above) {
                case (let below?, let above?): (isLarge ? "munderover" : "msubsup", [base, below, above])
                case (let below?, nil): (isLarge ? "munder" : "msub", [base, below])
                case (nil, let above?): (isLarge ? "mover" : "msup", [base, above])
                case (nil, nil): ("mrow", [base])
                }
            return "<\(name)>\(parts.map(inner).joined())</\(name)>"
        case .accent(let base, let mark):
            return "<mover accent=\"true\">\(inner(base))<mo>\(Self.entities(mark))</mo></mover>"
        }
    }

    private static func entities(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain ? String(scalar) : "&#\(scalar.value);"
        }.joined()
    }
}

/// Reads TeX.
private struct TeXParser {
    private let characters: [Character]
    private var position = 0
    /// Deeper formulas are refused, so that none overflows the stack.
    private var depth = 0
    private static let deepest = 40

    init(_ text: String) { characters = Array(text) }

    private var next: Character? { position < characters.count ? characters[position] : nil }

    private mutating func skipBlanks() { while next?.isWhitespace == true { position += 1 } }

    /// Everything up to a closing sign, which is read too; nil for the end of the text.
    mutating func row(until end: Character?) throws(ValueError) -> [Mathematics] {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw problem("it is nested too deeply", "Make it simpler.") }
        var parts: [Mathematics] = []
        while true {
            skipBlanks()
            guard let character = next else {
                guard let end else { return parts }
                throw problem("a \(quoted: String(end)) is missing", "Close what was opened.")
            }
            if character == end {
                position += 1
                return parts
            }
            parts.append(try scripted())
        }
    }

    /// A part with what is below and above it.
    private mutating func scripted() throws(ValueError) -> Mathematics {
        let base: Mathematics = next == "^" || next == "_" ? .row([]) : try part()
        var (below, above): (Mathematics?, Mathematics?) = (nil, nil)
        while true {
            skipBlanks()
            guard let mark = next, "^_'".contains(mark) else { break }
            position += 1
            let isTaken = mark == "_" ? below != nil : above != nil
            if isTaken { throw problem("there are two \(quoted: String(mark)) in a row", "Group them with {}.") }
            if mark == "'" {
                above = .symbol("′")
            } else if mark == "_" {
                below = try argument()
            } else {
                above = try argument()
            }
        }
        return below == nil && above == nil ? base : .scripts(base, below: below, above: above)
    }

    /// A group in braces, or one part.
    private mutating func argument() throws(ValueError) -> Mathematics {
        skipBlanks()
        guard let character = next else { throw problem("it ends too early", "Write what belongs there.") }
        guard character == "{" else { return try part() }
        position += 1
        return .row(try row(until: "}"))
    }

    private mutating func part() throws(ValueError) -> Mathematics {
        guard let character = next else { throw problem("it ends too early", "Write what belongs there.") }
        position += 1
        switch character {
        case "{": return .row(try row(until: "}"))
        case "}": throw problem("a '}' closes nothing", "Remove it, or write '\\}'.")
        case "\\": return try command()
        case "&", "#", "%", "$", "~":
            throw problem("\(quoted: String(character)) is not supported", "Write it with a backslash, or as text.")
        case "-": return .symbol("−")
        case "*": return .symbol("∗")
        default: break
        }
        if character.isNumber {
            var digits = String(character)
            while let more = next, more.isNumber || more == "." && isNumber(at: position + 1) {
                digits.append(more)
                position += 1
            }
            return .number(digits)
        }
        return character.isLetter ? .identifier(String(character)) : .symbol(String(character))
    }

    private func isNumber(at place: Int) -> Bool { characters.indices.contains(place) && characters[place].isNumber }

    private mutating func command() throws(ValueError) -> Mathematics {
        var name = ""
        while let character = next, character.isASCII, character.isLetter {
            name.append(character)
            position += 1
        }
        if name.isEmpty {
            guard let character = next else { throw problem("it ends with a backslash", "Remove it.") }
            position += 1
            if let width = TeXSymbols.spaces[String(character)] { return .space(width) }
            guard "{}%$#&_|".contains(character) else {
                throw problem("'\\\(character)' is not supported", TeXSymbols.remedy)
            }
            return .symbol(character == "|" ? "‖" : String(character))
        }
        switch name {
        case "frac", "dfrac", "tfrac": return .fraction(try argument(), try argument())
        case "sqrt":
            skipBlanks()
            guard next == "[" else { return .root(try argument(), degree: nil) }
            position += 1
            let degree = Mathematics.row(try row(until: "]"))
            return .root(try argument(), degree: degree)
        case "left", "right", "big", "Big", "bigl", "bigr":
            skipBlanks()
            guard next != "." else {
                position += 1
                return .row([])
            }
            return try part()
        case "text", "mathrm", "operatorname", "textrm", "textbf", "mathit":
            let words = try words()
            return name.hasPrefix("text") ? .text(words) : .identifier(words)
        case "mathbf", "mathbb", "mathcal": return .identifier(TeXSymbols.styled(try words(), name))
        default: break
        }
        if let mark = TeXSymbols.accents[name] { return .accent(try argument(), mark) }
        if let width = TeXSymbols.spaces[name] { return .space(width) }
        if let letter = TeXSymbols.letters[name] { return .identifier(letter) }
        if TeXSymbols.functions.contains(name) { return .row([.identifier(name), .space(0.17)]) }
        if TeXSymbols.limits.contains(name) { return .symbol(name == "argmax" ? "arg max" : name, isLarge: true) }
        if let large = TeXSymbols.large[name] { return .symbol(large, isLarge: true) }
        if let symbol = TeXSymbols.symbols[name] { return .symbol(symbol) }
        throw problem("'\\\(name)' is not supported", TeXSymbols.remedy)
    }

    /// The characters of a group, unchanged.
    private mutating func words() throws(ValueError) -> String {
        skipBlanks()
        guard next == "{", let end = characters[position...].firstIndex(of: "}") else {
            throw problem("a text has no braces", "Write it as '\\text{words}'.")
        }
        defer { position = end + 1 }
        return String(characters[(position + 1)..<end])
    }

    private func problem(_ text: String, _ remedy: String) -> ValueError {
        ValueError("the formula \(quoted: String(characters)) cannot be shown: \(text)", remedy)
    }
}
