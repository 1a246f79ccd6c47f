import Testing

@testable import Retrieval

@Suite struct OpenBLASTests {
    /// Shortened from /proc/cpuinfo of an Emerald Rapids, a Haswell and a Core 2.
    @Test(arguments: [
        ("avx fma avx2 avx512f avx512dq avx512cd avx512bw avx512vl", "SkylakeX"), ("avx fma avx2", "Haswell"),
        ("avx fma avx2 avx512f avx512cd", "Haswell"), ("sse2 ssse3", nil), ("avx2", nil),
    ])
    func `Kernels need only features that the processor has`(flags: String, kernels: String?) {
        #expect(OpenBLAS.kernels(for: "processor : 0\nflags\t\t: fpu \(flags) lm\nbugs : avx512f") == kernels)
    }

    @Test func `An unknown description of a processor chooses no kernels`() {
        #expect(OpenBLAS.kernels(for: "") == nil)
        #expect(OpenBLAS.kernels(for: "Features : fp asimd") == nil)
    }
}
