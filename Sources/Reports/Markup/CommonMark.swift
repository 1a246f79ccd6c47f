import CCommonMark
import Foundation

/// A parsed Markdown document with GitHub's extensions; the only place where Reports uses cmark-gfm.
final class CommonMark {
    private let root: OpaquePointer

    /// Raw HTML stays: the authors write it themselves, and values are escaped before they come here.
    private static let options = CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES
    private static let extensions = ["table", "strikethrough", "autolink"]

    /// Parses Markdown; nil if memory runs out.
    init?(_ markdown: String) {
        cmark_gfm_core_extensions_ensure_registered()
        guard let parser = cmark_parser_new(Self.options) else { return nil }
        defer { cmark_parser_free(parser) }
        for name in Self.extensions {
            if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
        }
        var markdown = markdown
        markdown.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        guard let root = cmark_parser_finish(parser) else { return nil }
        self.root = root
    }

    deinit { cmark_node_free(root) }

    /// The document as HTML, well-formed as XML if its raw HTML is.
    var html: String {
        guard let text = cmark_render_html(root, Self.options, nil) else { return "" }
        defer { cmark_get_default_mem_allocator().pointee.free(text) }
        return String(cString: text)
    }

    /// The first heading of level 1; nil if there is none.
    var title: String? {
        Self.nodes(below: root, CMARK_NODE_HEADING).first { cmark_node_get_heading_level($0) == 1 }
            .map(Self.words(of:))
    }

    /// A heading with an anchor.
    struct AnchoredHeading: Equatable {
        let level: Int
        let title: String
        let anchor: String
    }

    /// The headings below the title, each with the label before it, or with the anchor that GitHub gives it. With
    /// `marks`, headings without a label get their anchor as an element.
    func headings(addingAnchors marks: Bool) -> [AnchoredHeading] {
        var slugs = HeadingSlugs()
        return Self.nodes(below: root, CMARK_NODE_HEADING).compactMap { heading in
            let title = Self.words(of: heading)
            let slug = slugs.next(title)
            let level = Int(cmark_node_get_heading_level(heading))
            guard level > 1 else { return nil }
            if let label = cmark_node_previous(heading).flatMap(Self.anchor(in:)) {
                return AnchoredHeading(level: level, title: title, anchor: label)
            }
            if marks, let mark = Self.leaf(CMARK_NODE_HTML_INLINE, MarkdownText.anchor(slug)) {
                Self.keep(mark, if: cmark_node_prepend_child(heading, mark))
            }
            return AnchoredHeading(level: level, title: title, anchor: slug)
        }
    }

