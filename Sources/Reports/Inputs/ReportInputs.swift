import Basics
import Catalog
import Foundation

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
    /// The folder of photographs.
    public let dataDirectory: URL
    /// The digest of each photograph's file, by image_id; empty where they are not known.
    public let photographDigests: [String: String]
    /// How it is laid out; nil to tell by what lies in it.
    public let dataLayout: Layout?
    /// The project's folder: nothing outside it is ever linked to.
    public let root: URL
    /// Where `code` cells look for declarations.
    public let sourcesDirectory: URL
    public let commit: String?
    public let hasUncommittedChanges: Bool
    /// The command as it was given.
    public let command: String
    /// Versions of programs and libraries by name.
    public let versions: [String: String]
    /// The computer that renders, where no stage tells of its own.
    public let machine: JSONValue

    /// The folder of photographs as the configuration writes it.
    var writtenDataPath: String {
        configuration["data"]?.string ?? configuration[path: "data.folder"]?.string ?? dataDirectory.lastPathComponent
    }

    /// Collects the inputs.
    public init(
        nodes: [ReportNode], graph: [ReportGraphNode] = [], ledger: ReportLedger? = nil, configuration: JSONValue,
        dataDirectory: URL, photographDigests: [String: String] = [:], dataLayout: Layout? = nil, root: URL,
        sourcesDirectory: URL, commit: String?, hasUncommittedChanges: Bool, command: String,
        versions: [String: String], machine: JSONValue
    ) {
        self.nodes = nodes
        self.graph = graph
        self.ledger = ledger
        self.configuration = configuration
        self.dataDirectory = dataDirectory
        self.photographDigests = photographDigests
        self.dataLayout = dataLayout
        self.root = root
        self.sourcesDirectory = sourcesDirectory
        self.commit = commit
        self.hasUncommittedChanges = hasUncommittedChanges
        self.command = command
        self.versions = versions
        self.machine = machine
    }
}
