import Basics
import Results

/// What a run is asked to do.
public struct RunOptions: Sendable {
    /// The stages wanted, with all they wait for; none means every stage.
    public var stages: Set<StageName>
    /// Whether to do the wanted stages again though they are fresh.
    public var force: Bool
    /// Whether a node that fails leaves the others, those that do not wait for it, at work.
    public var keepsGoing: Bool
    /// A name for the run in the ledger.
    public var tag: String?
    /// Why the run is done.
    public var reason: String?
    /// The command as it was given, for the ledger.
    public var command: String

    /// Creates options.
    public init(
        stages: Set<StageName> = [], force: Bool = false, keepsGoing: Bool = false, tag: String? = nil,
        reason: String? = nil, command: String = "whalebook run"
    ) {
        self.stages = stages
        self.force = force
        self.keepsGoing = keepsGoing
        self.tag = tag
        self.reason = reason
        self.command = command
    }

    /// What was made elsewhere cannot be made again here.
    func forces(_ status: NodeStatus) -> Bool {
        force && (stages.isEmpty || stages.contains(status.node.stage)) && status.cacheKey?.isImported != true
    }
}

/// What a run did.
public struct RunSummary: Sendable, Equatable {
    /// The nodes that worked, in order.
    public let ran: [Node]
    /// The nodes whose result was there already.
    public let fresh: [Node]
    public let seconds: Double
}
