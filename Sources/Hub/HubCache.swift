import Basics
import Foundation

/// The download cache shared by programs that use a Hugging Face hub.
///
/// ```
/// .locks/models--OWNER--NAME/ETAG.lock
/// models--OWNER--NAME/blobs/ETAG                         the contents
///                     snapshots/COMMIT/model.safetensors -> ../../blobs/ETAG
///                     refs/REVISION                      the commit
/// ```
///
/// Source: huggingface.co/docs/hub/local-cache.
public struct HubCache: Sendable, Equatable {
    /// The cache's folder.
    public let folder: URL

    /// Creates a reference to a cache without writing anything.
    public init(at folder: URL) { self.folder = folder }

    /// A model's weights, or nil if they are not in the cache.
    public func weights(of reference: HubReference) -> URL? {
        HubFile.weights.lazy.compactMap { file($0, of: reference) }.first
    }

    /// A model's file, or nil if it is not in the cache; only complete files are linked.
    ///
    /// A branch stays at the commit of its download, because the network is not queried.
    public func file(_ file: HubFile, of reference: HubReference) -> URL? {
        let commit: String
        if reference.isPinned {
            commit = reference.revision
        } else {
            guard let text = try? String(contentsOf: ref(reference), encoding: .utf8) else { return nil }
            commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard HubReference.isPlain(commit) else { return nil }
        let place = snapshot(reference, commit: commit, file)
        return FileManager.default.fileExists(atPath: place.path) ? place : nil
    }

    /// The contents under an entity tag.
    public func blob(_ reference: HubReference, etag: String) -> URL {
        repository(reference).appending(path: "blobs/\(etag)")
    }

    /// The partial file of an unfinished download.
    public func incomplete(_ reference: HubReference, etag: String) -> URL {
        repository(reference).appending(path: "blobs/\(etag).incomplete")
    }

    /// The lock file of a download.
    public func lock(_ reference: HubReference, etag: String) -> URL {
        folder.appending(path: ".locks/\(name(reference))/\(etag).lock")
    }

    /// Links a complete blob as a file of a commit, and sets the revision to that commit.
    ///
    /// - Returns: The file.
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func link(
        _ reference: HubReference, _ kind: HubFile = .safetensors, etag: String, commit: String
    ) throws -> URL {
        let file = snapshot(reference, commit: commit, kind)
        let partial = file.deletingLastPathComponent()
            .appending(path: ".\(file.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)")
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try? FileManager.default.removeItem(at: partial)
            try FileManager.default.createSymbolicLink(
                atPath: partial.path, withDestinationPath: "../../blobs/\(etag)")
        } catch {
            throw FileError.unwritable(path: file.path, reason: FileError.reason(of: error))
        }
        guard rename(partial.path, file.path) == 0 else {
            throw FileError.unwritable(path: file.path, reason: SystemWords.of())
        }
        if !reference.isPinned { try AtomicFile.write(commit, to: ref(reference)) }
        return file
    }

    private func name(_ reference: HubReference) -> String { "models--\(reference.owner)--\(reference.name)" }

    private func repository(_ reference: HubReference) -> URL { folder.appending(path: name(reference)) }

    private func ref(_ reference: HubReference) -> URL {
        repository(reference).appending(path: "refs/\(reference.revision)")
    }

    private func snapshot(_ reference: HubReference, commit: String, _ file: HubFile) -> URL {
        repository(reference).appending(path: "snapshots/\(commit)/\(file.rawValue)")
    }
}
