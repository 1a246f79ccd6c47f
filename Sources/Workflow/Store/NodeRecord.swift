import Basics
import Digests
import Foundation
import Results

/// What is kept of a finished node beside its files: `node.json`, its provenance.
public struct NodeRecord: Sendable, Equatable {
    /// One file that the node wrote.
    public struct Output: Sendable, Equatable, Encodable {
        /// SHA-256 of the contents.
        public let digest: String
        /// Bytes.
        public let size: Int64
    }

    public let key: String
    public let cacheKey: CacheKey
    /// The files by name.
    public let outputs: [String: Output]
    /// How long the work took, seconds; an interrupted one counts from where it went on.
    public let seconds: Double
    /// When it started, ISO 8601, UTC.
    public let startedAt: String
    /// Processor, cores, threads, instruction set: low bits depend on them.
    public let machine: JSONValue
    /// What the stage told of its run.
    public let facts: JSONValue

    /// One digest of all outputs but those that tell how long the work took: the same result has the same digest.
    public var outputDigest: String {
        Self.outputDigest(of: outputs.mapValues(\.digest).filter { !Self.timed.contains($0.key) })
    }

    /// Outputs that hold times. No stage reads them, and what else they tell follows from the other outputs.
    static let timed: Set<String> = [TrainFiles.history.name]

    /// One digest of some files by their digests.
    static func outputDigest(of files: [String: String]) -> String {
        Digest.of(files.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)\n" }.joined())
    }

    /// What is written: with the digest of all that it says.
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

    /// The member that holds the digest of all others.
    private static let digest = "digest"

    /// A record's members with their digest.
    static func sealed(_ members: [String: JSONValue]) -> JSONValue {
        let others = members.filter { $0.key != digest }
        return .object(
            others.merging([digest: .string(Digest.of(JSONValue.object(others).canonicalText))]) { $1 })
    }

    /// What is wrong with a record, in words that follow its name.
    enum Flaw: String, Error {
        case malformed = "it is no record of a result"
        case otherKey = "what it records does not give its key"
        case otherDigest = "its contents do not give its digest"
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

    /// Reads ``json`` back. A record of an earlier version has no digest of its own; its key is checked all the same.
    ///
    /// - Throws: ``Flaw/malformed`` where a part is missing, the key is none or an output would lie elsewhere;
    ///   ``Flaw/otherKey`` and ``Flaw/otherDigest`` for what is not as it was written.
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
    /// Reads what was encoded; nil where a part is missing.
    fileprivate init?(_ json: JSONValue) {
        guard let digest = json["digest"]?.string, let size = json["size"]?.integer else { return nil }
        self.init(digest: digest, size: Int64(size))
    }
}
