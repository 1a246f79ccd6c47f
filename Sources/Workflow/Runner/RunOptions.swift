import Basics
import Results

/// The options of a run.
public struct RunOptions: Sendable {
    /// The requested stages, which run with their dependencies; none means every stage.
    public var stages: Set<StageName>
    /// Whether to run the requested stages again even if they are fresh.
    public var force: Bool
    /// Whether, after a failure, the nodes that do not depend on it still run.
    public var keepsGoing: Bool
    /// How many nodes may work at the same time.
    public var jobs: Int
    /// A name for the run in the ledger.
    public var tag: String?
    /// The reason for the run.
    public var reason: String?
    /// The command line, for the ledger.
    public var command: String

    /// Creates options.
    public init(
        stages: Set<StageName> = [], force: Bool = false, keepsGoing: Bool = false, jobs: Int = 1,
        tag: String? = nil, reason: String? = nil, command: String = "whalebook run"
    ) {
        self.stages = stages
        self.force = force
        self.keepsGoing = keepsGoing
        self.jobs = jobs
        self.tag = tag
        self.reason = reason
        self.command = command
    }

    /// Whether to run a node again; an imported result cannot be made again here.
    func forces(_ status: NodeStatus) -> Bool {
        force && (stages.isEmpty || stages.contains(status.node.stage)) && status.cacheKey?.isImported != true
    }
}

/// The outcome of a run.
public struct RunSummary: Sendable, Equatable {
    /// The nodes that ran, in order.
    public let ran: [Node]
    /// The nodes that were fresh already.
    public let fresh: [Node]
    public let seconds: Double
}
