import COpenBLAS
import Dispatch
import Foundation
import Synchronization

/// Threads that multiply matrices each for itself.
///
/// One product on all cores makes every core wait for the slowest at its end, and again while its result is taken apart.
/// Threads with tiles of their own wait for nobody.
enum ProductThreads {
    /// Calls `body` with every number below `count`, in any order, on `threads` threads.
    ///
    /// OpenBLAS keeps how many threads a product takes for each thread or for all, depending on how it was built. So the
    /// caller's thread takes no part, one search runs at a time, and what was set for all is set back.
    static func perform(_ count: Int, threads: Int, _ body: @Sendable @escaping (Int) -> Void) {
        guard areAllowed.load(ordering: .relaxed) else {
            for number in 0..<count { body(number) }
            return
        }
        turn.withLock { _ in
            let before = openblas_get_num_threads()
            let crew = Crew()
            let group = DispatchGroup()
            func start(_ work: @Sendable @escaping () -> Void) {
                group.enter()
                Thread.detachNewThread {
                    work()
                    group.leave()
                }
            }
            for _ in 0..<min(threads, count) {
                start {
                    // It frees the buffers of a larger number, which two threads must not do at once.
                    crew.settings.withLock { _ in openblas_set_num_threads(1) }
                    while case let number = crew.next.wrappingAdd(1, ordering: .relaxed).oldValue, number < count {
                        body(number)
                    }
                }
            }
            group.wait()
            start { openblas_set_num_threads(before) }
            group.wait()
        }
    }

    /// Whether this process multiplies nowhere else; otherwise the caller's thread does all.
    static let areAllowed = Atomic(false)

    private static let turn = Mutex(())

    private final class Crew: Sendable {
        let next = Atomic(0)
        let settings = Mutex(())
    }
}
