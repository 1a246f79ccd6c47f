import Basics
import Foundation
import Testing

struct SearchCommandTests {
    @Test func `The number of threads changes no byte of a search`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        // Wide enough that the few photographs are work for more than one thread.
        let rows = try CSVTable.read(shell.folder.appending(path: "pod/metadata.csv")).rows.count
        var generator = SeededGenerator(seed: 1, "wide")
        let values = (0..<rows * 20_000).map { _ in Float(generator.uniform(-1...1)) }
        try NPYMatrix(rows: rows, columns: 20_000, values: values).write(to: shell.folder.appending(path: "e.npy"))
        func search(_ threads: Int) throws -> String {
            let outcome = try shell.whalebook(
                "search", "--embeddings", "e.npy", "--data", "pod", "--rerank", "k-reciprocal:5:2:0.3", "--output",
                "s.csv", environment: ["WHALEBOOK_THREADS": "\(threads)"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try shell.read("s.csv")
        }
        let alone = try search(1)
        #expect(try search(2) == alone)
        #expect(try search(5) == alone)
        let refused = try shell.whalebook(
            "search", "--embeddings", "e.npy", "--data", "pod", "--output", "t.csv",
            environment: ["WHALEBOOK_THREADS": "many"])
        #expect(refused.status == 1 && refused.errors.contains("WHALEBOOK_THREADS is 'many'"))
        #expect(!shell.exists("t.csv"))
    }

    @Test func `Kernels of OpenBLAS change no row of a search`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try shell.writeEmbeddings(to: "e.npy")
        let texts = try ["", "Prescott"].map { kernels in
            let outcome = try shell.whalebook(
                "search", "--embeddings", "e.npy", "--data", "pod", "--output", "s.csv",
                environment: kernels.isEmpty ? [:] : ["OPENBLAS_CORETYPE": kernels])
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try shell.read("s.csv")
        }
        #expect(texts[0] == texts[1])
    }
}
