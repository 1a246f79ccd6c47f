import Results

/// One node of the workflow as a drawing of it shows it, whether it has a result or not.
public struct ReportGraphNode: Sendable, Equatable, Codable {
    /// Such as `train lite0 seed 1 fold 0`.
    public let name: String
    public let stage: StageName
    /// `fresh`, `stale`, `missing`, `partial`, `failed` or `blocked`.
    public let state: String
    /// The names of the nodes that it reads from.
    public let upstream: [String]
    /// How long its work took; nil where it has no result.
    public let seconds: Double?

    /// Describes a node.
    public init(name: String, stage: StageName, state: String, upstream: [String], seconds: Double?) {
        self.name = name
        self.stage = stage
        self.state = state
        self.upstream = upstream
        self.seconds = seconds
    }
}