    /// The id of a paragraph or block that is nothing but an anchor.
    private static func anchor(in node: OpaquePointer) -> String? {
        let inner = cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH ? cmark_node_first_child(node) : node
        return inner.map(literal(of:))?.firstMatch(of: #/^<a id="([^"]+)">/#).map { String($0.1) }
    }

    // MARK: Plain text

    private static let width: Int32 = 80
    /// A column of a table is padded up to this width: one long field does not lengthen every row.
    private static let widest = 200

    /// The document as plain text of 80 columns, as cmark writes it, with aligned tables and underlined headings,
    /// without what a page folds away.
    ///
    /// Changes the document: render ``html`` first.
    func plainText() -> String {
        cmark_consolidate_text_nodes(root)
        for heading in Self.nodes(below: root, CMARK_NODE_HEADING) where cmark_node_get_heading_level(heading) <= 2 {
            let line = cmark_node_get_heading_level(heading) == 1 ? "=" : "-"
            let rule = String(repeating: line, count: Self.words(of: heading).count)
            Self.append([Self.leaf(CMARK_NODE_LINEBREAK), Self.leaf(CMARK_NODE_TEXT, rule)], to: heading)
        }
        for image in Self.nodes(below: root, CMARK_NODE_IMAGE) {
            if let mark = Self.leaf(CMARK_NODE_TEXT, "[Picture: ") {
                Self.keep(mark, if: cmark_node_prepend_child(image, mark))
            }
            Self.append([Self.leaf(CMARK_NODE_TEXT, "]")], to: image)
        }
        for quotation in Self.nodes(below: root, CMARK_NODE_BLOCK_QUOTE) {
            guard let paragraph = cmark_node_first_child(quotation), let text = cmark_node_first_child(paragraph),
                let alert = Alert(mark: Self.literal(of: text))
            else { continue }
            cmark_node_set_literal(text, "\(alert.rawValue):")
        }
        Self.removeFolded(below: root)
        for code in Self.nodes(below: root, CMARK_NODE_CODE_BLOCK) {
            let lines = Self.literal(of: code).split(separator: "\n", omittingEmptySubsequences: false)
            let indented = lines.map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
            cmark_node_set_literal(code, indented)
        }
        for table in Self.tables(below: root) {
            if let text = Self.leaf(CMARK_NODE_CODE_BLOCK, Self.aligned(table)) { Self.replace(table, by: text) }
        }
        guard let text = cmark_render_plaintext(root, Self.options, Self.width) else { return "" }
        defer { cmark_get_default_mem_allocator().pointee.free(text) }
        return String(cString: text)
    }

    /// Removes what a page folds away, from each `<details>` to its end; one without an end stays.
    private static func removeFolded(below root: OpaquePointer) {
        var starts: [OpaquePointer] = []
        for block in nodes(below: root, CMARK_NODE_HTML_BLOCK) {
            let html = literal(of: block)
            if html.hasPrefix("<details") { starts.append(block) }
            guard html.contains("</details>"), let start = starts.popLast(), starts.isEmpty,
                cmark_node_parent(start) == cmark_node_parent(block)
            else { continue }
            let folded = sequence(first: start) { $0 == block ? nil : cmark_node_next($0) }
            for node in Array(folded) { cmark_node_free(node) }
        }
    }

    private static func aligned(_ table: OpaquePointer) -> String {
        let rows = children(of: table).map { children(of: $0).map(words(of:)) }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            min(rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0, widest)
        }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
            return padded.joined(separator: "  ").replacing(#/ +$/#, with: "")
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return ([rows.first.map(line) ?? "", rule] + rows.dropFirst().map(line)).map { $0 + "\n" }.joined()
    }

    // MARK: Nodes

    private static func nodes(below root: OpaquePointer, _ type: cmark_node_type) -> [OpaquePointer] {
        var found: [OpaquePointer] = []
        forEach(below: root) { if cmark_node_get_type($0) == type { found.append($0) } }
        return found
    }

    /// The tables: an extension's nodes have no public type, only a name.
    private static func tables(below root: OpaquePointer) -> [OpaquePointer] {
        var found: [OpaquePointer] = []
        forEach(below: root) { if String(cString: cmark_node_get_type_string($0)) == "table" { found.append($0) } }
        return found
    }

    private static func children(of node: OpaquePointer) -> [OpaquePointer] {
        Array(sequence(first: cmark_node_first_child(node)) { $0.map { cmark_node_next($0) } }.prefix { $0 != nil })
            .compactMap { $0 }
    }

    private static func forEach(below root: OpaquePointer, _ body: (OpaquePointer) -> Void) {
        guard let walk = cmark_iter_new(root) else { return }
        defer { cmark_iter_free(walk) }
        while true {
            let event = cmark_iter_next(walk)
            if event == CMARK_EVENT_DONE { return }
            if event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(walk) { body(node) }
        }
    }

    private static func literal(of node: OpaquePointer) -> String {
        cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
    }

    /// The words of all leaves, without marks and raw HTML.
    private static func words(of node: OpaquePointer) -> String {
        var words = ""
        forEach(below: node) { leaf in
            switch cmark_node_get_type(leaf) {
            case CMARK_NODE_TEXT, CMARK_NODE_CODE: words += literal(of: leaf)
            case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: words += " "
            default: break
            }
        }
        return words
    }

    private static func leaf(_ type: cmark_node_type, _ literal: String? = nil) -> OpaquePointer? {
        let node = cmark_node_new(type)
        if let node, let literal { cmark_node_set_literal(node, literal) }
        return node
    }

    /// Frees a new node unless the tree took it.
    private static func keep(_ node: OpaquePointer, if taken: Int32) {
        if taken == 0 { cmark_node_free(node) }
    }

    private static func append(_ nodes: [OpaquePointer?], to parent: OpaquePointer) {
        for case let node? in nodes { keep(node, if: cmark_node_append_child(parent, node)) }
    }

    private static func replace(_ old: OpaquePointer, by new: OpaquePointer) {
        let taken = cmark_node_replace(old, new)
        cmark_node_free(taken == 0 ? new : old)
    }
}
