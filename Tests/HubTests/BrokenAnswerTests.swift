import Foundation
import Hub
import HubClient
import Testing

/// Responses that are truncated, endless or not HTTP; none may end this process.
extension ServerTests.BrokenAnswerTests {
    private static let found = "HTTP/1.1 302 Found\r\nX-Repo-Commit: \(FakeHub.commit)\r\n"

    /// The error of a download from a hub with this response, and the number of requests.
    private func told(of raw: String) async throws -> (words: String, requests: Int) {
        let fake = try FakeHub(hub: { _, _ in .init(raw: Data(raw.utf8)) })
        let error = await #expect(throws: HubError.self) { try await fake.fetch() }
        return ((error?.description ?? "").replacing("127.0.0.1:\(fake.hub.port) ", with: ""), fake.hub.requests.count)
    }

    @Test(arguments: [
        found, found + "X-Linked-Si", found + "Location: /contents", found + "Location: /contents\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n" + found,
    ])
    func `Truncated headers are a lost connection`(raw: String) async throws {
        let (words, requests) = try await told(of: raw)
        #expect(
            words.hasPrefix("closed the connection within the headers of its response. Check the network"), "\(words)")
        #expect(requests == 4)
    }

    @Test(arguments: ["", "H", "HTTP/1.", "HTTP/1.1", "HTTP/1.1 2", "HTTP/1.1 200 OK"])
    func `A truncated status line is a readable error`(raw: String) async throws {
        let (words, requests) = try await told(of: raw)
        #expect(words.contains("Check the network"), "\(words)")
        #expect(words.firstMatch(of: #/\d{3}|\(-?\d+\)/#) == nil, "no number in the place of words: \(words)")
        #expect(requests == 4)
    }

    @Test(arguments: [
        "<html>Log in to this network</html>", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 two OK\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    ])
    func `A response that is not HTTP is a readable error`(raw: String) async throws {
        let (words, _) = try await told(of: raw)
        #expect(words.contains("Check"), "\(words)")
    }

    @Test func `A download continues after a server truncated its headers`() async throws {
        let fake = try FakeHub { request, body, earlier in
            var reply = FakeHub.healthy(request, body, earlier)
            if earlier == 0 { reply.cut = 700_000 }
            if earlier == 1 { reply.raw = Data("HTTP/1.1 206 Part\r\nContent-Ra".utf8) }
            return reply
        }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests.map(\.start) == [nil, 700_000, 700_000])
    }

    @Test func `A trickling body is a lost connection, and abandoned in the end`() async throws {
        let fake = try FakeHub { request, body, earlier in
            var reply = FakeHub.healthy(request, body, earlier)
            reply.drips = true
            return reply
        }
        let error = await #expect(throws: HubError.self) {
            try await fake.fetch(leastRate: LeastRate(bytes: 1000, seconds: 1))
        }
        guard case .brokenOff(_, _, _, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason == "127.0.0.1:\(fake.contents.port) sent less than 1000 bytes a second for 1 seconds")
        let starts = fake.contents.requests.map { $0.start ?? 0 }
        #expect(starts.count == 4 && starts == starts.sorted(), "each goes on where the last one was")
    }

    @Test func `Trickling headers are a lost connection`() async throws {
        let fake = try FakeHub(hub: { _, _ in
            .init(raw: Data("HTTP/1.1 200 OK\r\n".utf8), body: Data("A: b\r\n".utf8), drips: true)
        })
        let error = await #expect(throws: HubError.self) {
            try await fake.fetch(leastRate: LeastRate(bytes: 1000, seconds: 1))
        }
        #expect(error?.description.contains("sent less than 1000 bytes a second") == true)
        #expect(fake.hub.requests.count == 4)
    }

    @Test(arguments: ["A: \(String(repeating: "b", count: 8000))\r\n", "HTTP/1.1 103 Early\r\nA: b\r\n\r\n", "b"])
    func `Endless headers are abandoned without a retry`(line: String) async throws {
        let many = Data(String(repeating: line, count: (64 << 10) / line.utf8.count).utf8)
        let fake = try FakeHub(hub: { _, _ in
            .init(raw: Data(line.hasPrefix("HTTP") ? "".utf8 : "HTTP/1.1 200 OK\r\n".utf8), body: many, isEndless: true)
        })
        let error = await #expect(throws: HubError.self) { try await fake.fetch() }
        #expect(error?.description.contains("sent more headers than allowed") == true, "\(String(describing: error))")
        #expect(fake.hub.requests.count == 1)
    }
}
