import Foundation
import Testing

/// Signals to the preview, which has its own temporary folder.
struct SignalTests {
    /// A running preview, and the folder in which it makes its temporary one.
    private static func preview(
        _ shell: Shell, ignoring ignored: String? = nil
    ) throws -> (process: Process, temporary: URL) {
        let temporary = shell.folder.appending(path: "temporary")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        try shell.write("---\ntitle: One\n---\nText.\n", to: "reports/one.book.md")
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", (ignored.map { "trap '' \($0); " } ?? "") + "exec \"$0\" preview --port 0 reports/one.book.md",
            Shell.executable.path,
        ]
        process.currentDirectoryURL = shell.folder
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": temporary.path]) { $1 }
        process.standardOutput = pipe
        try shell.write("", to: "errors")
        process.standardError = try FileHandle(forWritingTo: shell.folder.appending(path: "errors"))
        try process.run()
        #expect(String(data: pipe.fileHandleForReading.availableData, encoding: .utf8)?.hasPrefix("http://") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).count == 1)
        return (process, temporary)
    }

    private static func end(_ process: Process) {
        for _ in 0..<300 where process.isRunning { Thread.sleep(forTimeInterval: 0.1) }
        #expect(!process.isRunning, "a signal ends it")
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    @Test(arguments: [[SIGHUP], [SIGTERM], [SIGINT, SIGINT], [SIGHUP, SIGINT, SIGTERM]])
    func `Whatever signal ends it, it leaves no folder`(signals: [Int32]) throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let (process, temporary) = try Self.preview(shell)
        for number in signals { kill(process.processIdentifier, number) }
        Self.end(process)
        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == [])
    }

    @Test func `Ctrl-Backslash ends it at once, without a crash`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let (process, temporary) = try Self.preview(shell)
        kill(process.processIdentifier, SIGQUIT)
        Self.end(process)
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGQUIT)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == [])
        #expect(try !shell.read("errors").contains("crash"))
    }

    @Test func `A preview started by nohup survives the end of its terminal`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let (process, _) = try Self.preview(shell, ignoring: "HUP")
        kill(process.processIdentifier, SIGHUP)
        Thread.sleep(forTimeInterval: 1)
        #expect(process.isRunning)
        kill(process.processIdentifier, SIGINT)
        Self.end(process)
        #expect(process.terminationStatus == 130)
    }

    @Test func `It ends if its address cannot be printed`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let result = try shell.execute(
            URL(filePath: "/bin/sh"), ["-c", "exec \"$0\" preview --port 0 >/dev/full", Shell.executable.path],
            environment: [:])
        #expect(result.status == 1)
        #expect(result.errors.contains("Cannot write to standard output: no space left on device"))
    }
}
