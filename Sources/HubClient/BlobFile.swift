import Basics
import Crypto
import Foundation
import Synchronization

/// A blob while it is downloaded: what is there of it, the digest of that, and the entity tag that it came under.
final class BlobFile: Sendable {
    private struct State {
        let handle: FileHandle
        var count: Int64
        var hash: SHA256
        var tag: String?
    }

    private static let chunk = 1 << 20
    private static let tagLimit = 1024

    private let url: URL
    private let state: Mutex<State>

    /// Beside the file, for a later process.
    private var tagFile: URL { url.appendingPathExtension("etag") }

    /// Opens the file, or makes it; what an earlier download left is read once, for the digest.
    ///
    /// - Throws: ``FileError``.
    init(at url: URL) throws {
        self.url = url
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: url.path) { try Data().write(to: url) }
            let handle = try FileHandle(forUpdating: url)
            var state = State(handle: handle, count: 0, hash: SHA256())
            while let data = try handle.read(upToCount: Self.chunk), !data.isEmpty {
                state.hash.update(data: data)
                state.count += Int64(data.count)
            }
            let tag = try? String(contentsOf: url.appendingPathExtension("etag"), encoding: .utf8)
            state.tag = tag.flatMap { AnswerHead.isStrongTag($0) ? $0 : nil }
            self.state = Mutex(state)
        } catch {
            throw FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
        }
    }

    /// How many bytes are there.
    var count: Int64 { state.withLock { $0.count } }

    /// The entity tag, with its quotes, of the version that the bytes are of; nil where the server told none.
    var tag: String? { state.withLock { $0.tag } }

    /// The SHA-256 of what is there, lower-case hexadecimal.
    var digest: String {
        state.withLock { state in
            state.hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// Adds what came.
    func append(_ data: Data) throws {
        try change { state in
            try state.handle.write(contentsOf: data)
            state.hash.update(data: data)
            state.count += Int64(data.count)
        }
    }

    /// Begins anew, with the bytes of the version that has the tag.
    func empty(for tag: String? = nil) throws {
        let tag = tag.flatMap { $0.utf8.count <= Self.tagLimit ? $0 : nil }
        try change { state in
            try state.handle.truncate(atOffset: 0)
            state.hash = SHA256()
            state.count = 0
            state.tag = tag
            // After the file is empty: whoever is killed in between leaves no bytes under a wrong tag.
            if let tag { try Data(tag.utf8).write(to: tagFile) } else { removeTag() }
        }
    }

    /// Removes the file.
    func remove() {
        try? FileManager.default.removeItem(at: url)
        removeTag()
    }

    /// Gives the file, which is whole, its name.
    func rename(to target: URL) throws {
        try change { try $0.handle.synchronize() }
        guard Foundation.rename(url.path, target.path) == 0 else {
            throw FileError.unwritable(path: target.path, reason: SystemWords.of())
        }
        removeTag()
    }

    private func removeTag() { try? FileManager.default.removeItem(at: tagFile) }

    private func change(_ body: (inout State) throws -> Void) throws {
        do {
            try state.withLock { try body(&$0) }
        } catch {
            throw FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
        }
    }
}
