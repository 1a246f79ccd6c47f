import Foundation

/// The threads and the memory that a process will need, asked for before a library needs them: libdispatch waits without
/// end for a thread, and OpenBLAS for memory, that the system refuses.
public enum ProcessRoom {
    /// Memory that every command takes sooner or later, beside its threads' stacks; measured: a small one takes a third.
    public static let least = 64 << 20
    /// As many threads as libdispatch starts: one for each core, one that manages them, one that looks for signals.
    public static var threads: Int { ProcessInfo.processInfo.activeProcessorCount + 2 }

    /// The system refuses threads or memory.
    public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// What was asked for, such as `4 threads`.
        public let wanted: String
        /// The system's own words.
        public let reason: String

        public var description: String {
            "The system has no room for \(wanted): \(reason). Raise the limits (ulimit -v, -d and -u)."
        }
    }

    /// Takes threads and memory and gives them back.
    ///
    /// - Throws: ``Refusal``.
    public static func check(threads: Int = threads, memory: Int = least) throws(Refusal) {
        if let refusal = refusal(threads: threads, memory: memory) { throw refusal }
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
            wanted: started == count ? "\(bytes >> 20) MiB of memory beside \(count) threads" : "\(count) threads",
            reason: String(cString: strerror(reason)).lowercased())
    }

    /// Limits count it; the kernel sets none of its memory aside.
    private static func hasRoom(for bytes: Int) -> Bool {
        let place = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let place, place != MAP_FAILED else { return false }
        munmap(place, bytes)
        return true
    }

    /// What each thread does, so that all are there at the same time: waits for a lock.
    private static let wait: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { gate in
        let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self)
        if let gate {
            pthread_mutex_lock(gate)
            pthread_mutex_unlock(gate)
        }
        return nil
    }
}
