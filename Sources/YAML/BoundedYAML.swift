import Basics
import CYaml
import Yams

/// Reads YAML whose aliases stand for no more than a reader could hold.
public enum BoundedYAML {
    /// The tree of a text, or nil for an empty one.
    ///
    /// The text is first read event by event, which takes no longer than the text is long; only what stays within
    /// ``Bounds`` becomes a tree.
    ///
    /// - Throws: ``YAMLBoundError``, `YamlError`.
    public static func compose(_ text: String) throws -> Node? {
        try YAMLMeasure.check(text)
        return try Yams.compose(yaml: text)
    }
}

/// YAML that is larger than ``Bounds`` allow once its aliases are replaced.
public struct YAMLBoundError: Error, Equatable, CustomStringConvertible {
    /// Where in the text the bound is passed, from 1.
    public let line: Int
    public let problem: String
    public let remedy: String

    public var description: String { "line \(line): \(problem). \(remedy)" }

    fileprivate static func nodes(line: Int) -> YAMLBoundError {
        YAMLBoundError(
            line: line,
            problem: "with its aliases (*name) replaced, the YAML has more than \(Bounds.yamlNodes) values",
            remedy: "Write fewer values, or fewer aliases.")
    }

    fileprivate static func depth(line: Int) -> YAMLBoundError {
        YAMLBoundError(
            line: line, problem: "the YAML nests more than \(Bounds.yamlDepth) levels deep",
            remedy: "Write it flatter.")
    }
}

/// Counts what a text would become.
private struct YAMLMeasure {
    /// A value: how many nodes it has, itself among them, and how many levels.
    private struct Extent {
        var nodes = 1
        var depth = 1
    }

    private var open: [(anchor: String?, extent: Extent)] = []
    private var anchors: [String: Extent] = [:]
    /// Nodes of all that is closed or open.
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
                // What is wrong with the text the parser says who makes the tree.
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
