import Basics
import Foundation

/// Two runs side by side, as documents show them.
public struct ReportComparison: Sendable, Equatable, Codable {
    /// One of the runs.
    public struct Run: Sendable, Equatable, Codable {
        /// The run as the ledger has it.
        public let entry: JSONValue
        /// Its results, those that are still there.
        public var nodes: [ReportNode]

        /// Collects the parts.
        public init(entry: JSONValue = .null, nodes: [ReportNode]) {
            self.entry = entry
            self.nodes = nodes
        }

        /// The folder of the first result of a stage.
        ///
        /// - Throws: ``ValueError`` where it has none.
        public func folder(of stage: String) throws -> URL {
            guard let node = nodes.first(where: { $0.stage == stage }) else {
                throw ValueError(
                    "a run that is compared has no result of \(quoted: stage)", "Run its configuration again.")
            }
            return node.directory
        }
    }

    /// What `whalebook compare --json` tells.
    public let json: JSONValue
    public var old: Run
    public var new: Run

    /// Collects the parts.
    public init(json: JSONValue, old: Run, new: Run) {
        self.json = json
        self.old = old
        self.new = new
    }
}
