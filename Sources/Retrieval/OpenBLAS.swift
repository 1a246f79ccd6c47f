import COpenBLAS
import Dispatch
import Foundation
import Synchronization

/// OpenBLAS, which the first search of a process loads.
public struct OpenBLAS: Sendable {
    private init() {}

    /// Returns the library, and loads it the first time.
    ///
    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)``.
    public static func loaded() throws -> OpenBLAS { try result.get() }

    private static let result = Result {
        var error = wb_blas_error()
        let cores = Int32(clamping: ProcessInfo.processInfo.activeProcessorCount)
        guard wb_blas_load(bestKernels, cores, &error) == 0 else {
            throw RetrievalError.noOpenBLAS(
                reason: withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return OpenBLAS()
    }

    /// Additional variables for a program that is linked with OpenBLAS, which reads them before the program starts;
    /// empty if the given environment names the kernels.
    public static func variables(given: [String: String] = ProcessInfo.processInfo.environment) -> [String: String] {
        guard given[kernelVariable] == nil, let bestKernels else { return [:] }
        return [kernelVariable: bestKernels]
    }

    private static let kernelVariable = "OPENBLAS_CORETYPE"

    private static var bestKernels: String? {
        kernels(for: (try? String(contentsOf: URL(filePath: "/proc/cpuinfo"), encoding: .utf8)) ?? "")
    }

    /// OpenBLAS's name of the best kernels for the features that the processor reports; nil leaves the choice to
    /// OpenBLAS.
    ///
    /// By default OpenBLAS decides by the processor's model, so a version older than the processor uses its oldest
    /// kernels, which are four times as slow, as 0.3.21 does on Emerald Rapids. The low bits of products change with
    /// the kernels, and so do trained weights; the rankings of given embeddings do not, since
    /// ``RetrievalSet/neighbours(count:)`` does not depend on these bits.
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

    /// The number of threads of one product.
    var threads: Int {
        get { Int(wb_blas_threads()) }
        nonmutating set { wb_blas_set_threads(Int32(clamping: newValue)) }
    }

    /// The number of additional threads for which there is memory, at most `wanted`; without memory OpenBLAS waits
    /// forever.
    func room(forThreads wanted: Int) -> Int { Int(wb_blas_buffers(Int32(clamping: wanted))) }

    /// Sets `products` to `queries`, shape `[Q, C]`, times the transpose of `database`, shape `[D, C]`, in single
    /// precision.
    public func multiply(
        _ queries: UnsafePointer<Float>, count: Int, _ database: UnsafePointer<Float>, rows: Int, columns: Int,
        into products: UnsafeMutablePointer<Float>
    ) {
        guard columns > 0 else { return products.update(repeating: 0, count: count * rows) }
        wb_blas_products(Int32(count), Int32(rows), Int32(columns), queries, database, products)
    }
}

/// Threads that each multiply matrices of their own.
///
/// A product on all cores makes every core wait for the slowest at its end, and again while its result is processed.
/// Threads with their own tiles do not wait.
public enum ProductThreads {
    /// Declares that this process multiplies nowhere else. A process with libtorch must not call it, since OpenBLAS
    /// sets the number of threads of a product for the whole process. Without it the caller's thread does all the work.
    public static func allow() { areAllowed.store(true, ordering: .relaxed) }

    /// Calls `body` with every number below `count`, in any order, on `threads` threads or as many as have memory.
    ///
    /// Depending on its build, OpenBLAS keeps the number of threads of a product for each thread or for all. So the
    /// caller's thread does not multiply, one search runs at a time, and the number is restored afterwards.
    ///
    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)`` if there is no memory for one thread.
    public static func perform(
        _ count: Int, threads: Int, by blas: OpenBLAS, _ body: @Sendable @escaping (Int) -> Void
    ) throws {
        guard areAllowed.load(ordering: .relaxed) else {
            for number in 0..<count { body(number) }
            return
        }
        try buffers.withLock { buffers in
            let before = blas.threads
            // OpenBLAS has had a buffer for each of its own threads since loading, and keeps every buffer it allocates.
            if buffers == 0 { buffers = before }
            // One more than the threads, because their buffers are freed and allocated one by one.
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
                    // This frees the buffers of a larger number, which two threads must not do at once.
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

    /// Locked by the running search; a lower bound of OpenBLAS's buffers, 0 before the first search.
    private static let buffers = Mutex(0)

    private final class Crew: Sendable {
        let next = Atomic(0)
        let settings = Mutex(())
    }
}
