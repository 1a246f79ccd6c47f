import Dispatch
import Foundation
import Synchronization

/// Threads that multiply matrices each for itself.
///
/// One product on all cores makes every core wait for the slowest at its end, and again while its result is taken apart.
/// Threads with tiles of their own wait for nobody.
public enum ProductThreads {
    /// Says that this process multiplies nowhere else, which one that holds libtorch must not say: how many threads a
    /// product takes is OpenBLAS's for the whole process. Until then the caller's thread does all.
    public static func allow() { areAllowed.store(true, ordering: .relaxed) }

    /// Calls `body` with every number below `count`, in any order, on `threads` threads or as many as have memory.
    ///
    /// OpenBLAS keeps how many threads a product takes for each thread or for all, depending on how it was built. So the
    /// caller's thread takes no part, one search runs at a time, and what was set for all is set back.
    ///
    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)`` where there is no memory for one thread.
    static func perform(
        _ count: Int, threads: Int, by blas: OpenBLAS, _ body: @Sendable @escaping (Int) -> Void
    ) throws {
        guard areAllowed.load(ordering: .relaxed) else {
            for number in 0..<count { body(number) }
            return
        }
        try buffers.withLock { buffers in
            let before = blas.threads
            // OpenBLAS has a buffer for each of its own threads since it was loaded, and keeps what it takes.
            if buffers == 0 { buffers = before }
            // One more than there are threads: the threads' own buffers are freed and taken one by one.
            let wanted = min(threads, count) + 1
            buffers += blas.room(forThreads: wanted - buffers)
            let possible = min(wanted, buffers) - 1
            guard possible > 0 else { throw RetrievalError.noOpenBLAS(reason: "there is no memory for a thread") }
            let crew = Crew()
            let group = DispatchGroup()
            func start(_ work: @Sendable @escaping () -> Void) {
                group.enter()
                Thread.detachNewThread {
                    work()
                    group.leave()
                }
            }
            for _ in 0..<possible {
                start {
                    // It frees the buffers of a larger number, which two threads must not do at once.
                    crew.settings.withLock { _ in blas.threads = 1 }
                    while case let number = crew.next.wrappingAdd(1, ordering: .relaxed).oldValue, number < count {
                        body(number)
                    }
                }
            }
            group.wait()
            start { blas.threads = before }
            group.wait()
        }
    }

    private static let areAllowed = Atomic(false)

    /// Held by the search that runs; the buffers that OpenBLAS has at least, 0 before the first search.
    private static let buffers = Mutex(0)

    private final class Crew: Sendable {
        let next = Atomic(0)
        let settings = Mutex(())
    }
}
