import Dispatch
import Foundation
import Workflow

/// Does some work that Ctrl-C, or a request to end, cancels: what was begun stays for the next run.
///
/// A second signal ends the program at once.
func interruptible<Value: Sendable>(
    notice: String = "interrupted; waiting for the stage to stop (again to end at once)",
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let task = Task { try await work() }
    let sources = [SIGINT, SIGTERM].map { number in
        // A handler that does nothing, and not SIG_IGN: that one a child would inherit.
        signal(number) { _ in }
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            if task.isCancelled { exit(130) }
            Terminal.tell(text: "\n\(notice)")
            task.cancel()
        }
        source.resume()
        return source
    }
    defer { for source in sources { source.cancel() } }
    return try await task.value
}
