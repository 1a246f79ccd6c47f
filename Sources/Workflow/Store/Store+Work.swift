import Basics
import Foundation
import Results

/// Work in progress.
extension Store {
    /// Replaces the log of a run by an empty one and opens it for writing; the caller closes the descriptor.
    ///
    /// - Throws: ``StoreError``, ``FileError/unwritable(path:reason:)``.
    public func openingLog() throws -> Int32 { try making(memory).creating(runLog.lastPathComponent) }

    /// Removes temporary files that killed runs left; the caller holds the ``RunLock``.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    func sweep() throws {
        for place in try [folder, memory, runsFolder, manifests].compactMap(held) { AtomicFile.sweep(place) }
        AtomicFile.sweep(try HeldFolder(folder.deletingLastPathComponent()))
    }

    /// The state of a partial folder.
    enum Partial: Equatable {
        case none, interrupted
        case failed(reason: String)
    }

    func partial(of stage: StageName, key: String) throws -> Partial {
        let place = partialFolder(of: stage, key: key)
        guard try held(place) != nil else { return .none }
        guard let data = try remembered(place.appending(path: Self.failureName)),
            let failure = try? JSONValue(parsing: data)
        else { return .interrupted }
        return .failed(reason: failure["reason"]?.string ?? "the reason is unknown")
    }

    /// Makes the partial folder of a node: empty, unless it has an earlier attempt that this one can continue.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    func begin(_ attempt: Attempt, key: String, afresh: Bool = false) throws -> URL {
        let place = partialFolder(of: attempt.stage, key: key)
        // The result's final place must also belong to the store.
        _ = try held(folder(of: attempt.stage, key: key))
        let before = try held(place)
        if let before, try !afresh && attempt.worker != nil && self.attempt(in: place) == attempt {
            for name in try before.names() where before.kind(of: name) == .link {
                throw StoreError.link(path: "\(before.path)/\(name)")
            }
            if before.kind(of: Self.failureName) != nil { try before.remove(Self.failureName) }
        } else if before != nil {
            try held(folder(of: attempt.stage))?.removeAll(place.lastPathComponent)
        }
        try write(JSONValue(encoding: attempt).text, to: place.appending(path: Self.attemptName))
        return place
    }

    /// An attempt to make a node, as recorded in its partial folder.
    struct Attempt: Codable, Equatable {
        let stage: StageName
        let node: String
        /// The digest of the worker's program, for a stage that can continue an attempt; nil for any other.
        let worker: String?
        /// The times of its inputs' last changes, see ``InputWatch/digest(of:member:)``; nil likewise.
        var inputs: String?
    }

    /// The attempt in a partial folder, or nil.
    private func attempt(in place: URL) throws -> Attempt? {
        try remembered(place.appending(path: Self.attemptName)).flatMap { data in
            try? JSONValue(parsing: data).decoded(as: Attempt.self)
        }
    }

    /// The partial folders of a stage whose work can continue: the latest one of each node.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    func continuable(_ stage: StageName) throws -> [URL] {
        var newest: [String: (url: URL, begun: Int64)] = [:]
        for name in try held(folder(of: stage))?.names() ?? [] where name.hasSuffix(Self.partialSuffix) {
            let url = folder(of: stage).appending(path: name)
            guard let attempt = try attempt(in: url), attempt.worker != nil,
                let begun = FileStamp(path: url.appending(path: Self.attemptName).path)?.modified,
                begun > newest[attempt.node]?.begun ?? .min
            else { continue }
            newest[attempt.node] = (url, begun)
        }
        return newest.values.map(\.url)
    }

    /// Writes the reason that a node failed into its partial folder.
    func fail(_ stage: StageName, key: String, reason: String) throws {
        try write(
            JSONValue.object(["reason": .string(reason)]).text,
            to: partialFolder(of: stage, key: key).appending(path: Self.failureName))
    }

    /// Turns a partial folder into the node's result: only the outputs, the log and the record stay in it.
    func commit(_ record: NodeRecord) throws {
        try adopt(partialFolder(of: record.cacheKey.node.stage, key: record.key), as: record)
    }

    /// Turns a folder of the record's stage into the node's result.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    func adopt(_ partial: URL, as record: NodeRecord) throws {
        let stage = try making(folder(of: record.cacheKey.node.stage))
        let work = try making(partial)
        let keep = Set(record.outputs.keys.map { String($0.prefix { $0 != "/" }) } + [Self.logName])
        for name in try work.names() where !keep.contains(name) { try work.removeAll(name) }
        try work.write(Data(record.json.text.utf8), to: Self.recordName)
        let old = record.key + Self.oldSuffix
        if stage.kind(of: old) != nil { try stage.removeAll(old) }
        let replaces = stage.kind(of: record.key) != nil
        if replaces { try stage.rename(record.key, to: old) }
        try stage.rename(partial.lastPathComponent, to: record.key)
        if replaces { try stage.removeAll(old) }
    }

    /// Replaces the record of a finished node.
    func rewrite(_ record: NodeRecord) throws {
        let place = folder(of: record.cacheKey.node.stage, key: record.key)
        try write(try record.json.text, to: place.appending(path: Self.recordName))
    }
}
