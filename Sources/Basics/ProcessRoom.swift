import CMalloc
import Foundation

/// Checks in advance that the system grants the threads and memory that a process needs. If it refuses them later,
/// libdispatch waits forever for a thread, and OpenBLAS for memory.
public enum ProcessRoom {
    /// Memory that every command may need in addition to its threads' stacks. A small command was measured to take a third.
    public static let least = 64 << 20
    /// The number of threads that libdispatch starts: one for each core, one manager, one for signals, and two for a
    /// process that is started and its output.
    public static var threads: Int { ProcessInfo.processInfo.activeProcessorCount + 4 }

    /// The system refuses threads or memory.
    public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// What was requested, such as `4 threads`.
        public let wanted: String
        /// The system's reason.
        public let reason: String

        public var description: String {
            "The system refuses \(wanted): \(reason). Raise the limits (ulimit -v, -d and -u)."
        }
    }

    /// Takes threads and memory and releases them. Under a limit of addresses, all threads share one heap from then on.
    ///
    /// - Throws: ``Refusal``.
    public static func check(threads: Int = threads, memory: Int = least) throws(Refusal) {
        shareHeap()
        if let refusal = refusal(threads: threads, memory: memory) { throw refusal }
    }

    /// Makes all threads allocate from one heap if addresses are limited. Otherwise glibc reserves 64 MiB of addresses for
    /// each thread that allocates while there is room, which a thread or an array can then lack.
    private static func shareHeap() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != .max else { return }
        mallopt(M_ARENA_MAX, 1)
    }

    private static func refusal(threads count: Int, memory bytes: Int) -> Refusal? {
        let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        defer { gate.deallocate() }
        pthread_mutex_init(gate, nil)
        pthread_mutex_lock(gate)
        var code: Int32 = 0
        let threads = UnsafeMutablePointer<pthread_t>.allocate(capacity: count)
        defer { threads.deallocate() }
        var started = 0
        while started < count, code == 0 {
            code = pthread_create(threads + started, nil, wait, gate)
            if code == 0 { started += 1 }
        }
        let hasMemory = started == count && hasRoom(for: bytes)
        let reason = code == 0 ? errno : code
        pthread_mutex_unlock(gate)
        for position in 0..<started { pthread_join(threads[position], nil) }
        pthread_mutex_destroy(gate)
        guard !hasMemory else { return nil }
        return Refusal(
            wanted: started == count ? "\(bytes >> 20) MiB of memory and \(count) threads" : "\(count) threads",
            reason: String(cString: strerror(reason)).lowercased())
    }

    /// Whether the limits allow this much memory; the kernel reserves none of it.
    private static func hasRoom(for bytes: Int) -> Bool {
        let place = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let place, place != MAP_FAILED else { return false }
        munmap(place, bytes)
        return true
    }

    /// The body of each thread: waits for a lock, so that all threads exist at the same time.
    private static let wait: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { gate in
        let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self)
        if let gate {
            pthread_mutex_lock(gate)
            pthread_mutex_unlock(gate)
        }
        return nil
    }
}
