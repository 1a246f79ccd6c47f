import Basics
import Foundation
import Synchronization
import Workflow

/// Writes everything that a run tells into a file, with the time of day, whatever the terminal shows of it.
final class RunLog: Sendable {
    private let url: URL
    private let handle = Mutex<FileHandle?>(nil)

    /// Names the log of a store's last run; it begins anew with the first line, which a run that finds the store locked
    /// never writes.
    init(_ store: Store) { url = store.runLog }

    /// Adds a line; a store that cannot be written to only costs the log.
    func write(_ line: String) {
        handle.withLock { handle in
            if handle == nil {
                try? FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                // Made anew: what lies there may be a link to another file.
                unlink(url.path)
                let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
                if descriptor >= 0 { handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true) }
            }
            try? handle?.write(contentsOf: Data("\(Date().ISO8601Format()) \(line.visible)\n".utf8))
        }
    }
}
