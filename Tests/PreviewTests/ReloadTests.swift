import Foundation
import Synchronization
import Testing

@testable import Preview

struct ReloadTests {
    @Test func `An open page is notified of changes`() throws {
        let site = try Site()
        let browser = try Browser(port: site.port)
        browser.send("GET /.changes HTTP/1.1\r\nHost: 127.0.0.1:\(site.port)\r\n\r\n")
        let first = browser.read(until: "\n\n")
        #expect(first.contains("Content-Type: text/event-stream\r\n"))
        let version = try #require(first.firstMatch(of: #/data: (.+)\n\n/#)).1
        // The page served at that time contains this version.
        #expect(try site.ask("/report.html").body.contains("change.data !== \"\(version)\""))
        site.server.show(.notice("<body>Broken</body>", isError: true))
        let second = browser.read(until: "\n\n")
        #expect(second.hasPrefix("data: ") && second != "data: \(version)\n\n")
        let notice = try site.ask("/any/page.html")
        #expect(notice.status == 500 && notice.body.hasPrefix("<body>Broken<script>"))
    }

    @Test func `A changed source is rendered again, one rendering at a time, also after an error`() async throws {
        let site = try Site()
        let source = site.folder.appending(path: "source.md"), list = site.folder.appending(path: "results")
        try FileManager.default.createDirectory(at: list, withIntermediateDirectories: true)
        struct Count { var made = 0, working = 0, most = 0 }
        let count = Mutex(Count())
        let port = site.port
        try await withThrowingTaskGroup(of: Void.self) { group in
            let preview = Preview(site.server, sources: [source, list]) {
                let number = count.withLock { count in
                    count.made += 1
                    count.working += 1
                    count.most = max(count.most, count.working)
                    return count.made
                }
                try? await Task.sleep(for: .milliseconds(50))
                count.withLock { $0.working -= 1 }
                guard let text = try? String(contentsOf: source, encoding: .utf8) else {
                    return .notice("no source, \(number)", isError: true)
                }
                return .notice("\(text), \(number)", isError: false)
            }
            group.addTask { try await preview.run {} }
            func waits(for text: String) async throws {
                for _ in 0..<1000 {
                    if try Browser.ask(port, "/").body.hasPrefix(text) { return }
                    try await Task.sleep(for: .milliseconds(20))
                }
                Issue.record("'\(text)' never came")
            }
            try await waits(for: "no source, 1")
            try "first".write(to: source, atomically: true, encoding: .utf8)
            try await waits(for: "first, 2")
            try "second".write(to: source, atomically: false, encoding: .utf8)
            try await waits(for: "second, ")
            let made = count.withLock(\.made)
            try "a".write(to: list.appending(path: "result"), atomically: false, encoding: .utf8)
            try await waits(for: "second, \(made + 1)")
            try FileManager.default.removeItem(at: source)
            try await waits(for: "no source, ")
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.waitForAll() }
        }
        #expect(count.withLock { $0.most == 1 && $0.working == 0 })
    }
}
