import COpenBLAS
import Foundation

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
