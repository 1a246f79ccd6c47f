import Basics
import Evaluation

/// The record of a run: `.whalebook/projects/<configuration>/runs/<number>.json`.
public struct RunEntry: Sendable, Equatable, Codable {
    /// How a run ended.
    public enum Outcome: String, Sendable, Codable { case finished, failed, interrupted }

    /// The state of one node at the end of the run.
    public struct NodeState: Sendable, Equatable, Codable {
        public let stage: StageName
        public let member: String?
        public let seed: Int?
        public let fold: Int?
        public let key: String
        public let outputDigest: String
        /// How long its work took, in this run or an earlier one.
        public let seconds: Double
        /// Whether this run did the work.
        public let ran: Bool
        /// The file or folder imported instead of the work; nil if the work was done here.
        public let imported: String?

        /// The node.
        public var node: Node { Node(stage, member: member, seed: seed, fold: fold) }

        /// Creates a node's state.
        public init(
            _ node: Node, key: String, outputDigest: String, seconds: Double, ran: Bool, imported: String?
        ) {
            stage = node.stage
            member = node.member
            seed = node.seed
            fold = node.fold
            self.key = key
            self.outputDigest = outputDigest
            self.seconds = seconds
            self.ran = ran
            self.imported = imported
        }

        enum CodingKeys: String, CodingKey {
            case stage, member, seed, fold, key, seconds, ran, imported
            case outputDigest = "output_digest"
        }
    }

    /// An option whose value differs from the parent's.
    public struct Change: Sendable, Equatable, Codable {
        public let name: String
        public let old: JSONValue?
        public let new: JSONValue?

        /// Creates a change.
        public init(name: String, old: JSONValue?, new: JSONValue?) {
            self.name = name
            self.old = old
            self.new = new
        }

        /// The change in text, such as `search.k 20 -> 5`.
        public var text: String {
            "\(name) \(Self.words(old)) -> \(Self.words(new))"
        }

        /// A value in readable form.
        public static func words(_ value: JSONValue?) -> String {
            guard let value, value != .null else { return "none" }
            return (value.string ?? value.canonicalText).shortened()
        }
    }

    /// The headline numbers of an evaluation; nil without one.
    public struct Metrics: Sendable, Equatable, Codable {
        /// The mAP@20 over all queries.
        public let map: Double?
        public let top1: Double?
        public let queries: Int?
        /// The mAP@20 of each seed.
        public let seeds: Spread?

        /// Creates metrics.
        public init(map: Double?, top1: Double?, queries: Int?, seeds: Spread?) {
            self.map = map
            self.top1 = top1
            self.queries = queries
            self.seeds = seeds
        }

        /// Extracts the headline numbers of an evaluation.
        public init(_ evaluation: EvaluationResult? = nil) {
            map = evaluation?.pooled.summary?.map
            top1 = evaluation?.pooled.summary?.top1
            queries = evaluation?.pooled.summary?.queries
            seeds = evaluation?.pooled.details.seeds
        }
    }

    /// The run's number, counted from 1 over the store's life.
    public let number: Int
    /// The run of the main line with which this one is compared.
    public let parent: Int?
    /// The start, ISO 8601, UTC.
    public let startedAt: String
    public let seconds: Double
    public let command: String
    /// The values of `--set`; a run with any is a variant and not in the main line.
    public let settings: [String]
    public let reason: String?
    public var tags: [String]
    public let commit: String?
    public let hasUncommittedChanges: Bool
    public let outcome: Outcome
    /// Why it failed.
    public let failure: String?
    public let changes: [Change]
    public let nodes: [NodeState]
    /// The metrics of the evaluation.
    public let metrics: Metrics
    public let machine: JSONValue
    public let configuration: JSONValue

    /// Creates an entry.
    public init(
        number: Int, parent: Int?, startedAt: String, seconds: Double, command: String, settings: [String],
        reason: String?, tags: [String], commit: String?, hasUncommittedChanges: Bool, outcome: Outcome,
        failure: String?, changes: [Change], nodes: [NodeState], metrics: Metrics, machine: JSONValue,
        configuration: JSONValue
    ) {
        self.number = number
        self.parent = parent
        self.startedAt = startedAt
        self.seconds = seconds
        self.command = command
        self.settings = settings
        self.reason = reason
        self.tags = tags
        self.commit = commit
        self.hasUncommittedChanges = hasUncommittedChanges
        self.outcome = outcome
        self.failure = failure
        self.changes = changes
        self.nodes = nodes
        self.metrics = metrics
        self.machine = machine
        self.configuration = configuration
    }

    /// Whether the run has options by `--set`.
    public var isVariant: Bool { !settings.isEmpty }
    /// The mAP@20 over all queries.
    public var map: Double? { metrics.map }
    /// The run's name: its first tag, else its number.
    public var name: String { tags.first ?? String(number) }

    /// The first node of a stage.
    public func state(of stage: StageName) -> NodeState? { nodes.first { $0.stage == stage } }

    enum CodingKeys: String, CodingKey {
        case number, parent, seconds, command, settings, reason, tags, commit, outcome, failure, changes, nodes, metrics
        case machine, configuration
        case startedAt = "started_at"
        case hasUncommittedChanges = "uncommitted"
    }
}
