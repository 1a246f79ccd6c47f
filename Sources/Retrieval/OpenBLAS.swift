import COpenBLAS
import Dispatch
import Foundation
import Synchronization

/// OpenBLAS, which the first search of a process loads.
public struct OpenBLAS: Sendable {
    private init() {}

    /// The library, loaded.
    ///
    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)``.
    public static func loaded() throws -> OpenBLAS { try result.get() }

    private static let result = Result {
        let information = (try? String(contentsOf: URL(filePath: "/proc/cpuinfo"), encoding: .utf8)) ?? ""
        var error = wb_blas_error()
        let cores = Int32(clamping: ProcessInfo.processInfo.activeProcessorCount)
        guard wb_blas_load(kernels(for: information), cores, &error) == 0 else {
            throw RetrievalError.noOpenBLAS(
                reason: withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return OpenBLAS()
    }

    /// OpenBLAS's name for the best kernels that need no more than the processor says it has; nil leaves it the choice.
    ///
    /// Left alone it goes by the processor's model, so a version older than the processor takes its oldest kernels, which
    /// are four times as slow: 0.3.21 on Emerald Rapids does. The low bits of products change with the kernels; rankings
    /// do not, since ``RetrievalSet/neighbours(count:)`` does not depend on them.
    static func kernels(for information: String) -> String? {
        let line = information.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
        let flags = Set(line.split(whereSeparator: \.isWhitespace))
        if flags.isSuperset(of: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "fma"]) {
            return "SkylakeX"
        }
        return flags.isSuperset(of: ["avx2", "fma"]) ? "Haswell" : nil
    }

    /// The kernels' name, such as `SkylakeX`.
    public var kernels: String { String(cString: wb_blas_kernels()) }

    /// Threads of one product.
    var threads: Int {
        get { Int(wb_blas_threads()) }
        nonmutating set { wb_blas_set_threads(Int32(clamping: newValue)) }
    }

    /// How many more threads there is memory for, up to `wanted`; OpenBLAS would wait for it for ever.
    func room(forThreads wanted: Int) -> Int { Int(wb_blas_buffers(Int32(clamping: wanted))) }

    /// Sets `products` to `queries`, shape `[Q, C]`, times the transpose of `database`, shape `[D, C]`, in single precision.
    public func multiply(
        _ queries: UnsafePointer<Float>, count: Int, _ database: UnsafePointer<Float>, rows: Int, columns: Int,
        into products: UnsafeMutablePointer<Float>
    ) {
        guard columns > 0 else { return products.update(repeating: 0, count: count * rows) }
        wb_blas_products(Int32(count), Int32(rows), Int32(columns), queries, database, products)
    }
}

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
