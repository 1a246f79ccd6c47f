import Synchronization

/// Where the threads that draw leave their results.
final class ProgressBoard: Sendable {
    private struct State {
        var results: [ImageSize?]
        var finished = 0
        var failure: (any Error)?
    }

    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(results: Array(repeating: nil, count: count))) }

    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    func finish(_ index: Int, _ size: ImageSize, _ progress: (Int) -> Void) {
        state.withLock { state in
            state.results[index] = size
            state.finished += 1
            progress(state.finished)
        }
    }

    func fail(_ error: any Error) {
        state.withLock { $0.failure = $0.failure ?? error }
    }

    /// All results in order, or the first failure.
    func sizes() throws -> [ImageSize] {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.results.compactMap(\.self)
        }
    }
}
