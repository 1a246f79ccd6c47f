import Foundation

/// Where the threads that draw leave their results.
final class ProgressBoard: @unchecked Sendable {
    private let lock = NSLock()
    private var results: [ImageSize?]
    private var finished = 0
    private var failure: (any Error)?

    init(count: Int) { results = Array(repeating: nil, count: count) }

    var hasFailed: Bool { lock.withLock { failure != nil } }

    func finish(_ index: Int, _ size: ImageSize, _ progress: (Int) -> Void) {
        lock.withLock {
            results[index] = size
            finished += 1
            progress(finished)
        }
    }

    func fail(_ error: any Error) {
        lock.withLock { failure = failure ?? error }
    }

    /// All results in order, or the first failure.
    func sizes() throws -> [ImageSize] {
        try lock.withLock {
            if let failure { throw failure }
            return results.compactMap(\.self)
        }
    }
}
