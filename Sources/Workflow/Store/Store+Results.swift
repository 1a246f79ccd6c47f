import Basics
import Foundation
import Results

/// What lies in the store under a key.
enum StoredResult {
    case nothing
    case whole(NodeRecord)
    case damaged(Damage)

    /// A result whose record is not the one that was written; it is not used.
    struct Damage: Error, CustomStringConvertible {
        /// The record's file.
        let path: String
        let reason: String

        let remedy = "'whalebook run' makes the result anew; what was imported must be imported again."

        var description: String { "\(path) is damaged: \(reason). \(remedy)" }
    }

    /// The record, where it is whole.
    var record: NodeRecord? { if case .whole(let record) = self { record } else { nil } }

    /// What is wrong with it, nil where nothing is.
    var damage: Damage? { if case .damaged(let damage) = self { damage } else { nil } }
}

/// Finished results.
extension Store {
    /// What lies under a key.
    ///
    /// - Parameter key: May come from a file; under what is no key lies nothing.
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)`` where it cannot be told.
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
                return damaged("it is of another result")
            }
            return .whole(record)
        } catch {
            return damaged(error.rawValue)
        }
    }

    /// The record of a finished node; nil where there is none, or none that is whole.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)`` where it cannot be told.
    public func record(of stage: StageName, key: String) throws -> NodeRecord? {
        try look(at: stage, key: key).record
    }

    /// A finished node's folder, held open; nil where there is none.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)``.
    func result(of stage: StageName, key: String) throws -> HeldFolder? {
        StoredName.isKey(key) ? try held(folder(of: stage, key: key)) : nil
    }

    /// The records of all finished nodes of a stage that are whole, by key.
    func records(of stage: StageName) throws -> [NodeRecord] {
        try (held(folder(of: stage))?.names() ?? []).compactMap { try record(of: stage, key: $0) }
    }

    /// The outputs of a record that are missing, links, or whose contents are not those that were written.
    ///
    /// - Parameter rereads: Whether a file is read though its stamp is the one that its digest is remembered by: a disk
    ///   that loses bits leaves the stamp as it was.
    /// - Throws: ``StoreError``; ``FileError`` where files ran out.
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
