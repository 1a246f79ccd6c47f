import Basics
import Foundation
import Results

/// Work in progress.
extension Store {
    /// Makes the log of a run anew and opens it for writing; the caller closes the descriptor.
    ///
    /// - Throws: ``StoreError``, ``FileError/unwritable(path:reason:)``.
    public func openingLog() throws -> Int32 { try making(memory).creating(runLog.lastPathComponent) }

    /// Removes what killed runs left half written beside their files; the caller holds the ``RunLock``.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    func sweep() throws {
        for place in try [folder, memory, runsFolder, manifests].compactMap(held) { AtomicFile.sweep(place) }
        AtomicFile.sweep(try HeldFolder(folder.deletingLastPathComponent()))
    }

    /// What a partial folder tells.
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
        return .failed(reason: failure["reason"]?.string ?? "no reason was kept")
    }

    /// Makes the partial folder of a node: empty, unless it holds an attempt that this one may go on from.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    func begin(_ attempt: Attempt, key: String, afresh: Bool = false) throws -> URL {
        let place = partialFolder(of: attempt.stage, key: key)
        // Where the result goes must be the store's own too.
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

    /// Work on a node, as it is noted in the node's partial folder.
    struct Attempt: Codable, Equatable {
        let stage: StageName
        let node: String
        /// The digest of the worker's program, for a stage that goes on from what an attempt left; nil for any other.
        let worker: String?
        /// When what it reads was last changed, see ``InputWatch/digest(of:member:)``; nil likewise.
        var inputs: String?
    }

    /// The attempt whose remains lie in a partial folder, or nil.
    private func attempt(in place: URL) throws -> Attempt? {
        try remembered(place.appending(path: Self.attemptName)).flatMap { data in
            try? JSONValue(parsing: data).decoded(as: Attempt.self)
        }
    }

    /// The partial folders of a stage from which work can go on: of each node the one that was begun last.
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

    /// Keeps why a node failed beside what it left.
    func fail(_ stage: StageName, key: String, reason: String) throws {
        try write(
            JSONValue.object(["reason": .string(reason)]).text,
            to: partialFolder(of: stage, key: key).appending(path: Self.failureName))
    }

    /// Makes a partial folder the node's result: only the outputs, the log and the record stay in it.
    func commit(_ record: NodeRecord) throws {
        try adopt(partialFolder(of: record.cacheKey.node.stage, key: record.key), as: record)
    }

    /// Makes a folder of the record's stage the node's result.
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

    /// Writes the record of a finished node anew.
    func rewrite(_ record: NodeRecord) throws {
        let place = folder(of: record.cacheKey.node.stage, key: record.key)
        try write(try record.json.text, to: place.appending(path: Self.recordName))
    }
}
