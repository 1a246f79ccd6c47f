import Foundation

/// State shared by threads, of which some wait for it to change.
///
/// Unchecked, since a `Mutex` has no condition to wait on: `state` is private and touched only while `condition` is
/// locked, and comes in by `sending`, so that nobody else holds it.
final class Monitor<State>: @unchecked Sendable {
    private let condition = NSCondition()
    private var state: State

    init(_ state: sending State) { self.state = state }

    /// Changes or reads the state, and wakes whoever waits for it.
    func withState<Result>(_ body: (inout State) -> Result) -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return body(&state)
    }

    /// Waits until `body` gives something.
    func wait<Result>(until body: (inout State) -> Result?) -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        while true {
            if let result = body(&state) { return result }
            condition.wait()
        }
    }
}
