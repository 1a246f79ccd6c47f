import Basics
import Foundation
import Results

/// The part of the ledger that documents use.
public struct ReportLedger: Sendable {
    /// Every run, the oldest first.
    public let runs: [RunEntry]
    /// The last runs whose configurations differ only in the split, one by single images and one by whole encounters or
    /// animals; empty if there are no such two.
    public let splitComparisons: [SplitComparison]
    /// Compares two runs by name: a number, a tag, `current` or `previous`; nil if there is no `current` or `previous`
    /// yet. Throws ``IncomparableRuns`` if their queries differ.
    public let comparison: @Sendable (_ old: String, _ new: String) throws -> ReportComparison?
    /// Compares a variant, as the old run, with the main line's present run; nil if its results no longer exist.
    public let variant: @Sendable (_ variant: RunEntry, _ present: RunEntry) throws -> ReportComparison?

    /// Collects the parts.
    public init(
        runs: [RunEntry] = [], splitComparisons: [SplitComparison] = [],
        variant: @escaping @Sendable (_ variant: RunEntry, _ present: RunEntry) throws -> ReportComparison? = {
            _, _ in nil
        },
        comparison: @escaping @Sendable (_ old: String, _ new: String) throws -> ReportComparison?
    ) {
        self.runs = runs
        self.splitComparisons = splitComparisons
        self.variant = variant
        self.comparison = comparison
    }
}

/// Two runs that have different queries, or another measure: a document notes it, as it notes that there is one run.
public struct IncomparableRuns: Error {
    /// What differs, and what to do.
    public let reason: String

    /// Creates an error.
    public init(_ reason: String) { self.reason = reason }
}

/// A run that split the same photographs differently from others.
public struct SplitComparison: Sendable, Equatable, Codable {
    /// `split.kind`.
    public let kind: String
    /// The run's tag or number.
    public let run: String
    /// mAP@20 over all queries.
    public let map: Double
    public let queries: Int?
    /// Its trainings that are still in the store.
    public var training: [ReportNode]

    /// Describes a run.
    public init(kind: String, run: String, map: Double, queries: Int?, training: [ReportNode]) {
        self.kind = kind
        self.run = run
        self.map = map
        self.queries = queries
        self.training = training
    }
}

/// Two runs side by side, as documents show them.
public struct ReportComparison: Sendable, Equatable, Codable {
    /// One of the runs.
    public struct Run: Sendable, Equatable, Codable {
        /// The run as the ledger has it; nil if not known.
        @OrNull public private(set) var entry: RunEntry?
        /// Its results that still exist.
        public var nodes: [ReportNode]

        /// Collects the parts.
        public init(entry: RunEntry? = nil, nodes: [ReportNode]) {
            self.entry = entry
            self.nodes = nodes
        }

        /// The folder of the first result of a stage.
        ///
        /// - Throws: ``ValueError`` if there is none.
        public func folder(of stage: StageName) throws -> URL {
            guard let node = nodes.first(where: { $0.stage == stage }) else {
                throw ValueError(
                    "a compared run has no result of \(quoted: stage.rawValue)", "Run its configuration again.")
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
