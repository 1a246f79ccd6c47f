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
    public let ingredients: Ingredients
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

    var json: JSONValue {
        get throws {
            [
                "key": .string(key), "ingredients": ingredients.json, "outputs": try JSONValue(encoding: outputs),
                "output_digest": .string(outputDigest), "seconds": .number(seconds),
                "started_at": .string(startedAt), "machine": machine, "facts": facts,
            ]
        }
    }

    init(
        key: String, ingredients: Ingredients, outputs: [String: Output], seconds: Double, startedAt: String,
        machine: JSONValue, facts: JSONValue
    ) {
        self.key = key
        self.ingredients = ingredients
        self.outputs = outputs
        self.seconds = seconds
        self.startedAt = startedAt
        self.machine = machine
        self.facts = facts
    }

    /// Reads ``json`` back, or nil where a part is missing, the key is none or an output would lie elsewhere.
    init?(_ json: JSONValue) {
        guard let key = json["key"]?.string, let ingredients = json["ingredients"].flatMap(Ingredients.init),
            let described = json["outputs"]?.object, let seconds = json["seconds"]?.double,
            let startedAt = json["started_at"]?.string, StoredName.isKey(key),
            described.keys.allSatisfy(StoredName.isFile)
        else { return nil }
        let outputs = described.compactMapValues(Output.init)
        guard outputs.count == described.count else { return nil }
        self.init(
            key: key, ingredients: ingredients, outputs: outputs, seconds: seconds, startedAt: startedAt,
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
