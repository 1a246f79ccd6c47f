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
    /// Taken out of messages, since a document holds no absolute path.
    let root: URL
    private(set) var errors: [RenderError] = []
    private(set) var gaps: [RenderGap] = []
    private(set) var staleCells = 0
    private(set) var staleValues = 0
    private(set) var staleNodes: [ReportNode] = []
    private var count = 0

    init(path: String, root: URL) {
        self.path = path
        self.root = root
    }

    /// Counts an error, unless it is meant to be shown.
    mutating func add(_ error: any Error, line: Int?, isExpected: Bool = false) -> RenderError {
        count += 1
        let problem = error as? FileProblem
        let message = problem?.message ?? "\(error)"
        let result = RenderError(
            path: path, line: problem?.line ?? line, message: relative(message), anchor: "error-\(count)")
        if !isExpected { errors.append(result) }
        return result
    }

    /// Lists a field that the author has left empty.
    mutating func addGap(_ name: String, line: Int) { gaps.append(RenderGap(path: path, line: line, name: name)) }

    /// Counts a cell or a value that was read from stale results; tells the reasons.
    mutating func addStale(_ nodes: [ReportNode], isCell: Bool) -> [String] {
        let stale = nodes.filter { $0.staleness != nil }
        guard !stale.isEmpty else { return [] }
        if isCell { staleCells += 1 } else { staleValues += 1 }
        for node in stale where !staleNodes.contains(node) { staleNodes.append(node) }
        var seen: Set<String> = []
        return stale.compactMap(\.staleness).filter { seen.insert($0).inserted }
    }

    private func relative(_ message: String) -> String {
        var result = message
        for path in Set([root.path, root.resolvingSymlinksInPath().path]).sorted(by: { $0.count > $1.count }) {
            let folder = path.hasSuffix("/") ? path : path + "/"
            if folder != "/" { result = result.replacing(folder, with: "") }
        }
        return result
    }
}
