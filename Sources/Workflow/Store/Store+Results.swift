import Basics
import Foundation
import Results

/// The content of the store under a key.
enum StoredResult {
    case nothing
    case whole(NodeRecord)
    case damaged(Damage)

    /// A result whose record was changed; it is not used.
    struct Damage: Error, CustomStringConvertible {
        /// The record's file.
        let path: String
        let reason: String

        let remedy = "Make the result again with 'whalebook run'; if it was imported, import it again."

        var description: String { "\(path) is damaged: \(reason). \(remedy)" }
    }

    /// The record, if it is undamaged.
    var record: NodeRecord? { if case .whole(let record) = self { record } else { nil } }

    /// The damage, or nil.
    var damage: Damage? { if case .damaged(let damage) = self { damage } else { nil } }
}

/// Finished results.
extension Store {
    /// The content under a key, which can come from a file; there is nothing under an invalid key.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)`` if it cannot be read.
    func look(at stage: StageName, key: String) throws -> StoredResult {
        guard let place = try result(of: stage, key: key), place.kind(of: Self.recordName) != nil else {
            return .nothing
        }
        func damaged(_ reason: String) -> StoredResult {
            .damaged(.init(path: "\(place.path)/\(Self.recordName)", reason: reason))
        }
        let data: Data
        do {
            data = try place.contents(of: Self.recordName)
        } catch let error as FileError where !error.isExhaustion {
            return damaged("it \(error.problem)")
        }
        guard let json = try? JSONValue(parsing: data) else { return damaged("it is not valid JSON") }
        do throws(NodeRecord.Flaw) {
            let record = try NodeRecord(json)
            guard record.key == key, record.cacheKey.node.stage == stage else {
                return damaged("it belongs to another result")
            }
            return .whole(record)
        } catch {
            return damaged(error.rawValue)
        }
    }

    /// The record of a finished node; nil if there is none or it is damaged.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)`` if it cannot be read.
    public func record(of stage: StageName, key: String) throws -> NodeRecord? {
        try look(at: stage, key: key).record
    }

    /// A finished node's folder, held open; nil if there is none.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)``.
    func result(of stage: StageName, key: String) throws -> HeldFolder? {
        StoredName.isKey(key) ? try held(folder(of: stage, key: key)) : nil
    }

    /// The undamaged records of all finished nodes of a stage, by key.
    func records(of stage: StageName) throws -> [NodeRecord] {
        try (held(folder(of: stage))?.names() ?? []).compactMap { try record(of: stage, key: $0) }
    }

    /// The outputs of a record that are missing, are links, or were changed.
    ///
    /// `rereads` chooses the files that are read even if their stamp is unchanged, because a disk error does not change
    /// the stamp.
    ///
    /// - Throws: ``StoreError``; ``FileError`` if too many files are open.
    func damaged(_ record: NodeRecord, digests: inout FileDigests, rereads: (String) -> Bool) throws -> [String] {
        let stage = record.cacheKey.node.stage
        let place = folder(of: stage, key: record.key)
        let held = try result(of: stage, key: record.key)
        return try record.outputs.sorted { $0.key < $1.key }.compactMap { name, output in
            guard held?.kind(of: name) == .file else { return name }
            let path = place.path + "/" + name
            if rereads(name) { digests.forget(path) }
            return try FileError.attempt { try digests.digest(of: path) } == output.digest ? nil : name
        }
    }
}
