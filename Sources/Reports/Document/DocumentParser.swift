import Basics

/// Splits a document's text into front matter, headings, prose, verbatim blocks and cells, line by line.
struct DocumentParser {
    private let lines: [Substring]
    private var position = 0
    private(set) var problems: ProblemCollector

    init(_ text: String, path: String) {
        let plain = (text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text).replacing("\r\n", with: "\n")
        lines = plain.split(separator: "\n", omittingEmptySubsequences: false)
        problems = ProblemCollector(path: path)
    }

    /// Reads the front matter, if the text begins with one.
    mutating func frontMatter() -> FrontMatter {
        guard lines.first == "---" else { return FrontMatter() }
        guard let end = lines.dropFirst().firstIndex(where: { $0 == "---" || $0 == "..." }) else {
            problems.add(1, "the front matter is never closed", "End it with a line '---'.")
            // All of it stays, as text: only the author knows where the front matter was meant to end.
            position = 1
            return FrontMatter()
        }
        position = end + 1
        do throws(YAMLSyntaxError) {
            let yaml = try YAMLValue(parsing: lines[1..<end].joined(separator: "\n"), offset: 1)
            var reader = FrontMatterReader(path: problems.path)
            let result = reader.read(yaml)
            problems.append(reader.problems)
            return result
        } catch {
            problems.add(error.line, error.problem(of: "the front matter"), error.remedy)
            return FrontMatter()
        }
    }

    /// Reads everything that follows.
    mutating func blocks() -> [Document.Block] {
        var result: [Document.Block] = []
        var prose = position
        var tables = MarkdownTables()
        var cells = 0
        var lists = ListIndents()
        var callouts = CalloutReader()
        func flush(upTo end: Int) {
            if let found = tables.problem(in: lines[prose..<end]) ?? MarkdownDepth.problem(in: lines[prose..<end]) {
                problems.add(
                    prose + found.line + 1, found.problem, "The text around it is left out. Make it smaller.")
                return
            }
            let text = lines[prose..<end].joined(separator: "\n")
            if !text.allSatisfy(\.isWhitespace) { result.append(.prose(text, line: prose + 1)) }
        }
        while position < lines.count {
            let start = position
            if let fence = Fence(opening: lines[start], in: lists) {
                let end = closing(fence)
                flush(upTo: start)
                if fence.kind != nil { cells += 1 }
                if fence.kind == nil || cells <= Bounds.documentCells {
                    result.append(block(fence, from: start, to: end))
                } else if cells == Bounds.documentCells + 1 {
                    let problem = "the document has more than \(Bounds.documentCells) cells; the rest are left out"
                    problems.add(start + 1, problem, "Split it into several.")
                }
                position = min(end + 1, lines.count)
                prose = position
            } else if let heading = heading(lines[start], line: start + 1) {
                flush(upTo: start)
                if case .callout(var callout)? = result.last, callout.title == nil {
                    // As in Quarto, a heading at the start is the title.
                    callout.title = heading.text
                    result[result.count - 1] = .callout(callout)
                } else {
                    result.append(.heading(heading))
                }
                position += 1
                prose = position
            } else if let fence = CalloutReader.Fence(lines[start]) {
                flush(upTo: start)
                switch fence {
                case .opening(let attributes):
                    let callout = callouts.callout(attributes, line: start + 1, problems: &problems)
                    if let callout { result.append(.callout(callout)) }
                case .closing:
                    if callouts.close() {
                        result.append(.calloutEnd)
                    } else {
                        problems.add(start + 1, "a ':::' closes nothing", "Remove it, or open a callout before it.")
                    }
                }
                position += 1
                prose = position
            } else {
                lists.read(lines[start])
                position += 1
            }
        }
        flush(upTo: lines.count)
        if let open = callouts.open {
            problems.add(open, "the callout is never closed", "End it with a line ':::'.")
            result.append(.calloutEnd)
        }
        return result
    }

    /// The line that closes a fence, or the number of lines if none does.
    private func closing(_ fence: Fence) -> Int {
        lines[(position + 1)...].firstIndex(where: fence.isClosed) ?? lines.count
    }

