import Foundation
import Hub
import HubClient
import Synchronization
import TestSupport
import Testing

/// Resumed downloads from servers whose file has changed since.
extension ServerTests.ResumeTests {
    /// Data with the model's length but different contents.
    private static let other = Data(FakeHub.body.reversed())

    /// A server of contents that switches versions and starts only within its current one.
    private static func versioned(
        ignoringIfRange: Bool = false, cut: Int = 700_000, change after: Int = 1
    ) -> FakeHub.Contents {
        { request, body, earlier in
            let (tag, body) = earlier < after ? ("\"one\"", other) : ("\"two\"", body)
            let isSame = ignoringIfRange || request.headers["if-range"] == tag
            var reply: LoopbackServer.Reply
            if request.start != nil, isSame {
                reply = FakeHub.healthy(request, body, earlier)
            } else {
                reply = .init(body: body)
            }
            reply.headers["ETag"] = tag
            if earlier < after { reply.cut = cut }
            return reply
        }
    }

    @Test(arguments: [false, true])
    func `A file that changes during the download is started again`(ignoringIfRange: Bool) async throws {
        let fake = try FakeHub(contents: Self.versioned(ignoringIfRange: ignoringIfRange))
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests[1].headers["if-range"] == "\"one\"")
        #expect(fake.contents.requests[1].start == 700_000)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: fake.repository.path + "/blobs") == [FakeHub.digest])
    }

    @Test(arguments: [false, true])
    func `The next run knows the version of the partial file`(ignoringIfRange: Bool) async throws {
        // The first run ends after four attempts without progress.
        let fake = try FakeHub(contents: { request, body, earlier in
            var reply = Self.versioned(ignoringIfRange: ignoringIfRange, change: 4)(request, body, earlier)
            if (1..<4).contains(earlier) { reply.cut = 0 }
            return reply
        })
        await #expect(throws: HubError.self) { try await fake.fetch() }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests[4].headers["if-range"] == "\"one\"")
    }

    @Test func `A part of another version without a tag is detected by the digest and downloaded again`() async throws {
        let fake = try FakeHub()
        try FileManager.default.createDirectory(
            at: fake.incomplete.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Self.other.prefix(500_000).write(to: fake.incomplete)
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests.map(\.start) == [500_000, nil])
    }

    @Test func `Without a digest from the hub, a download resumes only with a tag`() async throws {
        for hasTag in [true, false] {
            let contents = try LoopbackServer { request, earlier in
                var reply = FakeHub.healthy(request, FakeHub.body, earlier)
                if hasTag { reply.headers["ETag"] = "\"v1\"" }
                if earlier == 0 { reply.cut = 500_000 }
                return reply
            }
            let location = contents.address
            let fake = try FakeHub(hub: { request, earlier in
                var reply = FakeHub.head(request, earlier, location: location)
                reply.headers["X-Linked-Etag"] = "\"no-digest\""
                return reply
            })
            #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
            #expect(contents.requests.map(\.start) == [nil, hasTag ? 500_000 : nil])
        }
    }

    @Test func `If a file changes after it was located, the hub is asked again`() async throws {
        func hub(changes: Int) throws -> FakeHub {
            try FakeHub(hub: { request, earlier in
                // Locating and receiving are one request each; the file changes after it is located.
                let version = min((earlier + 1) / 2, changes)
                return .init(
                    headers: ["X-Repo-Commit": FakeHub.commit, "ETag": "\"v\(version)\""], body: FakeHub.body)
            })
        }
        let once = try hub(changes: 1)
        #expect(try Data(contentsOf: try await once.fetch()) == FakeHub.body)
        #expect(once.hub.requests.map(\.method) == ["HEAD", "GET", "HEAD", "GET"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: once.repository.path + "/blobs") == ["v1"])
        let always = try hub(changes: 100)
        let error = await #expect(throws: HubError.self) { try await always.fetch() }
        #expect(try error == .changing(always.reference))
    }

    @Test func `A range beyond the end of a server's file is not requested twice`() async throws {
        let fake = try FakeHub { request, body, earlier in
            request.start == nil ? .init(body: body, cut: earlier == 0 ? 500_000 : nil) : .init(status: 416)
        }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests.map(\.start) == [nil, 500_000, nil])
    }

    @Test func `A server that restarts each time with less progress is abandoned`() async throws {
        let fake = try FakeHub { _, body, earlier in
            .init(body: body, cut: earlier.isMultiple(of: 2) ? 700_000 : 300_000)
        }
        let error = await #expect(throws: HubError.self) { try await fake.fetch() }
        guard case .brokenOff = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(fake.contents.requests.count < 8)
    }
}
