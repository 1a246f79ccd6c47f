import Foundation
import Testing

/// Commands with a memory limit of the shell: they must end with a result or an error, and never wait forever.
struct MemoryLimitTests {
    /// 124 means that the time ran out; with too little memory even the loader can fail.
    private func limited(_ command: String, to kibibytes: Int, in shell: Shell) throws -> Shell.Outcome {
        try shell.execute(
            URL(filePath: "/bin/bash"),
            ["-c", "ulimit -v \(kibibytes); exec timeout 60 \(Shell.executable.path) \(command)"], environment: [:])
    }

    @Test(arguments: [100_000, 115_000, 130_000, 200_000, 700_000, 2_000_000])
    func `A command that needs no libtorch ends, with a result or an error`(kibibytes: Int) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try shell.writeEmbeddings(to: "e.npy")
        for command in ["--version", "runs", "search --embeddings e.npy --data pod --output s.csv"] {
            let outcome = try limited(command, to: kibibytes, in: shell)
            #expect(outcome.status != 124, "\(command)")
            if kibibytes == 2_000_000 { #expect(outcome.status == 0, "\(command): \(outcome.errors)") }
        }
    }

    /// The smallest limits are near those from which a debug build has its threads, and then its room.
    @Test(arguments: [200_000, 230_000, 240_000, 360_000, 420_000, 600_000, 900_000, 4_000_000])
    func `A command that queries the worker ends, and names the limit`(kibibytes: Int) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        for command in ["backbones", "status"] {
            let outcome = try limited(command, to: kibibytes, in: shell)
            if kibibytes == 4_000_000 {
                #expect(outcome.status == 0, "\(command): \(outcome.errors)")
            } else if outcome.status != 0 {
                #expect(outcome.status == 1 && outcome.errors.contains("ulimit -v"), "\(command): \(outcome.errors)")
            }
        }
    }

    @Test func `A command that does not search does not load OpenBLAS`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try shell.writeEmbeddings(to: "e.npy")
        let search = ["search", "--embeddings", "e.npy", "--data", "pod", "--output", "s.csv"]
        for command in [
            ["--version"], ["runs"], ["status"], ["catalog", "pod"], ["run", "split", "measure"],
            ["render", "reports/trial.book.md"], search,
        ] {
            // The loader of each process writes its own file; the worker loads OpenBLAS with libtorch.
            let outcome = try shell.whalebook(
                arguments: command,
                environment: ["LD_DEBUG": "files", "LD_DEBUG_OUTPUT": shell.folder.appending(path: "loaded").path])
            let loaded = try shell.read("loaded.\(outcome.process)")
            #expect(loaded.contains("libdispatch.so"))
            #expect(loaded.contains("libopenblas") == (command == search), "\(command)")
        }
    }
}
