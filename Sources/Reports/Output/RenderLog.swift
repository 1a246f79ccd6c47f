import Basics
import Foundation

/// Something that went wrong while a document was rendered; the document shows it too.
public struct RenderError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The document's file.
    public let path: String
    /// The line of the document, from 1, or nil.
    public let line: Int?
    /// What is wrong and what to do.
    public let message: String
    /// Where in the rendered document it is said.
    let anchor: String

    public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }
}

/// What a rendering meets on its way: errors, and results that are stale.
struct RenderLog {
    let path: String
    /// A document holds no absolute path.
    private let paths: RelativePaths
    private(set) var errors: [RenderError] = []
    private(set) var gaps: [RenderGap] = []
    private(set) var staleCells = 0
    private(set) var staleValues = 0
    private(set) var staleNodes: [ReportNode] = []
    private var count = 0

    init(path: String, root: URL) {
        self.path = path
        paths = RelativePaths(root: root)
    }

    /// Counts an error, unless it is meant to be shown.
    mutating func add(_ error: any Error, line: Int?, isExpected: Bool = false) -> RenderError {
        count += 1
        let problem = error as? FileProblem
        let message =
            problem?.message ?? (error as? any ErrorWithLines)?.lines.joined(separator: " ") ?? "\(error)"
        let result = RenderError(
            path: path, line: problem?.line ?? line, message: paths.shortened(message.shortened(to: Bounds.lineLength)),
            anchor: "error-\(count)")
        if !isExpected { errors.append(result) }
        return result
    }

    /// A text as the document may show it: without absolute paths.
    func shown(_ text: String?) -> String? { text.map(paths.shortened) }

    /// Lists a field that the author has left empty.
    mutating func addGap(_ name: String, line: Int) { gaps.append(RenderGap(path: path, line: line, name: name)) }

    /// Counts a cell or a value that was read from stale results; tells the reasons.
    mutating func addStale(_ nodes: [ReportNode], isCell: Bool) -> [String] {
        let stale = nodes.filter { $0.staleness != nil }
        guard !stale.isEmpty else { return [] }
        if isCell { staleCells += 1 } else { staleValues += 1 }
        for node in stale where !staleNodes.contains(node) { staleNodes.append(node) }
        var seen: Set<String> = []
        return stale.compactMap { shown($0.staleness) }.filter { seen.insert($0).inserted }
    }
}
