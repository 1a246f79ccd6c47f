import Foundation
import Testing

@testable import Preview

/// A served folder with a report, next to private files.
final class Site {
    let folder: URL
    let served: URL
    let server: PreviewServer
    var port: UInt16 { UInt16(URL(string: server.address)?.port ?? 0) }

    static let secret = "where the whales are"

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "preview-\(UUID().uuidString)")
        served = folder.appending(path: "served")
        try FileManager.default.createDirectory(
            at: served.appending(path: "sub"), withIntermediateDirectories: true)
        for (path, text) in [
            ("served/report.html", "<html><body><p>Röport</p></body></html>"), ("served/sub/a b.json", "{}"),
            ("served/.hidden", Self.secret), ("secret.txt", Self.secret), ("served-too/secret.txt", Self.secret),
        ] {
            let url = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        for (link, target) in [
            ("out.txt", "../secret.txt"), ("up", ".."), ("beside", "../served-too"), ("in.html", "report.html"),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: served.appending(path: link).path, withDestinationPath: target)
        }
        mkfifo(served.appending(path: "pipe").path, 0o600)
        server = try PreviewServer(port: 0, content: .folder(served, index: "<body>Index</body>"))
    }

    /// As in ``Browser``, while the server runs.
    func ask(_ path: String, method: String = "GET", headers: String? = nil, body: String = "") throws
        -> Browser.Answer
    {
        defer { withExtendedLifetime(self) {} }
        return try Browser.ask(port, path, method: method, headers: headers, body: body)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}

