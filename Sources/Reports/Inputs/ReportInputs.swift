import Basics
import Catalog
import Configuration
import Foundation
import Results

/// Everything that a report may read: results of stages, the configuration, and the provenance.
public struct ReportInputs: Sendable {
    /// In the order of the workflow; only nodes that have a result.
    public let nodes: [ReportNode]
    /// Every node of the workflow, upstream first.
    public let graph: [ReportGraphNode]
    /// The runs so far; nil if nothing is recorded.
    public let ledger: ReportLedger?
    /// What people decided about pairs of photographs; nil if there is no file of decisions.
    public let decisions: ReportDecisions?
    /// The resolved configuration.
    public let configuration: JSONValue
    /// The photographs, the sources, and the folder that links may point into.
    public let place: ReportPlace
    public let commit: String?
    public let hasUncommittedChanges: Bool
    /// The command as given.
    public let command: String
    /// Versions of programs and libraries by name.
    public let versions: [String: String]
    /// The computer that renders, used if no stage records its own.
    public let machine: JSONValue
    /// The damaged results, which are not among ``nodes``; a line each, for the person who renders.
    public let damage: [String]

    /// The section `train`; nil if the configuration is of another version.
    var train: TrainSettings? { configuration["train"].flatMap { try? TrainSettings(described: $0) } }

    /// Removes absolute paths from text.
    var paths: RelativePaths { RelativePaths(root: place.root) }

    /// The command without absolute paths.
    var writtenCommand: String { paths.shortened(command) }

    /// The folder of photographs as in the configuration, without an absolute path.
    var writtenDataPath: String {
        paths.shortened(
            configuration["data"]?.string ?? configuration[path: "data.folder"]?.string
                ?? place.dataDirectory.lastPathComponent)
    }

    /// Collects the inputs.
    public init(
        nodes: [ReportNode], graph: [ReportGraphNode] = [], ledger: ReportLedger? = nil,
        decisions: ReportDecisions? = nil, configuration: JSONValue, place: ReportPlace, commit: String?,
        hasUncommittedChanges: Bool, command: String, versions: [String: String],
        machine: JSONValue, damage: [String] = []
    ) {
        self.nodes = nodes
        self.graph = graph
        self.ledger = ledger
        self.decisions = decisions
        self.configuration = configuration
        self.place = place
        self.commit = commit
        self.hasUncommittedChanges = hasUncommittedChanges
        self.command = command
        self.versions = versions
        self.machine = machine
        self.damage = damage
    }
}

/// The inputs of a report that depend on the machine: photographs and sources.
public struct ReportPlace: Sendable {
    /// The folder of photographs.
    public let dataDirectory: URL
    /// Its layout; nil to detect it from the contents.
    public let dataLayout: Layout?
    /// The meaning of photographs' names if there are only folders.
    public let dataPatterns: PatternChoice
    /// The words that name no animal.
    public let dataNobody: NobodyNames
    /// The folders outside that links may lead to.
    public let dataLinks: [String]
    /// What happens to a photograph whose file ends early.
    public let dataSalvage: Salvage
    /// The digest of each photograph's file, by image_id; empty if not known.
    public let photographDigests: [String: String]
    /// The project's folder: links never point outside it.
    public let root: URL
    /// Where `code` cells look for declarations.
    public let sourcesDirectory: URL

    /// Collects the parts.
    public init(
        dataDirectory: URL, dataLayout: Layout? = nil, dataPatterns: PatternChoice = .automatic,
        dataNobody: NobodyNames = .standard, dataLinks: [String] = [], dataSalvage: Salvage = .off,
        photographDigests: [String: String] = [:], root: URL, sourcesDirectory: URL
    ) {
        self.dataDirectory = dataDirectory
        self.dataLayout = dataLayout
        self.dataPatterns = dataPatterns
        self.dataNobody = dataNobody
        self.dataLinks = dataLinks
        self.dataSalvage = dataSalvage
        self.photographDigests = photographDigests
        self.root = root
        self.sourcesDirectory = sourcesDirectory
    }
}

/// The result of one node of the workflow, as a report reads it.
public struct ReportNode: Sendable, Equatable, Codable {
    public let stage: StageName
    public let member: String?
    public let seed: Int?
    public let fold: Int?
    /// The node's key, hexadecimal.
    public let key: String
    /// One digest of all its files.
    public let outputDigest: String
    /// The digest of each file, by name; empty if not known.
    public let files: [String: String]
    /// The folder of its files; it depends on the machine, so a record leaves it out.
    public var directory = URL(filePath: "/nowhere", directoryHint: .isDirectory)
    /// Why the result does not match the present configuration and data; nil if it does.
    public let staleness: String?
    /// Whether the run found the result in the cache; nil if nothing ran.
    public let wasCached: Bool?
    /// How long the work took.
    public let seconds: Double?
    /// The computer that did the work.
    public let machine: JSONValue?
    /// ISO 8601.
    public let startedAt: String?
    /// The most main memory that a training held after any epoch; nil for other work, and if it is not known.
    public let memoryBytes: Double?

    /// Describes a node.
    public init(
        _ node: Node, key: String, outputDigest: String,
        files: [String: String] = [:], directory: URL, staleness: String? = nil, wasCached: Bool? = nil,
        seconds: Double? = nil,
        machine: JSONValue? = nil, startedAt: String? = nil, memoryBytes: Double? = nil
    ) {
        stage = node.stage
        member = node.member
        seed = node.seed
        fold = node.fold
        self.key = key
        self.outputDigest = outputDigest
        self.files = files
        self.directory = directory
        self.staleness = staleness
        self.wasCached = wasCached
        self.seconds = seconds
        self.machine = machine
        self.startedAt = startedAt
        self.memoryBytes = memoryBytes
    }

    private enum CodingKeys: String, CodingKey {
        case stage, member, seed, fold, key, outputDigest, files, staleness, wasCached, seconds, machine, startedAt,
            memoryBytes
    }

    /// The path of its files within a store or a reference.
    public var place: String { "\(stage.rawValue)/\(key)" }

    /// Human-readable: `train lite0 seed 1 fold 0`.
    public var name: String { node.name }

    /// The piece of work that made the result.
    public var node: Node { Node(stage, member: member, seed: seed, fold: fold) }
}

/// One node of the workflow for the graph, with or without a result.
public struct ReportGraphNode: Sendable, Equatable, Codable {
    /// For example `train lite0 seed 1 fold 0`.
    public let name: String
    public let stage: StageName
    /// `fresh`, `stale`, `missing`, `partial`, `failed` or `blocked`.
    public let state: String
    /// The names of the nodes that it reads from.
    public let upstream: [String]
    /// How long its work took; nil without a result.
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
