import Foundation
import Testing

/// A full disk and a read-only store: a clear message, and nothing lost.
struct StorageTests {
    /// Runs a shell script in which `"$@"` is `whalebook run`.
    private func run(_ script: String, in shell: Shell, _ arguments: String...) throws -> Shell.Outcome {
        try shell.execute(
            URL(filePath: "/bin/sh"), ["-c", script, "sh", Shell.executable.path] + arguments, environment: [:])
    }

    /// Imitates a full disk by a limit on the size of files, so that writes fail midway.
    @Test(arguments: [1, 4])
    func `A write that fails midway is reported, and the run continues when there is space`(kilobytes: Int) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try shell.writeEmbeddings(to: "e.npy")
        #expect(try shell.whalebook("import", "e.npy").status == 0)
        #expect(try shell.whalebook("run").status == 0)
        let before = try shell.read("whalebook.lock")
        try shell.write(shell.read("whalebook.yaml") + "expand: []\nsplit: {unseen: 0.5}\n", to: "whalebook.yaml")

        let full = try run("trap '' XFSZ; ulimit -f \(kilobytes * 2); exec \"$@\"", in: shell, "run")
        #expect([1, 3].contains(full.status), "\(full.errors)")
        #expect(full.errors.contains("Cannot write") && full.errors.contains("too large"), "\(full.errors)")
        #expect(try shell.read("whalebook.lock") == before)

        let again = try shell.whalebook("run")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try shell.whalebook("status", "-q").status == 0)
        let leftovers = try FileManager.default.subpathsOfDirectory(atPath: shell.folder.path)
            .filter { $0.hasSuffix(".partial") }
        #expect(leftovers.isEmpty, "\(leftovers)")
    }

    @Test func `Neither the lock nor the log of a run is written through a link`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try shell.writeEmbeddings(to: "e.npy")
        #expect(try shell.whalebook("import", "e.npy").status == 0)
        try shell.write("mine", to: "mine.txt")
        func link(_ path: String) throws {
            let url = shell.folder.appending(path: path)
            try? FileManager.default.removeItem(at: url)
            try FileManager.default.createSymbolicLink(
                at: url, withDestinationURL: shell.folder.appending(path: "mine.txt"))
        }
        try link(".whalebook/projects/whalebook/run.log")
        let run = try shell.whalebook("run")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try shell.read(".whalebook/projects/whalebook/run.log").contains("evaluate"))
        try link(".whalebook/lock")
        let locked = try shell.whalebook("run")
        #expect(locked.status == 1 && locked.errors.contains("it is a symbolic link"), "\(locked.errors)")
        #expect(try shell.read("mine.txt") == "mine")
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `A verify that a signal ends leaves no folder`(signal: Int32) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try shell.writeEmbeddings(to: "e.npy")
        #expect(try shell.whalebook("import", "e.npy").status == 0)
        let configuration = try shell.read("whalebook.yaml")
        try shell.write(configuration.replacing("bootstrap: 100}", with: "bootstrap: 100000}"), to: "whalebook.yaml")
        let report = try shell.whalebook("report")
        #expect(report.status == 0, "\(report.errors)")
        let place = shell.folder.appending(path: "tmp")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let process = try shell.start(["verify"], environment: ["TMPDIR": place.path])
        let limit = Date(timeIntervalSinceNow: 20)
        while try shell.contents("tmp").isEmpty, process.isRunning, Date() < limit {
            Thread.sleep(forTimeInterval: 0.005)
        }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
        #expect(try shell.contents("tmp") == [])
    }

    @Test func `A read-only store still shows its state, and a run reports where it cannot write`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try shell.writeEmbeddings(to: "e.npy")
        #expect(try shell.whalebook("import", "e.npy").status == 0)
        #expect(try shell.whalebook("run").status == 0)
        try shell.setWritable(false)
        defer { try? shell.setWritable(true) }
        // Root can write anywhere unless it gives up that right.
        let modest = geteuid() == 0 ? "exec setpriv --bounding-set=-dac_override --inh-caps=-all \"$@\"" : "exec \"$@\""

        let status = try run(modest, in: shell, "status", "-q")
        #expect(status.status == 0, "\(status.errors)")
        let refused = try run(modest, in: shell, "run", "-f")
        #expect(refused.status == 1, "\(refused.errors)")
        #expect(refused.errors.contains("Cannot write") && refused.errors.contains(".whalebook"), "\(refused.errors)")

        try shell.setWritable(true)
        #expect(try shell.whalebook("status", "-q").status == 0)
        #expect(try shell.whalebook("run", "-f").status == 0)
    }
}

extension Shell {
    /// Makes the store and everything in it writable, or read-only.
    fileprivate func setWritable(_ isWritable: Bool) throws {
        let outcome = try execute(
            URL(filePath: "/bin/chmod"), ["-R", isWritable ? "u+w" : "a-w", ".whalebook"], environment: [:])
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}
