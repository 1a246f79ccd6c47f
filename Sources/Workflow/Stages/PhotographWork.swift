import Basics
import Foundation
import Synchronization

/// Work on each photograph, on all processors.
enum PhotographWork {
    /// The number of items between checks for an interruption.
    private static let stretch = 64

    /// The result for each item, in their order; an error of one does not affect the others.
    ///
    /// - Throws: `CancellationError` if the surrounding task is cancelled.
    static func results<Item: Sendable, Value: Sendable>(
        of items: [Item], progress: @Sendable (RunProgress) -> Void, work: @Sendable (Item) throws -> Value
    ) throws -> [Result<Value, any Error>] {
        let results = Mutex<[Int: Result<Value, any Error>]>([:])
        let start = ContinuousClock.now
        for first in Swift.stride(from: 0, to: items.count, by: stretch) {
            try Task.checkCancellation()
            parallelFor(min(stretch, items.count - first)) { offset in
                let result = Result { try work(items[first + offset]) }
                let done = results.withLock { results in
                    results[first + offset] = result
                    return results.count
                }
                progress(
                    RunProgress(
                        done: done, total: items.count, unit: "photographs",
                        rate: Double(done) / (ContinuousClock.now - start).seconds))
            }
        }
        return results.withLock { results in items.indices.compactMap { results[$0] } }
    }
}
