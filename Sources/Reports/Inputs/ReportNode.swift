import Basics
import Foundation
import Results

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
