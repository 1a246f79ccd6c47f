import Basics
import YAML
import Yams

/// A key of a YAML mapping, with its line in the document.
struct YAMLKey {
    let text: String
    let line: Int?
}

/// A piece of YAML with its lines in the document; the only place where Reports uses Yams.
struct YAMLValue {
    private let node: Node?
    /// Lines of the document above the first line of the YAML.
    private let offset: Int

    private init(_ node: Node?, offset: Int) {
        self.node = node
        self.offset = offset
    }

    /// Parses YAML that begins below `offset` lines of its document; an empty text is null.
    ///
    /// - Throws: ``YAMLSyntaxError``.
    init(parsing text: String, offset: Int) throws(YAMLSyntaxError) {
        do {
            self.init(try BoundedYAML.compose(text), offset: offset)
        } catch {
            throw YAMLSyntaxError(error, offset: offset)
        }
    }

    /// The line of the document, from 1.
    var line: Int? { node?.mark.map { $0.line + offset } }
    var isNull: Bool { node == nil || node?.null != nil }
    /// The text of a scalar as written, whatever type YAML would give it.
    var scalarText: String? { isNull ? nil : node?.scalar?.string }

    /// The entries of a mapping in their order.
    var entries: [(key: YAMLKey, value: YAMLValue)]? {
        node?.mapping?.map { key, value in
            (
                YAMLKey(text: key.scalar?.string ?? "", line: key.mark.map { $0.line + offset }),
                YAMLValue(value, offset: offset)
            )
        }
    }

    /// The value as JSON.
    ///
    /// Of plain words only `true` and `false` are truth values, and only decimal numbers as YAML 1.2 writes them are
    /// numbers: `007`, `1e3` and `NO` stay the texts that they are, because they may be the names of animals.
    var json: JSONValue { node.map(Self.json) ?? .null }

    /// The truth value, also for the words `yes`, `no`, `on` and `off`; nil for anything else.
    var flag: Bool? { node?.bool }

    /// The texts of a scalar, or of the scalars in a list, as written; nil for other values.
    var scalarTexts: [String]? {
        if let entries = node?.sequence {
            let texts = entries.compactMap { $0.null == nil ? $0.scalar?.string : nil }
            return texts.count == entries.count ? texts : nil
        }
        return scalarText.map { [$0] }
    }

    private static func json(_ node: Node) -> JSONValue {
        if node.null != nil { return .null }
        if let mapping = node.mapping {
            return .object(
                Dictionary(mapping.map { ($0.key.scalar?.string ?? "", json($0.value)) }) { _, last in last })
        }
        if let sequence = node.sequence { return .array(sequence.map(json)) }
        let text = node.scalar?.string ?? ""
        if let value = node.bool, ["true", "false"].contains(text.lowercased()) { return .bool(value) }
        // An exponent needs a sign or a decimal point, as in YAML 1.1: `1e3` is as likely a name.
        let whole = /[-+]?(0|[1-9][0-9]*)([eE][-+][0-9]+)?/
        let decimal = /[-+]?(0|[1-9][0-9]*)?\.[0-9]*([eE][-+]?[0-9]+)?/
        if text.wholeMatch(of: whole) != nil || text.wholeMatch(of: decimal) != nil,
            let value = node.float ?? node.int.map(Double.init)
        {
            return .number(value)
        }
        return .string(text)
    }
}

/// YAML that cannot be read.
struct YAMLSyntaxError: Error {
    let line: Int?
    private let words: String
    /// Set if the text is refused for another reason than its syntax.
    private let flaw: YAMLFlaw?

    /// The problem with a part of a document, such as `the cell`.
    func problem(of part: String) -> String {
        switch flaw?.kind {
        case nil: "\(part) is not valid YAML: \(words)"
        case .tooLarge: "\(part) is too large: \(words)"
        case .escape: words
        }
    }

    var remedy: String {
        flaw?.remedy ?? "Correct the syntax; a text with ':', '`' or '#' in it needs quotes."
    }

    fileprivate init(_ error: any Error, offset: Int) {
        flaw = error as? YAMLFlaw
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            line = mark.line + offset
            words = problem
        case .duplicatedKeysInMapping(let duplicates, let context):
            line = context.mark.line + offset
            words = "\(quoted: duplicates.map { "\($0)" }.sorted().listed(by: "', '")) is set twice"
        default:
            line = flaw.map { $0.line + offset }
            words = flaw?.problem ?? "\(error)"
        }
    }
}
