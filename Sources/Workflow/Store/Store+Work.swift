import Basics
import Foundation
import Results

/// Work in progress.
extension Store {
    /// Removes what killed runs left half written beside their files; the caller holds the ``RunLock``.
    func sweep() {
        for place in [folder, memory, runsFolder, manifests, folder.deletingLastPathComponent()] {
            AtomicFile.sweep(place)
        }
    }

    /// What a partial folder tells.
    enum Partial: Equatable {
        case none, interrupted
        case failed(reason: String)
    }

    func partial(of stage: StageName, key: String) -> Partial {
        let place = partialFolder(of: stage, key: key)
        guard FileManager.default.fileExists(atPath: place.path) else { return .none }
        if let failure = try? JSONValue.read(place.appending(path: Self.failureName)) {
            return .failed(reason: failure["reason"]?.string ?? "no reason was kept")
        }
        return .interrupted
    }

    /// Makes the partial folder of a node: empty, unless it holds an attempt that this one may go on from.
    func begin(_ attempt: Attempt, key: String, afresh: Bool = false) throws -> URL {
        let place = partialFolder(of: attempt.stage, key: key)
        let continues = !afresh && attempt.worker != nil && self.attempt(in: place) == attempt
        do {
            for old in continues ? [place.appending(path: Self.failureName)] : [place]
            where FileManager.default.fileExists(atPath: old.path) {
                try FileManager.default.removeItem(at: old)
            }
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: place.path, reason: FileError.reason(of: error))
        }
        try AtomicFile.write(JSONValue(encoding: attempt).text, to: place.appending(path: Self.attemptName))
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
    private func attempt(in place: URL) -> Attempt? {
        try? JSONValue.read(place.appending(path: Self.attemptName)).decoded(as: Attempt.self)
    }

    /// The partial folders of a stage from which work can go on: of each node the one that was begun last.
    func continuable(_ stage: StageName) -> [URL] {
        let folder = folder.appending(path: "cache/\(stage.rawValue)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        var newest: [String: (url: URL, begun: Int64)] = [:]
        for name in names.sorted() where name.hasSuffix(Self.partialSuffix) {
            let url = folder.appending(path: name)
            guard let attempt = attempt(in: url), attempt.worker != nil,
                let begun = FileStamp(path: url.appending(path: Self.attemptName).path)?.modified,
                begun > newest[attempt.node]?.begun ?? .min
            else { continue }
            newest[attempt.node] = (url, begun)
        }
        return newest.values.map(\.url)
    }

    /// Keeps why a node failed beside what it left.
    func fail(_ stage: StageName, key: String, reason: String) throws {
        try AtomicFile.write(
            JSONValue.object(["reason": .string(reason)]).text,
            to: partialFolder(of: stage, key: key).appending(path: Self.failureName))
    }

    /// Makes a partial folder the node's result: only the outputs, the log and the record stay in it.
    func commit(_ record: NodeRecord) throws {
        try adopt(partialFolder(of: record.ingredients.node.stage, key: record.key), as: record)
    }

    /// Makes any folder of the store a node's result.
    func adopt(_ partial: URL, as record: NodeRecord) throws {
        let stage = record.ingredients.node.stage
        let place = folder(of: stage, key: record.key)
        do {
            let keep = Set(record.outputs.keys.map { String($0.prefix { $0 != "/" }) } + [Self.logName])
            for name in try FileManager.default.contentsOfDirectory(atPath: partial.path) where !keep.contains(name) {
                try FileManager.default.removeItem(at: partial.appending(path: name))
            }
            try AtomicFile.write(try record.json.text, to: partial.appending(path: Self.recordName))
            let old = URL(filePath: place.path + Self.oldSuffix)
            if FileManager.default.fileExists(atPath: old.path) { try FileManager.default.removeItem(at: old) }
            let replaces = FileManager.default.fileExists(atPath: place.path)
            if replaces { try FileManager.default.moveItem(at: place, to: old) }
            try FileManager.default.moveItem(at: partial, to: place)
            if replaces { try FileManager.default.removeItem(at: old) }
        } catch let error as FileError {
            throw error
        } catch {
            throw FileError.unwritable(path: place.path, reason: FileError.reason(of: error))
        }
    }

    /// Writes the record of a finished node anew.
    func rewrite(_ record: NodeRecord) throws {
        let place = folder(of: record.ingredients.node.stage, key: record.key)
        try AtomicFile.write(try record.json.text, to: place.appending(path: Self.recordName))
    }
}
