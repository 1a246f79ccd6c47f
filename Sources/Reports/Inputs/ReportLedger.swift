import Basics
import Foundation
import Results

/// What the ledger of runs gives to documents.
public struct ReportLedger: Sendable {
    /// Every run, the oldest first.
    public let runs: [RunEntry]
    /// The last runs whose configurations differ in the split alone, one by single images and one by whole encounters
    /// or animals; empty where there are no such two.
    public let partings: [ReportParting]
    /// Compares two runs by name: a number, a tag, `current` or `previous`; nil where there is no `current` or
    /// `previous` yet.
    public let comparison: @Sendable (_ old: String, _ new: String) throws -> ReportComparison?

    /// Collects the parts.
    public init(
        runs: [RunEntry] = [], partings: [ReportParting] = [],
        comparison: @escaping @Sendable (_ old: String, _ new: String) throws -> ReportComparison?
    ) {
        self.runs = runs
        self.partings = partings
        self.comparison = comparison
    }
}

/// A run as one of several that parted the same photographs otherwise.
public struct ReportParting: Sendable, Equatable, Codable {
    /// `split.kind`.
    public let kind: String
    /// The run's tag or number.
    public let run: String
    /// mAP@20 over all queries.
    public let map: Double
    public let queries: Int?
    /// Its trainings, those that are still in the store.
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
