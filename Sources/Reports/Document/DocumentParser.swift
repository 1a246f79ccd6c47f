/// Parts a document's text into front matter, headings, prose, verbatim blocks and cells, line by line.
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
            // All of it stays, as text: where the front matter was to end only the author knows.
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
            problems.add(
                error.line, "the front matter is not valid YAML: \(error.problem)",
                "Correct the syntax; a text with ':', '`' or '#' in it needs quotes.")
            return FrontMatter()
        }
    }

    /// Reads everything that follows.
    mutating func blocks() -> [Document.Block] {
        var result: [Document.Block] = []
        var prose = position
        func flush(upTo end: Int) {
            let text = lines[prose..<end].joined(separator: "\n")
            if !text.allSatisfy(\.isWhitespace) { result.append(.prose(text, line: prose + 1)) }
        }
        while position < lines.count {
            let start = position
            if let fence = Fence(opening: lines[start]) {
                let end = closing(fence)
                flush(upTo: start)
                result.append(block(fence, from: start, to: end))
                position = min(end + 1, lines.count)
                prose = position
            } else if let heading = heading(lines[start], line: start + 1) {
                flush(upTo: start)
                result.append(.heading(heading))
                position += 1
                prose = position
            } else {
                position += 1
            }
        }
        flush(upTo: lines.count)
        return result
    }

    /// The line that closes a fence, or the number of lines where none does.
    private func closing(_ fence: Fence) -> Int {
        lines[(position + 1)...].firstIndex(where: fence.isClosed) ?? lines.count
    }

    private mutating func block(_ fence: Fence, from start: Int, to end: Int) -> Document.Block {
        guard let verb = fence.verb else {
            return .verbatim(lines[start..<min(end + 1, lines.count)].joined(separator: "\n"))
        }
        var cell = CellReader(path: problems.path, line: start + 1)
        if end == lines.count {
            cell.problems.add(start + 1, "the cell '\(verb)' is never closed", "End it with a line '\(fence.marker)'.")
        }
        return .cell(cell.read(verb: verb, body: lines[min(start + 1, end)..<end].map(String.init)))
    }

    private mutating func heading(_ line: Substring, line number: Int) -> Document.Heading? {
        guard let match = line.wholeMatch(of: /(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*/) else { return nil }
        var text = String(match.2)
        var label: String?
        var isNumbered = true
        if let attributes = text.firstMatch(of: /[ \t]*\{([^{}]*)\}$/), attributes.1.contains(/^[#.]/) {
            for word in attributes.1.split(whereSeparator: \.isWhitespace) {
                if word.wholeMatch(of: /#sec-[A-Za-z0-9_-]+/) != nil {
                    label = String(word.dropFirst())
                } else if word == ".unnumbered" {
                    isNumbered = false
                } else {
                    problems.add(
                        number, "'\(word)' says nothing of a heading",
                        "Write {#sec-name} for a label, or {.unnumbered}.")
                }
            }
            text.removeSubrange(attributes.range)
        }
        return Document.Heading(
            level: match.1.count, text: text, label: label, isNumbered: isNumbered, line: number)
    }
}

/// The line that opens a fenced block.
private struct Fence {
    /// The run of backticks or tildes.
    let marker: String
    /// The verb of a cell, or nil for a fenced block that is none of ours.
    let verb: String?

    init?(opening line: Substring) {
        guard let match = line.wholeMatch(of: /[ ]{0,3}(`{3,}|~{3,})[ \t]*(.*?)[ \t]*/) else { return nil }
        // Backticks after backticks are an inline code span, not a fence.
        if match.1.hasPrefix("`"), match.2.contains("`") { return nil }
        marker = String(match.1)
        verb = match.2.wholeMatch(of: /\{([A-Za-z][A-Za-z0-9_-]*)\}/).map { String($0.1) }
    }

    func isClosed(by line: Substring) -> Bool {
        let trimmed = line.drop { $0 == " " }
        guard line.count - trimmed.count <= 3 else { return false }
        let run = trimmed.prefix { $0 == marker.first }
        return run.count >= marker.count && trimmed.dropFirst(run.count).allSatisfy(\.isWhitespace)
    }
}
