import Basics
import CYaml
import Yams

/// Reads YAML with a limit on its size after expanding aliases, and without control characters in its values.
public enum BoundedYAML {
    /// Parses a text as a tree; nil if it is empty. A byte-order mark at the start is skipped.
    ///
    /// First measures the text event by event in linear time, and builds a tree only if it is within ``Bounds``.
    ///
    /// - Throws: ``YAMLFlaw``, `YamlError`.
    public static func compose(_ text: String) throws -> Node? {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        try YAMLMeasure.check(text)
        return try Yams.compose(yaml: text)
    }
}

/// YAML that is refused although it is well-formed, or that has an unknown escape.
public struct YAMLFlaw: Error, Equatable, CustomStringConvertible {
    /// The kind of flaw.
    public enum Kind: Sendable {
        /// It exceeds ``Bounds`` after expanding its aliases.
        case tooLarge
        /// A backslash in double quotes makes something else than the writer probably meant.
        case escape
    }

    public let kind: Kind
    /// The line of the flaw, from 1.
    public let line: Int
    public let problem: String
    public let remedy: String

    public var description: String { "line \(line): \(problem). \(remedy)" }

    fileprivate static func nodes(line: Int) -> YAMLFlaw {
        YAMLFlaw(
            kind: .tooLarge, line: line,
            problem: "with its aliases (*name) expanded, the YAML has more than \(Bounds.yamlNodes) values",
            remedy: "Write fewer values, or fewer aliases.")
    }

    fileprivate static func depth(line: Int) -> YAMLFlaw {
        YAMLFlaw(
            kind: .tooLarge, line: line, problem: "the YAML nests more than \(Bounds.yamlDepth) levels deep",
            remedy: "Nest it less deeply.")
    }

    fileprivate static func escape(_ escape: String, line: Int) -> YAMLFlaw {
        YAMLFlaw(
            kind: .escape, line: line,
            problem: "in double quotes, YAML does not keep \(quoted: escape) as it is written",
            remedy: "Write the text in single quotes, in which a backslash is a backslash.")
    }
}

/// Measures the tree of a text before it is built.
private struct YAMLMeasure {
    /// The size of a value: its nodes including itself, and its levels.
    private struct Extent {
        var nodes = 1
        var depth = 1
    }

    private var open: [(anchor: String?, extent: Extent)] = []
    private var anchors: [String: Extent] = [:]
    /// The number of nodes so far, closed or open.
    private var total = 0

    static func check(_ text: String) throws(YAMLFlaw) {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { return }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBufferPointer { buffer throws(YAMLFlaw) in
            yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            var measure = YAMLMeasure()
            let escapes = YAMLEscapes(text)
            var isEnd = false
            while !isEnd {
                var event = yaml_event_t()
                guard yaml_parser_parse(&parser, &event) == 1 else {
                    if let problem = parser.problem, String(cString: problem).contains("unknown escape character") {
                        let line = parser.problem_mark.line + 1
                        throw .escape(YAMLEscapes.first(on: line, of: text) ?? "\\", line: line)
                    }
                    // The parser that builds the tree reports other syntax errors.
                    return
                }
                defer { yaml_event_delete(&event) }
                isEnd = event.type == YAML_STREAM_END_EVENT
                try measure.take(event)
                if let escape = escapes.flaw(of: event) { throw .escape(escape, line: event.start_mark.line + 1) }
            }
        }
    }

    private mutating func take(_ event: yaml_event_t) throws(YAMLFlaw) {
        let line = event.start_mark.line + 1
        switch event.type {
        case YAML_SCALAR_EVENT: try add(Extent(), name(event.data.scalar.anchor), line: line)
        case YAML_ALIAS_EVENT:
            try add(name(event.data.alias.anchor).flatMap { anchors[$0] } ?? Extent(), nil, line: line)
        case YAML_SEQUENCE_START_EVENT: try begin(name(event.data.sequence_start.anchor), line: line)
        case YAML_MAPPING_START_EVENT: try begin(name(event.data.mapping_start.anchor), line: line)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            guard let closed = open.popLast() else { return }
            total -= closed.extent.nodes
            try add(closed.extent, closed.anchor, line: line)
        default: break
        }
    }

    private func name(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? { pointer.map { String(cString: $0) } }

    private mutating func begin(_ anchor: String?, line: Int) throws(YAMLFlaw) {
        open.append((anchor, Extent()))
        total += 1
        guard open.count <= Bounds.yamlDepth else { throw .depth(line: line) }
    }

    private mutating func add(_ extent: Extent, _ anchor: String?, line: Int) throws(YAMLFlaw) {
        total += extent.nodes
        guard total <= Bounds.yamlNodes else { throw .nodes(line: line) }
        guard open.count + extent.depth <= Bounds.yamlDepth else { throw .depth(line: line) }
        if let anchor { anchors[anchor] = extent }
        guard let parent = open.indices.last else { return }
        open[parent].extent.nodes += extent.nodes
        open[parent].extent.depth = max(open[parent].extent.depth, extent.depth + 1)
    }
}
