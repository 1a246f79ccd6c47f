import Basics
import Catalog
import Configuration
import Foundation
import Results

/// All that a report may draw on: results of stages, the configuration, and what provenance tells.
public struct ReportInputs: Sendable {
    /// In the order of the workflow; only nodes that have a result.
    public let nodes: [ReportNode]
    /// Every node of the workflow, upstream first.
    public let graph: [ReportGraphNode]
    /// The runs so far; nil where nothing is recorded.
    public let ledger: ReportLedger?
    /// The resolved configuration.
    public let configuration: JSONValue
    /// Photographs, sources, and what may be linked to.
    public let place: ReportPlace
    public let commit: String?
    public let hasUncommittedChanges: Bool
    /// The command as it was given.
    public let command: String
    /// Versions of programs and libraries by name.
    public let versions: [String: String]
    /// The computer that renders, where no stage tells of its own.
    public let machine: JSONValue
    /// Which results are damaged, and so are not among ``nodes``; a line each, for whoever renders.
    public let damage: [String]

    /// The section `train`; nil where the configuration is of another version.
    var train: TrainSettings? { configuration["train"].flatMap { try? TrainSettings(described: $0) } }

    /// What takes absolute paths out of text.
    var paths: RelativePaths { RelativePaths(root: place.root) }

    /// The command without absolute paths.
    var writtenCommand: String { paths.shortened(command) }

    /// The folder of photographs as the configuration writes it, without an absolute path.
    var writtenDataPath: String {
        paths.shortened(
            configuration["data"]?.string ?? configuration[path: "data.folder"]?.string
                ?? place.dataDirectory.lastPathComponent)
    }

    /// Collects the inputs.
    public init(
        nodes: [ReportNode], graph: [ReportGraphNode] = [], ledger: ReportLedger? = nil, configuration: JSONValue,
        place: ReportPlace, commit: String?, hasUncommittedChanges: Bool, command: String, versions: [String: String],
        machine: JSONValue, damage: [String] = []
    ) {
        self.nodes = nodes
        self.graph = graph
        self.ledger = ledger
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

/// What a report draws on that belongs to the machine: photographs and sources.
public struct ReportPlace: Sendable {
    /// The folder of photographs.
    public let dataDirectory: URL
    /// How it is laid out; nil to tell by what lies in it.
    public let dataLayout: Layout?
    /// What names of photographs mean where folders are all there is.
    public let dataPatterns: PatternChoice
    /// The digest of each photograph's file, by image_id; empty where they are not known.
    public let photographDigests: [String: String]
    /// The project's folder: nothing outside it is ever linked to.
    public let root: URL
    /// Where `code` cells look for declarations.
    public let sourcesDirectory: URL

    /// Collects the parts.
    public init(
        dataDirectory: URL, dataLayout: Layout? = nil, dataPatterns: PatternChoice = .automatic,
        photographDigests: [String: String] = [:], root: URL,
        sourcesDirectory: URL
    ) {
        self.dataDirectory = dataDirectory
        self.dataLayout = dataLayout
        self.dataPatterns = dataPatterns
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
    /// The digest of each file, by name; empty where they are not known.
    public let files: [String: String]
    /// The folder of its files; it differs from machine to machine, so a record does not say it.
    public var directory = URL(filePath: "/nowhere", directoryHint: .isDirectory)
    /// Why the result is not that of the present configuration and data; nil when it is.
    public let staleness: String?
    /// Whether the result was there already when the run came to it; nil where nothing ran.
    public let wasCached: Bool?
    /// How long the work took.
    public let seconds: Double?
    /// The computer that did it.
    public let machine: JSONValue?
    /// ISO 8601.
    public let startedAt: String?

    /// Describes a node.
    public init(
        _ node: Node, key: String, outputDigest: String,
        files: [String: String] = [:], directory: URL, staleness: String? = nil, wasCached: Bool? = nil,
        seconds: Double? = nil,
        machine: JSONValue? = nil, startedAt: String? = nil
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
    }

    private enum CodingKeys: String, CodingKey {
        case stage, member, seed, fold, key, outputDigest, files, staleness, wasCached, seconds, machine, startedAt
    }

    /// Where a store and a reference keep its files, below themselves.
    public var place: String { "\(stage.rawValue)/\(key)" }

    /// For people: `train lite0 seed 1 fold 0`.
    public var name: String { node.name }

    /// Which piece of work it is the result of.
    public var node: Node { Node(stage, member: member, seed: seed, fold: fold) }
}

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
