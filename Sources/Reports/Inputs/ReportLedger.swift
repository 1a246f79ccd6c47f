import Basics

/// What the ledger of runs gives to documents.
public struct ReportLedger: Sendable {
    /// Every run, as `whalebook runs --json` tells, the oldest first.
    public let runs: JSONValue
    /// Compares two runs by name: a number, a tag, `current` or `previous`; nil where there is no `current` or
    /// `previous` yet.
    public let comparison: @Sendable (_ old: String, _ new: String) throws -> ReportComparison?

    /// Collects the parts.
    public init(
        runs: JSONValue = .array([]),
        comparison: @escaping @Sendable (_ old: String, _ new: String) throws -> ReportComparison?
    ) {
        self.runs = runs
        self.comparison = comparison
    }
}
