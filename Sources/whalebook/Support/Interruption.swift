import Basics
import Dispatch
import Foundation
import Synchronization
import Workflow

/// What a signal does: work that can be interrupted stops in order, and a second signal ends the program at once. However
/// it ends, no temporary folder is left.
enum Interruption {
    private struct Work {
        let notice: String
        let cancel: @Sendable () -> Void
    }

    private enum State { case plain, working(Work), stopping }

    private static let state = Mutex(State.plain)

    /// Begins to look for signals, until the process ends.
    static func watch() {
        let queue = DispatchQueue(label: "signals")
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            // A handler that does nothing, and not SIG_IGN: that one a child would inherit.
            let previous = signal(number) { _ in }
            if number == SIGHUP, unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                // As nohup wants it.
                signal(number, SIG_IGN)
                continue
            }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                // The source holds the handler, and the handler the source.
                withExtendedLifetime(source) { take(number) }
            }
            source.resume()
        }
    }

    /// Does some work that a signal cancels: what was begun stays for the next run.
    fileprivate static func run<Value: Sendable>(
        notice: String, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await work() }
        state.withLock { $0 = .working(Work(notice: notice) { task.cancel() }) }
        // Work that was told to stop leaves the program about to end.
        defer { state.withLock { if case .working = $0 { $0 = .plain } } }
        return try await task.value
    }

    private static func take(_ number: Int32) {
        let before = state.withLock { state in
            defer { if case .working = state, number != SIGQUIT { state = .stopping } }
            return state
        }
        switch before {
        case .working(let work) where number != SIGQUIT:
            work.cancel()
            Terminal.tell(text: "\n\(work.notice)")
        case .stopping where number != SIGQUIT:
            TemporaryFolder.removeAll()
            // At once: what ends in order could wait for the work.
            _exit(FailureCode.interrupted.rawValue)
        default:
            TemporaryFolder.removeAll()
            end(by: number)
        }
    }

    /// Ends the program as a signal does that nobody looks for.
    static func end(by number: Int32) -> Never {
        signal(number, SIG_DFL)
        var only = sigset_t()
        sigemptyset(&only)
        sigaddset(&only, number)
        pthread_sigmask(SIG_UNBLOCK, &only, nil)
        raise(number)
        _exit(128 + number)
    }
}

/// As ``Interruption`` does it: some work that Ctrl-C, a request to end, or a closed terminal cancels.
func interruptible<Value: Sendable>(
    notice: String = "interrupted; waiting for the stage to stop (again to end at once)",
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await Interruption.run(notice: notice, work)
}
