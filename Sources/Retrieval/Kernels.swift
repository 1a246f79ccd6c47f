import COpenBLAS
import Foundation
import Synchronization

/// Which of its kernels OpenBLAS multiplies matrices with.
public enum Kernels {
    /// Gives OpenBLAS the kernels of this processor where it does not know it and fell back on those of 2004.
    ///
    /// OpenBLAS goes by the processor's model, so a version older than the processor takes its oldest kernels, which are
    /// four times as slow: 0.3.21 on Emerald Rapids does. `OPENBLAS_CORETYPE`, where it is set, decides as before.
    ///
    /// From then on the search has threads of its own as well. Kernels and threads are OpenBLAS's for the whole process,
    /// so a program calls this when it starts, and one that holds libtorch does not: both would meet products at work.
    /// The low bits of products change with the kernels; rankings do not, since
    /// ``RetrievalSet/neighbours(count:)`` does not depend on them.
    public static func adapt() {
        _ = adapted
        ProductThreads.areAllowed.store(true, ordering: .relaxed)
    }

    /// The kernels' name, such as `SkylakeX`.
    public static var name: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

    private static let adapted: Void = {
        guard name == "Prescott", ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil else { return }
        let information = (try? String(contentsOf: URL(filePath: "/proc/cpuinfo"), encoding: .utf8)) ?? ""
        guard let better = better(for: information) else { return }
        // A library built for one processor has no such functions, and nothing to choose.
        guard let quit = function("gotoblas_dynamic_quit"), let start = function("gotoblas_dynamic_init") else {
            return
        }
        setenv("OPENBLAS_CORETYPE", better, 1)
        quit()
        start()
        unsetenv("OPENBLAS_CORETYPE")
    }()

    /// OpenBLAS's name for kernels that need no more than the processor says it has, or nil.
    static func better(for information: String) -> String? {
        let line = information.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
        let flags = Set(line.split(whereSeparator: \.isWhitespace))
        if flags.isSuperset(of: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "fma"]) {
            return "SkylakeX"
        }
        return flags.isSuperset(of: ["avx2", "fma"]) ? "Haswell" : nil
    }

    private static func function(_ name: String) -> (@convention(c) () -> Void)? {
        dlsym(nil, name).map { unsafeBitCast($0, to: (@convention(c) () -> Void).self) }
    }
}
