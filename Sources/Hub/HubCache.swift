import Basics
import Foundation

/// The folder in which programs that use a Hugging Face hub keep what they have downloaded.
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
    /// Where it lies.
    public let folder: URL

    /// Names a cache; nothing is written yet.
    public init(at folder: URL) { self.folder = folder }

    /// A model's file where it is there, and whole, since only whole ones are linked.
    ///
    /// A branch stays at the commit that it was at when it was downloaded: nothing is asked of the network.
    public func file(of reference: HubReference) -> URL? {
        let commit: String
        if reference.isPinned {
            commit = reference.revision
        } else {
            guard let text = try? String(contentsOf: ref(reference), encoding: .utf8) else { return nil }
            commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard HubReference.isPlain(commit) else { return nil }
        let file = snapshot(reference, commit: commit)
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }

    /// The contents under an entity tag.
    public func blob(_ reference: HubReference, etag: String) -> URL {
        repository(reference).appending(path: "blobs/\(etag)")
    }

    /// What is there of a blob that is still being downloaded.
    public func incomplete(_ reference: HubReference, etag: String) -> URL {
        repository(reference).appending(path: "blobs/\(etag).incomplete")
    }

    /// The file that is locked while a blob is downloaded.
    public func lock(_ reference: HubReference, etag: String) -> URL {
        folder.appending(path: ".locks/\(name(reference))/\(etag).lock")
    }

    /// Makes a whole blob the file of a commit, and the commit the state of the revision.
    ///
    /// - Returns: The file.
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func link(_ reference: HubReference, etag: String, commit: String) throws -> URL {
        let file = snapshot(reference, commit: commit)
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

    private func snapshot(_ reference: HubReference, commit: String) -> URL {
        repository(reference).appending(path: "snapshots/\(commit)/\(HubReference.file)")
    }
}
