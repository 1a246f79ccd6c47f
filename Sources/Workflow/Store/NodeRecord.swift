import Basics
import Digests
import Foundation
import Results

/// The provenance of a finished node, kept next to its files: `node.json`.
public struct NodeRecord: Sendable, Equatable {
    /// One file that the node wrote.
    public struct Output: Sendable, Equatable, Encodable {
        /// SHA-256 of the contents.
        public let digest: String
        /// The size in bytes.
        public let size: Int64
    }

    public let key: String
    public let cacheKey: CacheKey
    /// The files by name.
    public let outputs: [String: Output]
    /// How long the work took, seconds; after an interruption, only since it continued.
    public let seconds: Double
    /// The start, ISO 8601, UTC.
    public let startedAt: String
    /// Processor, cores, threads, instruction set: low bits depend on them.
    public let machine: JSONValue
    /// The facts that the stage returned.
    public let facts: JSONValue

    /// One digest of all outputs except those with times, so that equal results have equal digests.
    public var outputDigest: String {
        Self.outputDigest(of: outputs.mapValues(\.digest).filter { !Self.timed.contains($0.key) })
    }

    /// The outputs that contain times. No stage reads them, and their other contents follow from the other outputs.
    static let timed: Set<String> = [TrainFiles.history.name]

    /// One digest of some files, from their digests.
    static func outputDigest(of files: [String: String]) -> String {
        Digest.of(files.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)\n" }.joined())
    }

    /// The written form, with a digest of all other members.
    var json: JSONValue {
        get throws {
            let members: [String: JSONValue] = [
                "key": .string(key), "ingredients": cacheKey.json, "outputs": try JSONValue(encoding: outputs),
                "output_digest": .string(outputDigest), "seconds": .number(seconds),
                "started_at": .string(startedAt), "machine": machine, "facts": facts,
            ]
            return Self.sealed(members)
        }
    }

    /// The JSON member with the digest of all others.
    private static let digest = "digest"

    /// A record's members with their digest.
    static func sealed(_ members: [String: JSONValue]) -> JSONValue {
        let others = members.filter { $0.key != digest }
        return .object(
            others.merging([digest: .string(Digest.of(JSONValue.object(others).canonicalText))]) { $1 })
    }

    /// The flaw of a record, in words.
    enum Flaw: String, Error {
        case malformed = "it is not a record of a result"
        case otherKey = "its contents do not match its key"
        case otherDigest = "its contents do not match its digest"
    }

    init(
        key: String, cacheKey: CacheKey, outputs: [String: Output], seconds: Double, startedAt: String,
        machine: JSONValue, facts: JSONValue
    ) {
        self.key = key
        self.cacheKey = cacheKey
        self.outputs = outputs
        self.seconds = seconds
        self.startedAt = startedAt
        self.machine = machine
        self.facts = facts
    }

    /// Reads ``json`` back. A record of an earlier version has no digest; its key is still checked.
    ///
    /// - Throws: ``Flaw/malformed`` if a part is missing, the key is invalid or an output's path leads elsewhere;
    ///   ``Flaw/otherKey`` and ``Flaw/otherDigest`` for a changed record.
    init(_ json: JSONValue) throws(Flaw) {
        guard let key = json["key"]?.string, let made = json["ingredients"],
            let cacheKey = CacheKey(made), let described = json["outputs"]?.object,
            let seconds = json["seconds"]?.double, let startedAt = json["started_at"]?.string, StoredName.isKey(key),
            described.keys.allSatisfy(StoredName.isFile)
        else { throw .malformed }
        let outputs = described.compactMapValues(Output.init)
        guard outputs.count == described.count else { throw .malformed }
        guard Digest.of(made.canonicalText) == key else { throw .otherKey }
        if let members = json.object, members[Self.digest] != nil, Self.sealed(members) != json { throw .otherDigest }
        self.init(
            key: key, cacheKey: cacheKey, outputs: outputs, seconds: seconds, startedAt: startedAt,
            machine: json["machine"] ?? .null, facts: json["facts"] ?? .null)
    }
}

extension NodeRecord.Output {
    /// Reads the encoded form; nil if a part is missing.
    fileprivate init?(_ json: JSONValue) {
        guard let digest = json["digest"]?.string, let size = json["size"]?.integer else { return nil }
        self.init(digest: digest, size: Int64(size))
    }
}
