import Foundation
import TestSupport
import Testing

/// A process that can open only few files must report it, whatever it does, and no library may end it by a trap.
@Suite(.serialized) struct OpenFilesTests {
    /// Runs `whalebook` with a limit of open files.
    private static func run(_ shell: Shell, limit: Int, _ arguments: [String]) throws -> Shell.Outcome {
        try shell.execute(
            URL(filePath: "/bin/sh"),
            ["-c", "ulimit -n \(limit); exec \"$@\"", "sh", Shell.executable.path] + arguments,
            environment: [:])
    }

    private static let project = Result {
        let shell = try Shell.project()
        try shell.writeEmbeddings(to: "e.npy")
        #expect(try shell.whalebook("import", "e.npy").status == 0)
        #expect(try shell.whalebook("report", "--reference", "reports/reference").status == 0)
        return shell
    }

    static let commands = [
        ["status"], ["run", "-f"], ["runs"], ["gc", "--dry-run"], ["render"], ["verify"], ["catalog", "pod"],
        ["--version"],
        ["search", "--embeddings", "e.npy", "--data", "pod", "--output", "s.csv"], ["preview", "--port", "0"],
    ]

    @Test(arguments: commands)
    func `With too few open files a command reports it and does nothing`(command: [String]) throws {
        let shell = try Self.project.get()
        for limit in Thoroughness.isFull ? Array(4...32) : [4, 5, 6, 8, 12, 16, 32] {
            let outcome = try Self.run(shell, limit: limit, command)
            #expect(outcome.status == 1, "\(limit): \(outcome.status) \(outcome.errors)")
            #expect(
                outcome.errors.hasPrefix("error: Only ") && outcome.errors.contains("too many open files")
                    && outcome.errors.contains("Raise 'ulimit -n'"), "\(limit): \(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(limit): \(outcome.errors)")
        }
        // It made no file.
        #expect(try shell.whalebook("status", "-q").status == 0)
    }

    @Test func `With as many open files as it demands a command works`() throws {
        let shell = try Self.project.get()
        let refused = try Self.run(shell, limit: 16, ["status"])
        let words = refused.errors.split(separator: " ")
        let needed = try #require(words.firstIndex(of: "but").flatMap { Int(words[$0 + 1]) })
        // In addition to those that every process has open.
        for command in [["run", "-f"], ["report"], ["verify"]] {
            let outcome = try Self.run(shell, limit: needed + 4, command)
            #expect(outcome.status == 0, "\(command): \(outcome.errors)")
        }
    }
}
