import Basics
import Catalog
import Foundation
import Results

/// Says in words what became of a node's ingredients.
struct Changes {
    let store: Store
    let manifest: DataManifest
    private static let shown = 3

    /// One line, such as `train.schedule.epochs 20 -> 40; data: 2 photographs changed`.
    func reason(from old: Ingredients, to new: Ingredients) throws -> String {
        var reasons: [String] = []
        if old.version != new.version {
            reasons.append("the stage works otherwise now (version \(old.version) -> \(new.version))")
        }
        reasons += Self.differences(old.parameters, new.parameters).map { "\($0.name) \($0.old) -> \($0.new)" }
        reasons += try dataReasons(old.data, new.data)
        reasons += try inputReasons(old.inputs, new.inputs)
        reasons += Self.differences(old.backend, new.backend).map { "\($0.name) \($0.old) -> \($0.new)" }
        let rest = reasons.count - Self.shown
        return reasons.prefix(Self.shown).joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }

    private static func differences(
        _ old: [String: JSONValue], _ new: [String: JSONValue]
    ) -> [(name: String, old: String, new: String)] {
        Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map {
            ($0, words(old[$0]), words(new[$0]))
        }
    }

    private static func words(_ value: JSONValue?) -> String {
        (value.map { $0.string ?? $0.canonicalText } ?? "none").shortened()
    }

    private func dataReasons(_ old: [String: String], _ new: [String: String]) throws -> [String] {
        try Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { part in
            switch (part, old[part]) {
            case (DataPart.photographs.rawValue, let digest?):
                "data: \(try manifest.difference(since: digest, in: store))"
            case (DataPart.metadata.rawValue, _): "data: the metadata changed"
            case (DataPart.scenarios.rawValue, _): "data: the scenarios changed"
            default: "the \(Self.owner(ofWeights: part))weights file changed"
            }
        }
    }

    /// The part of a hybrid that weights belong to, before their name; nothing for those of a whole.
    private static func owner(ofWeights part: String) -> String {
        part == DataPart.weights.rawValue ? "" : "\(part.dropFirst(DataPart.weights.rawValue.count + 1))'s "
    }

    private func inputReasons(_ old: [String: String], _ new: [String: String]) throws -> [String] {
        try Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { input in
            switch (old[input], new[input]) {
            case (nil, _): return "\(input) is new"
            case (_, nil): return "\(input) is gone"
            case (let before?, let after?):
                if input.hasPrefix(StageName.split.rawValue), input.hasSuffix(SplitFiles.split.name),
                    let roles = try rolesChanged(before, after)
                {
                    return "split: \(roles) changed upstream"
                }
                return "\(input) changed upstream"
            }
        }
    }

    /// How many photographs play another role, where both splits are still in the store.
    private func rolesChanged(_ old: String, _ new: String) throws -> String? {
        let records = try store.records(of: .split)
        func split(_ digest: String) -> Split? {
            let record = records.first { $0.outputs[SplitFiles.split.name]?.digest == digest }
            return record.flatMap {
                try? SplitFiles.split.read(in: store.folder(of: .split, key: $0.key))
            }
        }
        guard let before = split(old), let after = split(new) else { return nil }
        func roles(_ split: Split) -> [String: Role] {
            Dictionary(split.rows.map { ($0.imageID, $0.role) }) { first, _ in first }
        }
        let first = roles(before), second = roles(after)
        let count = Set(first.keys).union(second.keys).count { first[$0] != second[$0] }
        if count == 0 { return "no role but another column" }
        return "\(count) role\(count == 1 ? "" : "s")"
    }
}
