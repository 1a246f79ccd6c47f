import Foundation
import Testing

/// Standard output and standard error that cannot be written: a full disk, a closed stream, a reader that is gone.
struct StreamTests {
    /// Runs the command in a shell, with redirections.
    private static func run(_ shell: Shell, _ arguments: [String], _ redirections: String) throws -> Shell.Outcome {
        try shell.execute(
            URL(filePath: "/bin/sh"), ["-c", "\"$0\" \"$@\" \(redirections)", Shell.executable.path] + arguments,
            environment: [:])
    }

    @Test(arguments: [
        ["--help"], ["--version"], ["help", "run"], ["run", "--help"], ["--generate-completion-script", "bash"],
        ["catalog", "pod"], ["catalog", "pod", "--json"], ["runs", "--json"], ["split"], ["run", "-n", "split"],
    ])
    func `Results that cannot be written are an error`(arguments: [String]) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        for (redirection, reason) in [(">/dev/full", "no space left on device"), (">&-", "bad file descriptor")] {
            let result = try Self.run(shell, arguments, redirection)
            #expect(result.status == 1, "\(result.errors)")
            #expect(
                result.errors.hasSuffix(
                    "error: Cannot write to standard output: \(reason). The results are incomplete.\n"))
        }
        let whole = try shell.whalebook(arguments: arguments)
        #expect(whole.status == 0)
    }

    @Test func `A reader that is gone causes no message`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let result = try shell.execute(
            URL(filePath: "/bin/sh"),
            ["-c", "{ sleep 0.5; \"$0\" catalog pod --json; echo $? >&2; } | true", Shell.executable.path],
            environment: [:])
        // 128 plus the number of SIGPIPE, as for any other tool.
        #expect(result.errors == "141\n")
    }

    @Test(arguments: [
        ("2>/dev/full", "no space left on device"), ("2>&-", "bad file descriptor"),
        ("<&- 2>&-", "bad file descriptor"),
    ])
    func `A run whose messages cannot be written continues, and reports this at its end`(
        redirection: String, reason: String
    ) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let result = try Self.run(shell, ["run", "split"], redirection)
        #expect(result.status == 0)
        #expect(
            result.output == "Progress and messages could not be written to standard error: \(reason).\n")
        let again = try shell.whalebook("run", "split")
        #expect(again.errors.contains("Everything was fresh."), "\(again.errors)")
        // If another program reads the results, there is no message among them.
        let listed = try Self.run(shell, ["catalog", "pod", "--json"], redirection)
        #expect(listed.status == 0 && listed.output.hasPrefix("{"))
        let failed = try Self.run(shell, ["run", "tarin"], redirection)
        #expect(failed.status == 1)
        let slip = try Self.run(shell, ["rnu"], redirection)
        #expect(slip.status == 64)
    }

    @Test func `A run works without any stream`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        #expect(try Self.run(shell, ["run", "split"], "<&- >&- 2>&-").status == 0)
        #expect(try shell.whalebook("run", "split").errors.contains("Everything was fresh."))
    }

    @Test func `A log that cannot be written is reported, and nothing else fails`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let log = ".whalebook/projects/whalebook/run.log"
        try FileManager.default.createDirectory(
            at: shell.folder.appending(path: log), withIntermediateDirectories: true)
        let result = try shell.whalebook("run", "split")
        #expect(result.status == 0)
        #expect(result.errors.contains("The run's log is incomplete. Cannot write "), "\(result.errors)")
        #expect(result.errors.contains(log))
    }
}
