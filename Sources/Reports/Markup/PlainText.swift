import Foundation

/// A rendered document as plain text of 80 columns.
struct PlainText {
    let text: String
    private static let width = 80
    /// However deep a list is, its words stay readable.
    private static let narrowest = 30
    /// A column of a table is filled up with blanks so far: one long field does not lengthen every row.
    private static let widest = 200

    init(markdown: String) {
        let blocks = CommonMark(markdown).map { Self.blocks($0.tree, width: Self.width) } ?? [markdown]
        text = blocks.joined(separator: "\n\n") + "\n"
    }

    // MARK: Blocks

    private static func blocks(_ parent: MarkupNode, width: Int) -> [String] {
        parent.children.compactMap { block($0, width: max(width, narrowest)) }.filter { !$0.isEmpty }
    }

    private static func block(_ node: MarkupNode, width: Int) -> String? {
        switch node.kind {
        case "heading":
            let title = inline(node)
            guard node.level <= 2 else { return title }
            return title + "\n" + String(repeating: node.level == 1 ? "=" : "-", count: title.count)
        case "paragraph": return wrapped(inline(node), width: width)
        case "block_quote":
            let marked = blocks(node, width: width - 2).map(Alert.marked(inText:))
            return indented(marked, first: "  ", rest: "  ", tight: false)
        case "list":
            return node.children.enumerated().map { position, item in
                let mark = node.start.map { "\($0 + position). " } ?? "- "
                let rest = String(repeating: " ", count: mark.count)
                return indented(blocks(item, width: width - mark.count), first: mark, rest: rest, tight: true)
            }.joined(separator: "\n")
        case "code_block":
            let code = node.literal.hasSuffix("\n") ? String(node.literal.dropLast()) : node.literal
            return code.split(separator: "\n", omittingEmptySubsequences: false).map { ("    " + $0).trimmingEnd }
                .joined(separator: "\n")
        case "table": return table(node)
        case "thematic_break": return String(repeating: "-", count: width)
        case "html_block": return summary(node.literal)
        default: return blocks(node, width: width).joined(separator: "\n\n")
        }
    }

    /// Of raw HTML only what a fold is called is worth reading.
    private static func summary(_ html: String) -> String? {
        guard let start = html.range(of: "<summary>"), let end = html[start.upperBound...].range(of: "</summary>")
        else { return nil }
        return "[" + unescaped(String(html[start.upperBound..<end.lowerBound])) + "]"
    }

    private static func indented(_ blocks: [String], first: String, rest: String, tight: Bool) -> String {
        let lines = blocks.joined(separator: tight ? "\n" : "\n\n").split(
            separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { ($0 == 0 ? first : rest) + $1 }.map(\.trimmingEnd).joined(separator: "\n")
    }

    private static func table(_ node: MarkupNode) -> String {
        let rows = node.children.map { row in row.children.map { inline($0) } }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            min(rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0, widest)
        }
        func line(_ cells: [String]) -> String {
            zip(cells, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined(separator: "  ")
                .trimmingEnd
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return ([rows.first.map(line) ?? "", rule] + rows.dropFirst().map(line)).joined(separator: "\n")
    }

    // MARK: Inlines

    /// The text of a node's children without any marks.
    static func inline(_ parent: MarkupNode) -> String {
        parent.children.map { node in
            switch node.kind {
            case "text", "code": node.literal
            case "softbreak": " "
            case "linebreak": "\n"
            case "html_inline": ""
            case "image": "[Picture: \(inline(node))]"
            default: inline(node)
            }
        }.joined()
    }

    private static func wrapped(_ text: String, width: Int) -> String {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ") {
                if !line.isEmpty, line.count + 1 + word.count > width {
                    lines.append(line)
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    private static func unescaped(_ html: String) -> String {
        html.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&amp;", with: "&")
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var result = self
        while result.last == " " { result.removeLast() }
        return result
    }
}