struct ServerTests {
    @Test func `Pages and files are served with their types and lengths`() throws {
        let site = try Site()
        let page = try site.ask("/report.html?again#here")
        #expect(page.status == 200)
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        #expect(page.headers["content-length"] == String(page.body.utf8.count))
        #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
        #expect(page.body.hasPrefix("<html><body><p>Röport</p><script>") && page.body.hasSuffix("</body></html>"))
        #expect(try site.ask("/").body.hasPrefix("<body>Index<script>"))
        #expect(try site.ask("/in.html").status == 200)
        let file = try site.ask("/sub/a%20b.json", headers: "hOST:\tLOCALHOST")
        #expect(file.status == 200 && file.body == "{}" && file.headers["content-type"] == "application/json")
        // The injected script is in no file.
        #expect(
            try String(contentsOf: site.served.appending(path: "report.html"), encoding: .utf8)
                == "<html><body><p>Röport</p></body></html>")
    }

    @Test func `HEAD gives the headers of GET without the body`() throws {
        let site = try Site()
        let (head, page) = (
            try site.ask("/report.html", method: "HEAD"), try site.ask("/report.html")
        )
        #expect(head.status == 200 && head.headers == page.headers && head.body.isEmpty)
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "BREW"])
    func `Only reading is possible`(method: String) throws {
        let site = try Site()
        let body = String(repeating: "x", count: 100_000)
        let answer = try site.ask(
            "/report.html", method: method,
            headers: "Host: localhost:\(site.port)\r\nContent-Length: \(body.utf8.count)", body: body)
        #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD")
        #expect(!answer.body.contains("Röport"))
    }

    @Test(arguments: [
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2E%2E%2Fsecret.txt", "/sub/../../secret.txt",
        "/sub/%2e%2e/%2e%2e/secret.txt", "/out.txt", "/up/secret.txt", "/beside/secret.txt", "/.hidden", "//secret.txt",
        "/%2fetc%2fpasswd", "/report.html/", "/sub", "/sub/", "/pipe", "/report.html%00", "/./report.html", "/up",
        "/%252e%252e/secret.txt", "/..;/secret.txt", "/..\\secret.txt",
    ])
    func `No path leads out of the folder`(path: String) throws {
        let site = try Site()
        let answer = try site.ask(path)
        #expect(answer.status == 404)
        #expect(!answer.body.contains(Site.secret))
    }

    @Test func `Another host's name is refused, also for change events`() throws {
        let site = try Site()
        for path in ["/report.html", "/.changes"] {
            for host in [
                "whales.example", "whales.example:\(site.port)", "127.0.0.1:1", "127.0.0.1.whales.example", "",
            ] {
                let answer = try site.ask(path, headers: "Host: \(host)")
                #expect(answer.status == 403 && !answer.body.contains("Röport"), "\(path) at '\(host)'")
            }
        }
    }

    @Test(arguments: [
        "GET /report.html HTTP/1.1\r\n\r\n", "GET /report.html HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET /report.html HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET  /report.html HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://localhost/report.html HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /report.html\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", "\r\n\r\n",
    ])
    func `A malformed request is refused`(text: String) throws {
        let site = try Site()
        defer { withExtendedLifetime(site) {} }
        let browser = try Browser(port: site.port)
        browser.send(text)
        #expect(browser.read().hasPrefix("HTTP/1.1 400 "))
    }

    @Test func `A head of any length does not block`() throws {
        let site = try Site()
        defer { withExtendedLifetime(site) {} }
        let browser = try Browser(port: site.port)
        browser.send("GET /report.html HTTP/1.1\r\nX: \(String(repeating: "x", count: 8192))")
        #expect(browser.read().hasPrefix("HTTP/1.1 431 "))
    }

    @Test func `A silent client blocks no other`() throws {
        let site = try Site()
        let silent = try (0..<8).map { _ in try Browser(port: site.port) }
        #expect(try site.ask("/report.html").status == 200)
        #expect(silent.count == 8)
    }

    @Test(arguments: [true, false])
    func `Any number of idle connections leave room for a page`(listening: Bool) throws {
        let site = try Site()
        let idle = try (0..<200).map { _ in
            let browser = try Browser(port: site.port)
            if listening {
                browser.send("GET /.changes HTTP/1.1\r\nHost: 127.0.0.1:\(site.port)\r\n\r\n")
                #expect(browser.read(until: "\n\n").contains("data: "))
            }
            return browser
        }
        #expect(try site.ask("/report.html").status == 200)
        // The oldest is closed, and the newest are still notified.
        #expect(idle[0].read() == "")
        if listening {
            site.server.show(.notice("<body>New</body>", isError: false))
            #expect(idle[199].read(until: "\n\n").hasPrefix("data: "))
        }
    }

    @Test func `The error for a port in use says so`() throws {
        let site = try Site()
        defer { withExtendedLifetime(site) {} }
        let error = #expect(throws: PreviewError.self) {
            try PreviewServer(port: site.port, content: .notice("", isError: false))
        }
        #expect(error == .portInUse(site.port))
        #expect(error?.description.contains("--port") == true)
    }

    /// The kernel's list: addresses in hexadecimal, lowest byte first.
    @Test func `No other machine reaches the server`() throws {
        let site = try Site()
        defer { withExtendedLifetime(site) {} }
        let port = String(format: ":%04X", site.port)
        func listening() throws -> [String] {
            var places: [String] = []
            for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
                let lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n").dropFirst()
                let open = lines.map { $0.split(separator: " ") }.filter { $0[3] == "0A" }
                places += open.map { String($0[1]) }.filter { $0.hasSuffix(port) }
            }
            return places
        }
        // The kernel writes the list in pieces and skips entries while other tests open and close sockets.
        var places = try listening()
        for _ in 0..<200 where places.isEmpty {
            Thread.sleep(forTimeInterval: 0.02)
            places = try listening()
        }
        #expect(places == ["0100007F" + port])
    }

    @Test func `A stopped server frees its port`() throws {
        var site: Site? = try Site()
        let port = try #require(site).port
        #expect(try Browser.ask(port, "/").status == 200)
        site = nil
        var isGone = false
        for _ in 0..<200 where !isGone {
            isGone = (try? Browser(port: port)) == nil
            if !isGone { Thread.sleep(forTimeInterval: 0.05) }
        }
        #expect(isGone)
    }
}
