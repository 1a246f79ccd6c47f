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
    var json: JSONValue { node.map(Self.json) ?? .null }

    private static func json(_ node: Node) -> JSONValue {
        if node.null != nil { return .null }
        if let mapping = node.mapping {
            return .object(
                Dictionary(mapping.map { ($0.key.scalar?.string ?? "", json($0.value)) }) { _, last in last })
        }
        if let sequence = node.sequence { return .array(sequence.map(json)) }
        if let value = node.bool { return .bool(value) }
        // A time, for example: as a number in base 60, as in YAML 1.1, it could overflow.
        if let text = node.scalar?.string, text.contains(":") { return .string(text) }
        if let value = node.int { return .number(Double(value)) }
        if let value = node.float { return .number(value) }
        return .string(node.scalar?.string ?? "")
    }
}

/// YAML that cannot be read.
struct YAMLSyntaxError: Error {
    let line: Int?
    private let words: String
    /// Set if the text is YAML, but too large.
    private let bound: YAMLBoundError?

    /// The problem with a part of a document, such as `the cell`.
    func problem(of part: String) -> String {
        bound == nil ? "\(part) is not valid YAML: \(words)" : "\(part) is too large: \(words)"
    }

    var remedy: String {
        bound?.remedy ?? "Correct the syntax; a text with ':', '`' or '#' in it needs quotes."
    }

    fileprivate init(_ error: any Error, offset: Int) {
        bound = error as? YAMLBoundError
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            line = mark.line + offset
            words = problem
        case .duplicatedKeysInMapping(let duplicates, let context):
            line = context.mark.line + offset
            words = "\(quoted: duplicates.map { "\($0)" }.sorted().listed(by: "', '")) is set twice"
        default:
            line = bound.map { $0.line + offset }
            words = bound?.problem ?? "\(error)"
        }
    }
}
