import Basics
import Foundation
import Synchronization
import Workflow

/// Writes everything that a run tells into a file, with the time of day, whatever the terminal shows of it.
final class RunLog: Sendable {
    private struct State {
        var handle: FileHandle?
        var failure: String?
    }

    private let url: URL
    private let state = Mutex(State())

    /// Why some of it is missing; nil while all was written.
    var failure: FileError? {
        state.withLock(\.failure).map { FileError.unwritable(path: url.path, reason: $0) }
    }

    /// Names the log of a store's last run; it begins anew with the first line, which a run that finds the store locked
    /// never writes.
    init(_ store: Store) { url = store.runLog }

    /// Adds a line; a store that cannot be written to only costs the log.
    func write(_ line: String) {
        state.withLock { state in
            do {
                let handle = try state.handle ?? open()
                state.handle = handle
                try handle.write(contentsOf: Data("\(Date().ISO8601Format()) \(line.visible)\n".utf8))
            } catch {
                state.failure = state.failure ?? FileError.reason(of: error)
            }
        }
    }

    private func open() throws -> FileHandle {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        // Made anew: what lies there may be a link to another file.
        unlink(url.path)
        let descriptor = Foundation.open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
