import Foundation
import Hub
import HubClient
import Synchronization
import TestSupport
import Testing

/// Servers that are busy, redirect, or send more than was requested.
extension ServerTests.HostileServerTests {
    /// 256 MiB of zeros, compressed to a quarter of a mebibyte.
    private static let bomb = Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bomb-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "head -c 268435456 /dev/zero | gzip -6 >bomb"]
        process.currentDirectoryURL = folder
        try process.run()
        process.waitUntilExit()
        return try Data(contentsOf: folder.appending(path: "bomb"))
    }

    /// The peak memory of this process, in MiB.
    private static func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        return try #require(status.firstMatch(of: #/VmHWM:\s+(\d+) kB/#).flatMap { Int($0.1) }) / 1024
    }

    /// Resets ``peak()``.
    private static func forgetPeak() throws {
        let file = try FileHandle(forWritingTo: URL(filePath: "/proc/self/clear_refs"))
        try file.write(contentsOf: Data("5".utf8))
    }

    @Test(arguments: [200, 206, 404])
    func `A body compressed without request takes no memory`(status: Int) async throws {
        let bomb = try Self.bomb.get()
        let fake = try FakeHub { _, _, _ in
            .init(
                status: status,
                headers: [
                    "Content-Encoding": "gzip", "Content-Range": "bytes 0-\(FakeHub.body.count - 1)/*",
                ], body: bomb)
        }
        try Self.forgetPeak()
        let before = try Self.peak()
        let error = await #expect(throws: HubError.self) { try await fake.fetch() }
        // Other tests meanwhile take far less than the body would.
        #expect(try Self.peak() - before < 150)
        let told = error?.description ?? ""
        switch status {
        case 200, 206:
            #expect(error == .packed(host: "127.0.0.1:\(fake.contents.port)", encoding: "gzip"))
            #expect(told.contains("compressed (gzip)"))
            #expect(fake.contents.requests.count == 1)
        default: #expect(told.contains("has no public model"))
        }
    }

    @Test func `The body of a redirection is ignored without waiting`() async throws {
        let fake = try FakeHub { request, body, earlier in
            guard earlier == 0 else { return FakeHub.healthy(request, body, earlier) }
            return .init(
                status: 302, headers: ["Location": "/elsewhere", "Content-Length": "1000000000"],
                body: Data("and so on".utf8), isEndless: true)
        }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests.map(\.path) == ["/contents?signature=secret", "/elsewhere"])
    }

    @Test func `Circular redirections are reported as such`() async throws {
        let hub = try FakeHub(hub: { _, earlier in
            .init(status: 307, headers: ["Location": "\(FakeHub.path)?\(earlier % 2)"])
        })
        let contents = try FakeHub { _, _, _ in .init(status: 302, headers: ["Location": "/again"]) }
        for (fake, server) in [(hub, hub.hub), (contents, contents.contents)] {
            let error = await #expect(throws: HubError.self) { try await fake.fetch() }
            #expect(error == .redirectionLoop(host: "127.0.0.1:\(server.port)", redirections: 10))
            #expect(error?.description.contains("redirects in a loop: 10 redirections led to no file") == true)
            #expect(server.requests.count == 10)
        }
    }

    @Test func `Only the hub receives the token, regardless of redirections`() async throws {
        let other = try LoopbackServer { FakeHub.healthy($0, FakeHub.body, $1) }
        let elsewhere = "http://localhost:\(other.port)/contents"
        // Away, back to the hub, and away again, to another port of its host under another name.
        let back = Mutex("")
        let backToHub: @Sendable () -> String = { back.withLock { $0 } }
        let contents = try LoopbackServer { _, _ in .init(status: 302, headers: ["Location": backToHub()]) }
        let location = contents.address
        let fake = try FakeHub(hub: { request, earlier in
            request.method == "GET"
                ? .init(status: 302, headers: ["Location": elsewhere])
                : FakeHub.head(request, earlier, location: location)
        })
        back.withLock { $0 = fake.hub.address + "/back" }
        #expect(try Data(contentsOf: try await fake.fetch(["HF_TOKEN": "hf_secret\n"])) == FakeHub.body)
        #expect(fake.hub.requests.map(\.method) == ["HEAD", "GET"])
        #expect(fake.hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_secret" })
        for server in [contents, other] { #expect(server.requests.map { $0.headers["authorization"] } == [nil]) }
    }

    @Test func `Other encodings are refused too, but identity is not an encoding`() async throws {
        for encoding in ["br", "deflate", "x-gzip", "gzip, gzip", "\u{1B}]0;x"] {
            let fake = try FakeHub { _, body, _ in .init(headers: ["Content-Encoding": encoding], body: body) }
            let error = await #expect(throws: HubError.self) { try await fake.fetch() }
            guard case .packed(_, let named) = error else {
                Issue.record("\(encoding): \(String(describing: error))")
                continue
            }
            #expect(named == encoding || named == "unknown" && !HubReference.isPlain(encoding))
        }
        let fake = try FakeHub { _, body, _ in .init(headers: ["Content-Encoding": "identity"], body: body) }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
    }

    @Test(arguments: [429, 503])
    func `A busy hub is asked again after the time it requests`(status: Int) async throws {
        let contents = try LoopbackServer { request, earlier in
            earlier == 0 ? .init(status: status) : FakeHub.healthy(request, FakeHub.body, earlier)
        }
        let location = contents.address
        let fake = try FakeHub(hub: { request, earlier in
            earlier == 0
                ? .init(status: status, headers: ["Retry-After": "1"])
                : FakeHub.head(request, earlier, location: location)
        })
        let start = ContinuousClock.now
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(start.duration(to: .now) >= .seconds(1))
        #expect(fake.hub.requests.count == 2 && contents.requests.count == 2)
    }

    @Test(arguments: [429, 503])
    func `A server that stays busy is reported as busy, not as a lost connection`(status: Int) async throws {
        let busy = try FakeHub(hub: { _, _ in .init(status: status) })
        let refused = await #expect(throws: HubError.self) { try await busy.fetch() }
        #expect(refused == .refused(host: "127.0.0.1:\(busy.hub.port)", status: status))
        #expect(busy.hub.requests.count == 4)
        let contents = try FakeHub { _, _, _ in .init(status: status) }
        let none = await #expect(throws: HubError.self) { try await contents.fetch() }
        #expect(none == .refused(host: "127.0.0.1:\(contents.contents.port)", status: status))
        let half = try FakeHub { _, body, earlier in
            earlier == 0 ? .init(body: body, cut: 500_000) : .init(status: status)
        }
        let broken = await #expect(throws: HubError.self) { try await half.fetch() }
        #expect(broken?.description.contains("responded with HTTP status \(status)") == true)
    }

    @Test(arguments: ["86400", "Fri, 31 Dec 2100 23:59:59 GMT", "99999999999999999999"])
    func `An excessive wait requested by a server is refused`(wait: String) async throws {
        let fake = try FakeHub(hub: { _, _ in .init(status: 429, headers: ["Retry-After": wait]) })
        let start = ContinuousClock.now
        let error = await #expect(throws: HubError.self) { try await fake.fetch() }
        #expect(start.duration(to: .now) < .seconds(30))
        #expect(error?.description.contains("HTTP status 429 and asks to wait ") == true)
        #expect(fake.hub.requests.count == 1)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/model", "data:text/plain,x", "http:///model"])
    func `A redirection to anything but a web server is refused at once`(location: String) async throws {
        let fromHub = try FakeHub(hub: { request, earlier in FakeHub.head(request, earlier, location: location) })
        let fromContents = try FakeHub { _, _, _ in .init(status: 302, headers: ["Location": location]) }
        for fake in [fromHub, fromContents] {
            let error = await #expect(throws: HubError.self) { try await fake.fetch() }
            guard case .badRedirection = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(fake.hub.requests.count == 1 && fake.contents.requests.count <= 1)
        }
    }

    @Test func `A file too large for the disk's free space is not started`() async throws {
        let fake = try FakeHub(hub: { request, earlier in
            var reply = FakeHub.head(request, earlier, location: "http://127.0.0.1:1/")
            reply.headers["X-Linked-Size"] = "\(Int64.max)"
            return reply
        })
        let error = await #expect(throws: HubError.self) { try await fake.fetch() }
        guard case .noSpace(_, Int64.max, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("set HF_HUB_CACHE to a folder on another disk") == true)
        #expect(!FileManager.default.fileExists(atPath: fake.incomplete.path))
    }

    @Test func `A name and a password in an address are not shown`() async throws {
        let fake = try FakeHub(hub: { _, _ in .init(status: 404) })
        let error = await #expect(throws: HubError.self) {
            try await fake.fetch(["HF_ENDPOINT": "http://anna:pass@127.0.0.1:\(fake.hub.port)/?key=pass"])
        }
        #expect(error?.description.contains("http://…@127.0.0.1:\(fake.hub.port)/… has no public model") == true)
        for text in [
            "htp://anna:pass@hub.example", "anna:pass@hub.example", "http://anna:p@ss@", "https:/anna:pass@x/y",
        ] {
            let error = #expect(throws: HubError.self) { try HubSettings(["HF_ENDPOINT": text]) }
            #expect(error?.description.contains("pass") == false && error?.description.contains("p@ss") == false)
            #expect(error?.description.contains("anna") == false, "\(String(describing: error))")
        }
    }
}
