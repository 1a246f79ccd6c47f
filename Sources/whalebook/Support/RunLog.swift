import Basics
import Foundation
import Synchronization
import Workflow

/// Writes every message of a run to a file, with its time, whatever the terminal shows.
final class RunLog: Sendable {
    private struct State {
        var handle: FileHandle?
        var failure: (any Error)?
    }

    private let store: Store
    private let state = Mutex(State())

    /// Why some lines are missing; nil if all were written.
    var failure: (any Error)? { state.withLock(\.failure) }

    /// Prepares the log of a store's last run. The first line replaces the old log; a run that finds the store locked
    /// writes none.
    init(_ store: Store) { self.store = store }

    /// Adds a line; if the store cannot be written to, only the log is lost.
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
