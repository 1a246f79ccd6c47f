import Basics
import CYaml
import Yams

/// Reads YAML with a limit on its size after expanding aliases.
public enum BoundedYAML {
    /// Parses a text as a tree; nil if it is empty.
    ///
    /// First measures the text event by event in linear time, and builds a tree only if it is within ``Bounds``.
    ///
    /// - Throws: ``YAMLBoundError``, `YamlError`.
    public static func compose(_ text: String) throws -> Node? {
        try YAMLMeasure.check(text)
        return try Yams.compose(yaml: text)
    }
}

/// YAML that exceeds ``Bounds`` after expanding its aliases.
public struct YAMLBoundError: Error, Equatable, CustomStringConvertible {
    /// The line at which the limit is exceeded, from 1.
    public let line: Int
    public let problem: String
    public let remedy: String

    public var description: String { "line \(line): \(problem). \(remedy)" }

    fileprivate static func nodes(line: Int) -> YAMLBoundError {
        YAMLBoundError(
            line: line,
            problem: "with its aliases (*name) expanded, the YAML has more than \(Bounds.yamlNodes) values",
            remedy: "Write fewer values, or fewer aliases.")
    }

    fileprivate static func depth(line: Int) -> YAMLBoundError {
        YAMLBoundError(
            line: line, problem: "the YAML nests more than \(Bounds.yamlDepth) levels deep",
            remedy: "Nest it less deeply.")
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

    static func check(_ text: String) throws(YAMLBoundError) {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { return }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBufferPointer { buffer throws(YAMLBoundError) in
            yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            var measure = YAMLMeasure()
            var isEnd = false
            while !isEnd {
                var event = yaml_event_t()
                // The parser that builds the tree reports syntax errors.
                guard yaml_parser_parse(&parser, &event) == 1 else { return }
                defer { yaml_event_delete(&event) }
                isEnd = event.type == YAML_STREAM_END_EVENT
                try measure.take(event)
            }
        }
    }

    private mutating func take(_ event: yaml_event_t) throws(YAMLBoundError) {
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

    private mutating func begin(_ anchor: String?, line: Int) throws(YAMLBoundError) {
        open.append((anchor, Extent()))
        total += 1
        guard open.count <= Bounds.yamlDepth else { throw .depth(line: line) }
    }

    private mutating func add(_ extent: Extent, _ anchor: String?, line: Int) throws(YAMLBoundError) {
        total += extent.nodes
        guard total <= Bounds.yamlNodes else { throw .nodes(line: line) }
        guard open.count + extent.depth <= Bounds.yamlDepth else { throw .depth(line: line) }
        if let anchor { anchors[anchor] = extent }
        guard let parent = open.indices.last else { return }
        open[parent].extent.nodes += extent.nodes
        open[parent].extent.depth = max(open[parent].extent.depth, extent.depth + 1)
    }
}
