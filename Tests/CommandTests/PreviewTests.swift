import Foundation
import FoundationNetworking
import Testing

/// The preview of documents, as a browser receives it.
struct PreviewTests {
    @Test func `preview shows documents, shows their changes, and leaves nothing behind`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        try shell.write("---\ntitle: One\nparams: {k: 20}\n---\nAt `{wb} params.k`.\n", to: "reports/one.book.md")
        let temporary = shell.folder.appending(path: "temporary")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)

        let process = Process(), pipe = Pipe()
        process.executableURL = Shell.executable
        process.arguments = ["preview", "--port", "0", "-P", "k=7", "reports/one.book.md"]
        process.currentDirectoryURL = shell.folder
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": temporary.path]) { $1 }
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        let address = try #require(String(data: pipe.fileHandleForReading.availableData, encoding: .utf8))
        let site = try #require(URL(string: address.trimmingCharacters(in: .newlines)))
        #expect(site.host() == "127.0.0.1")
        func page(_ name: String) -> String {
            (try? String(contentsOf: site.appending(path: name), encoding: .utf8)) ?? ""
        }
        #expect(page("").contains("<a href=\"one--k-7.html\">One</a>"))
        #expect(page("one--k-7.html").contains("At 7."))

        func waits(for text: String) {
            for _ in 0..<600 where !page("one--k-7.html").contains(text) { Thread.sleep(forTimeInterval: 0.1) }
            #expect(page("one--k-7.html").contains(text))
        }
        try shell.write("---\ntitle: One\nparams: {k: 20}\n---\nNow `{wb} params.k`.\n", to: "reports/one.book.md")
        waits(for: "Now 7.")
        let yaml = try shell.read("whalebook.yaml")
        try shell.write("sedes: [1]\n", to: "whalebook.yaml")
        // The reader here does not return the page of an error status.
        for _ in 0..<600 where page("") != "" { Thread.sleep(forTimeInterval: 0.1) }
        try shell.write(yaml, to: "whalebook.yaml")
        waits(for: "Now 7.")

        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        #expect(try shell.contents("reports") == ["one.book.md", "trial.book.md"])
        #expect(try shell.contents("temporary") == [])
        #expect(!shell.exists(".whalebook/cache"))
    }

    @Test func `preview reports an invalid request at once`() throws {
        let shell = try Shell.project()
        defer { shell.remove() }
        let missing = try shell.whalebook("preview", "reports/tiral.book.md")
        #expect(missing.status == 1 && missing.errors.contains("Cannot read"))
        let port = try shell.whalebook("preview", "--port", "65536")
        #expect(port.status == 64)
    }
}
