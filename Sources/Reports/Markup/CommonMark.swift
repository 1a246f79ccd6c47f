import CCommonMark

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

    /// Gives every heading below the title an anchor.
    func anchorHeadings() -> [(level: Int, title: String, anchor: String)] {
        var result: [(level: Int, title: String, anchor: String)] = []
        var found: [OpaquePointer] = []
        Self.forEach(below: root) { node in
            if cmark_node_get_type(node) == CMARK_NODE_HEADING, cmark_node_get_heading_level(node) > 1 {
                found.append(node)
            }
        }
        for (position, node) in found.enumerated() {
            let anchor = "heading-\(position + 1)"
            result.append((Int(cmark_node_get_heading_level(node)), PlainText.inline(Self.node(node)), anchor))
            guard let mark = cmark_node_new(CMARK_NODE_HTML_INLINE) else { continue }
            cmark_node_set_literal(mark, MarkdownText.anchor(anchor))
            if cmark_node_prepend_child(node, mark) == 0 { cmark_node_free(mark) }
        }
        return result
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

    /// The document as a tree of plain values.
    var tree: MarkupNode { Self.node(root) }

    /// Nodes keep their structure to this depth; of deeper ones only the text stays.
    private static let deepest = 100

    private static func node(_ node: OpaquePointer, depth: Int = 0) -> MarkupNode {
        let kind = String(cString: cmark_node_get_type_string(node))
        if depth == deepest {
            let words = MarkupNode(kind: "text", literal: words(of: node))
            return MarkupNode(kind: kind, children: [MarkupNode(kind: "paragraph", children: [words])])
        }
        var children: [MarkupNode] = []
        var child = cmark_node_first_child(node)
        while let present = child {
            children.append(Self.node(present, depth: depth + 1))
            child = cmark_node_next(present)
        }
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        let isOrdered = kind == "list" && cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
        return MarkupNode(
            kind: kind, literal: text(cmark_node_get_literal(node)),
            level: kind == "heading" ? Int(cmark_node_get_heading_level(node)) : 0,
            start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil, children: children)
    }

    /// The words of all leaves.
    private static func words(of node: OpaquePointer) -> String {
        var words: [String] = []
        forEach(below: node) { leaf in
            if let literal = cmark_node_get_literal(leaf) { words.append(String(cString: literal)) }
        }
        return words.joined(separator: " ")
    }
}

/// A node of a Markdown document.
struct MarkupNode: Equatable {
    /// cmark's name of the node's type, such as `paragraph`.
    let kind: String
    /// The text of a leaf.
    var literal = ""
    /// The level of a heading.
    var level = 0
    /// The first number of an ordered list.
    var start: Int?
    var children: [MarkupNode] = []
}
