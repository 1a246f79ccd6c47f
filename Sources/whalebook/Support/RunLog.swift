import Basics
import Foundation
import Synchronization
import Workflow

/// Writes everything that a run tells into a file, with the time of day, whatever the terminal shows of it.
final class RunLog: Sendable {
    private struct State {
        var handle: FileHandle?
        var failure: (any Error)?
    }

    private let store: Store
    private let state = Mutex(State())

    /// Why some of it is missing; nil while all was written.
    var failure: (any Error)? { state.withLock(\.failure) }

    /// Names the log of a store's last run; it begins anew with the first line, which a run that finds the store locked
    /// never writes.
    init(_ store: Store) { self.store = store }

    /// Adds a line; a store that cannot be written to only costs the log.
    func write(_ line: String) {
        state.withLock { state in
            do {
                let handle = try state.handle ?? FileHandle(fileDescriptor: store.openingLog(), closeOnDealloc: true)
                state.handle = handle
                do {
                    try handle.write(
                        contentsOf: Data(
                            "\(Date().ISO8601Format()) \(line.shortened(to: Bounds.lineLength).visible)\n".utf8))
                } catch {
                    throw FileError.unwritable(path: store.runLog.path, reason: FileError.reason(of: error))
                }
            } catch {
                state.failure = state.failure ?? error
            }
        }
    }
}
