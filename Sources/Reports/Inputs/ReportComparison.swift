import Basics
import Foundation
import Results

/// Two runs side by side, as documents show them.
public struct ReportComparison: Sendable, Equatable, Codable {
    /// One of the runs.
    public struct Run: Sendable, Equatable, Codable {
        /// The run as the ledger has it; nil where it is not known.
        @OrNull public private(set) var entry: RunEntry?
        /// Its results, those that are still there.
        public var nodes: [ReportNode]

        /// Collects the parts.
        public init(entry: RunEntry? = nil, nodes: [ReportNode]) {
            self.entry = entry
            self.nodes = nodes
        }

        /// The folder of the first result of a stage.
        ///
        /// - Throws: ``ValueError`` where it has none.
        public func folder(of stage: StageName) throws -> URL {
            guard let node = nodes.first(where: { $0.stage == stage }) else {
                throw ValueError(
                    "a run that is compared has no result of \(quoted: stage.rawValue)", "Run its configuration again.")
            }
            return node.directory
        }
    }

    public let result: ComparisonSummary
    public var old: Run
    public var new: Run

    private enum CodingKeys: String, CodingKey {
        case old, new
        case result = "json"
    }

    /// Collects the parts.
    public init(result: ComparisonSummary, old: Run, new: Run) {
        self.result = result
        self.old = old
        self.new = new
    }
}
