import Foundation
import Testing

@testable import Retrieval

@Suite struct OpenBLASTests {
    /// Shortened from /proc/cpuinfo of an Emerald Rapids, a Haswell and a Core 2.
    @Test(arguments: [
        ("avx fma avx2 avx512f avx512dq avx512cd avx512bw avx512vl", "SkylakeX"), ("avx fma avx2", "Haswell"),
        ("avx fma avx2 avx512f avx512cd", "Haswell"), ("sse2 ssse3", nil), ("avx2", nil),
    ])
    func `Kernels need only features that the processor has`(flags: String, kernels: String?) throws {
        let information = "processor : 0\nflags\t\t: fpu \(flags) lm\nbugs : avx512f\n"
        #expect(OpenBLAS.kernels(for: information) == kernels)
        #expect(try Self.kernelsOfTests(for: information) == kernels ?? "")
    }

    @Test func `An unknown description of a processor chooses no kernels`() {
        #expect(OpenBLAS.kernels(for: "") == nil)
        #expect(OpenBLAS.kernels(for: "Features : fp asimd") == nil)
    }

    /// The kernels of the tests, which are linked with OpenBLAS through libtorch.
    private static func kernelsOfTests(for information: String) throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(information.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process(), output = Pipe()
        process.executableURL = folder.appending(path: "../../scripts/blas-kernels").standardizedFileURL
        process.arguments = [file.path]
        process.standardOutput = output
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: printed, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