    private mutating func block(_ fence: Fence, from start: Int, to end: Int) -> Document.Block {
        guard let kind = fence.kind else {
            return .verbatim(lines[start..<min(end + 1, lines.count)].joined(separator: "\n"))
        }
        var cell = CellReader(path: problems.path, line: start + 1)
        if end == lines.count {
            cell.problems.add(
                start + 1, "the cell \(quoted: kind) is never closed", "End it with a line \(quoted: fence.marker).")
        }
        return .cell(cell.read(kind: kind, body: lines[min(start + 1, end)..<end].map(fence.content)))
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

    /// The start of the attributes that end a heading, `{#sec-name}` or `{.unnumbered}`.
    private func attributes(of text: String) -> String.Index? {
        guard text.hasSuffix("}"), let start = text.lastIndex(of: "{") else { return nil }
        let inner = text[start...].dropFirst().dropLast()
        return !inner.contains("}") && (inner.first == "#" || inner.first == ".") ? start : nil
    }

    private mutating func heading(_ line: Substring, line number: Int) -> Document.Heading? {
        let marks = line.prefix { $0 == "#" }
        guard (1...6).contains(marks.count), let blank = line.dropFirst(marks.count).first, Self.isBlank(blank) else {
            return nil
        }
        var text = line.dropFirst(marks.count).trimming(while: Self.isBlank)
        // Marks at the end are decoration, unless there is nothing else.
        let adorned = text.reversed().drop { $0 == "#" }
        if let last = adorned.first, Self.isBlank(last) {
            text = String(adorned.reversed()).trimming(while: Self.isBlank)
        }
        var label: String?
        var (isNumbered, isOptional) = (true, false)
        if let start = attributes(of: text) {
            for word in text[start...].dropFirst().dropLast().split(whereSeparator: \.isWhitespace) {
                if word.wholeMatch(of: /#sec-[A-Za-z0-9_-]+/) != nil {
                    label = String(word.dropFirst())
                } else if word == ".unnumbered" {
                    isNumbered = false
                } else if word == ".optional" {
                    isOptional = true
                } else {
                    problems.add(
                        number, "\(quoted: word) is not an attribute of a heading",
                        "Write {#sec-name} for a label, {.unnumbered} or {.optional}.")
                }
            }
            text = text[..<start].trimming(while: Self.isBlank)
        }
        return Document.Heading(
            level: marks.count, text: text, label: label, isNumbered: isNumbered, isOptional: isOptional, line: number)
    }
}

/// The line that opens a fenced block.
private struct Fence {
    /// The run of backticks or tildes.
    let marker: Substring
    /// The kind of a cell; nil for any other fenced block.
    let kind: String?
    /// The columns before the marker.
    private let indent: Int

    private static let shortest = 3
    /// More columns make an indented code block.
    private static let widestIndent = 3

    /// Reads the line that opens a fence; a cell in one of the `lists` around it may be indented as its items are.
    init?(opening line: Substring, in lists: ListIndents) {
        let (indent, rest) = line.indentation
        guard let mark = rest.first, mark == "`" || mark == "~" else { return nil }
        marker = rest.prefix { $0 == mark }
        let words = rest[marker.endIndex...]
        // Backticks after backticks are an inline code span, not a fence.
        guard marker.count >= Self.shortest, mark == "~" || !words.contains("`") else { return nil }
        kind = Self.kind(words.trimming { $0 == " " || $0 == "\t" })
        let least = kind == nil ? 0 : lists.widest(within: indent)
        guard indent - least <= Self.widestIndent else { return nil }
        self.indent = indent
    }

    private static func kind(_ words: String) -> String? {
        guard words.hasPrefix("{"), words.hasSuffix("}") else { return nil }
        let name = words.dropFirst().dropLast()
        let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" || $0 == "_" }
        return isName && name.first?.isLetter == true ? String(name) : nil
    }

    /// A line of the block without the fence's indentation.
    func content(_ line: Substring) -> String {
        let (own, rest) = line.indentation
        return String(repeating: " ", count: max(0, own - indent)) + rest
    }

    func isClosed(by line: Substring) -> Bool {
        let (own, trimmed) = line.indentation
        guard own - (kind == nil ? 0 : indent) <= Self.widestIndent else { return false }
        let run = trimmed.prefix { $0 == marker.first }
        return run.count >= marker.count && trimmed.dropFirst(run.count).allSatisfy(\.isWhitespace)
    }
}

/// The list items around a line, by the columns at which their contents begin.
private struct ListIndents {
    private var starts: [Int] = []

    /// Reads the next line of prose.
    mutating func read(_ line: Substring) {
        var (column, rest) = line.indentation
        guard !rest.isEmpty else { return }
        while let last = starts.last, last > column { starts.removeLast() }
        // An item may begin in another's first line.
        while let width = Self.mark(rest) {
            let (blanks, inner) = rest.dropFirst(width).indentation(from: column + width)
            guard blanks > 0 || inner.isEmpty else { return }
            // Many blanks, or none, count as one.
            column += width + ((1...4).contains(blanks) ? blanks : 1)
            starts.append(column)
            rest = inner
        }
    }

    /// The start of the innermost item's contents within an indentation; 0 outside lists.
    func widest(within indent: Int) -> Int { starts.last { $0 <= indent } ?? 0 }

    /// The length of the mark of a list's item, such as `-` or `10.`; nil if the text does not begin with one.
    private static func mark(_ text: Substring) -> Int? {
        if let first = text.first, "-*+".contains(first) { return 1 }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...9).contains(digits.count), let end = text.dropFirst(digits.count).first, ".)".contains(end) else {
            return nil
        }
        return digits.count + 1
    }
}

extension Substring {
    /// The columns of blanks at the start, with tabs to every fourth column, and the rest.
    fileprivate var indentation: (columns: Int, rest: Substring) { indentation(from: 0) }

    /// The same for a text that begins at the column `start`.
    fileprivate func indentation(from start: Int) -> (columns: Int, rest: Substring) {
        var column = start
        var rest = self
        while let first = rest.first, first == " " || first == "\t" {
            column += first == " " ? 1 : 4 - column % 4
            rest = rest.dropFirst()
        }
        return (column - start, rest)
    }
}
