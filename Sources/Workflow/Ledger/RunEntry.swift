import Basics

/// What is kept of a run: `.whalebook/projects/<configuration>/runs/<number>.json`.
public struct RunEntry: Sendable, Equatable, Codable {
    /// How a run ended.
    public enum Outcome: String, Sendable, Codable { case finished, failed, interrupted }

    /// One node as it stood when the run ended.
    public struct NodeState: Sendable, Equatable, Codable {
        public let stage: StageName
        public let member: String?
        public let seed: Int?
        public let fold: Int?
        public let key: String
        public let outputDigest: String
        /// How long its work took, whenever that was.
        public let seconds: Double
        /// Whether this run did the work.
        public let ran: Bool
        /// The file or folder that stood in the place of the work; nil where the work was done here.
        public let imported: String?

        var node: Node { Node(stage, member: member, seed: seed, fold: fold) }

        enum CodingKeys: String, CodingKey {
            case stage, member, seed, fold, key, seconds, ran, imported
            case outputDigest = "output_digest"
        }
    }

    /// An option whose value is another than in the parent.
    public struct Change: Sendable, Equatable, Codable {
        public let name: String
        public let old: JSONValue?
        public let new: JSONValue?

        /// The options that differ between two resolved configurations, by name.
        static func changes(from old: JSONValue, to new: JSONValue) -> [Change] {
            let old = Parameters.leaves(of: old), new = Parameters.leaves(of: new)
            return Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
                .map { Change(name: $0, old: old[$0], new: new[$0]) }
        }

        /// Such as `search.k 20 -> 5`.
        public var text: String {
            func words(_ value: JSONValue?) -> String {
                (value.map { $0.string ?? $0.canonicalText } ?? "none").shortened()
            }
            return "\(name) \(words(old)) -> \(words(new))"
        }
    }

    /// Counted from 1 over the store's life.
    public let number: Int
    /// The run of the main line that this one is compared with.
    public let parent: Int?
    /// ISO 8601, UTC.
    public let startedAt: String
    public let seconds: Double
    public let command: String
    /// What `--set` said; a run with any is a variant beside the main line.
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
    /// The headline numbers of the evaluation: `map`, `top1`, `seeds`, `queries`; empty where there is none.
    public let metrics: [String: JSONValue]
    public let machine: JSONValue
    public let configuration: JSONValue

    /// Whether the run has an option of its own, by `--set`.
    public var isVariant: Bool { !settings.isEmpty }
    /// mAP@20 over all queries.
    public var map: Double? { metrics["map"]?.double }
    /// What people call it: its first tag, else its number.
    public var name: String { tags.first ?? String(number) }

    /// The options that differ from another run's, and what either imported in the place of its own work.
    public func changes(since other: RunEntry) -> [Change] {
        let (old, new) = (other.imports, imports)
        return Change.changes(from: other.configuration, to: configuration)
            + Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { name in
                Change(
                    name: "import of \(name)", old: old[name].map(JSONValue.string),
                    new: new[name].map(JSONValue.string))
            }
    }

    /// What was imported, by node.
    private var imports: [String: String] {
        Dictionary(nodes.compactMap { state in state.imported.map { (state.node.name, $0) } }) { first, _ in first }
    }

    func state(of stage: StageName) -> NodeState? { nodes.first { $0.stage == stage } }

    enum CodingKeys: String, CodingKey {
        case number, parent, seconds, command, settings, reason, tags, commit, outcome, failure, changes, nodes, metrics
        case machine, configuration
        case startedAt = "started_at"
        case hasUncommittedChanges = "uncommitted"
    }
}
