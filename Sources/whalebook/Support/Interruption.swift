import Basics
import Dispatch
import Foundation
import Synchronization
import Workflow

/// Handles signals: the first stops interruptible work in an orderly way, a second ends the program at once. Neither
/// leaves a temporary folder.
enum Interruption {
    private struct Work {
        let notice: String
        let cancel: @Sendable () -> Void
    }

    private enum State { case plain, working(Work), stopping }

    private static let state = Mutex(State.plain)

    /// Starts to watch for signals, until the process ends.
    static func watch() {
        let queue = DispatchQueue(label: "signals")
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            // A handler that does nothing, because a child process would inherit SIG_IGN.
            let previous = signal(number) { _ in }
            if number == SIGHUP, unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                // nohup set this.
                signal(number, SIG_IGN)
                continue
            }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                // The handler keeps the source alive.
                withExtendedLifetime(source) { take(number) }
            }
            source.resume()
        }
    }

    /// Does work that a signal cancels; the next run can use its partial results.
    fileprivate static func run<Value: Sendable>(
        notice: String, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await work() }
        state.withLock { $0 = .working(Work(notice: notice) { task.cancel() }) }
        // After a cancellation the state stays `stopping`: the program is about to end.
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
            Terminal.report(text: "\n\(work.notice)")
        case .stopping where number != SIGQUIT:
            // At once: an orderly exit could wait for the work.
            TemporaryFolder.removeAll(thenEnd: .code(FailureCode.interrupted.rawValue))
        default:
            TemporaryFolder.removeAll(thenEnd: .signal(number))
        }
    }
}

/// Does work that Ctrl-C, a request to end or a closed terminal cancels, through ``Interruption``.
func interruptible<Value: Sendable>(
    notice: String = "interrupted; waiting for the stage to stop (interrupt again to end at once)",
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await Interruption.run(notice: notice, work)
}
