import Foundation
import Hub
import HubClient
import Synchronization
import Testing

/// Downloads that go on where they were, from servers whose file is no longer the one that was begun.
extension ServerTests.ResumeTests {
    /// As long as the model, and something else.
    private static let other = Data(FakeHub.body.reversed())

    /// A server of contents that is changed from one version to another, and begins in the middle only of what it has.
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
    func `A file that changes while it is downloaded is begun anew`(ignoringIfRange: Bool) async throws {
        let fake = try FakeHub(contents: Self.versioned(ignoringIfRange: ignoringIfRange))
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests[1].headers["if-range"] == "\"one\"")
        #expect(fake.contents.requests[1].start == 700_000)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: fake.repository.path + "/blobs") == [FakeHub.digest])
    }

    @Test(arguments: [false, true])
    func `The next run knows of which version the bytes are that are there`(ignoringIfRange: Bool) async throws {
        // The first run ends after four attempts that bring nothing more.
        let fake = try FakeHub(contents: { request, body, earlier in
            var reply = Self.versioned(ignoringIfRange: ignoringIfRange, change: 4)(request, body, earlier)
            if (1..<4).contains(earlier) { reply.cut = 0 }
            return reply
        })
        await #expect(throws: HubError.self) { try await fake.fetch() }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests[4].headers["if-range"] == "\"one\"")
    }

    @Test func `A part of another version with no tag is found by the digest, and fetched anew`() async throws {
        let fake = try FakeHub()
        try FileManager.default.createDirectory(
            at: fake.incomplete.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Self.other.prefix(500_000).write(to: fake.incomplete)
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests.map(\.start) == [500_000, nil])
    }

    @Test func `Where the hub tells no digest, only a tag lets a download go on`() async throws {
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

    @Test func `A hub whose file changes after it was located is asked again where it is`() async throws {
        func hub(changes: Int) throws -> FakeHub {
            try FakeHub(hub: { request, earlier in
                // Each asking and each answer of the contents is one request; the file changes after an asking.
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

    @Test func `A range that is past the end of what a server has is not asked for twice`() async throws {
        let fake = try FakeHub { request, body, earlier in
            request.start == nil ? .init(body: body, cut: earlier == 0 ? 500_000 : nil) : .init(status: 416)
        }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests.map(\.start) == [nil, 500_000, nil])
    }

    @Test func `A server that begins anew each time, and gets less far, is given up`() async throws {
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
