import Basics
import Digests
import Foundation
import Hub
import HubClient
import Synchronization
import TestSupport
import Testing

/// The download tests, run one at a time because some measure the memory of the whole process.
@Suite(.serialized) enum ServerTests {
    struct BrokenAnswerTests {}
    struct DownloadTests {}
    struct HostileServerTests {}
    struct ProxyTests {}
    struct RefusalTests {}
    struct ResumeTests {}
}

/// A hub with one model, the server of its contents, and a cache in its own folder.
final class FakeHub {
    /// The behaviour of the contents' server; `earlier` is the number of earlier requests.
    typealias Contents =
        @Sendable (_ request: LoopbackServer.Request, _ body: Data, _ earlier: Int) -> LoopbackServer.Reply

    static let commit = String(repeating: "0123456789", count: 4)
    static let path = "/timm/tf_efficientnet_lite0.in1k/resolve/main/model.safetensors"
    /// A few mebibytes of incompressible data.
    static let body: Data = {
        var generator = SeededGenerator(seed: 1, "body")
        return Data(
            (0..<(3 << 18)).flatMap { _ in
                withUnsafeBytes(of: UInt32.random(in: 0...(.max), using: &generator)) { Array($0) }
            })
    }()
    static let digest = Digest.of(body)

    let folder = FileManager.default.temporaryDirectory.appending(path: "hub-\(UUID().uuidString)")
    let hub: LoopbackServer
    let contents: LoopbackServer

    var reference: HubReference { get throws { try HubReference("hf-hub:timm/tf_efficientnet_lite0.in1k") } }
    var repository: URL { folder.appending(path: "models--timm--tf_efficientnet_lite0.in1k") }
    var incomplete: URL { repository.appending(path: "blobs/\(Self.digest).incomplete") }

    /// Starts the servers; `hub` gives the hub's responses instead of the usual ones.
    init(
        contents: @escaping Contents = FakeHub.healthy,
        hub: (@Sendable (LoopbackServer.Request, Int) -> LoopbackServer.Reply)? = nil
    ) throws {
        let server = try LoopbackServer { contents($0, Self.body, $1) }
        let location = "\(server.address)/contents?signature=secret"
        self.contents = server
        self.hub = try LoopbackServer(hub ?? { Self.head($0, $1, location: location) })
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The hub's response for the model.
    @Sendable static func head(
        _ request: LoopbackServer.Request, _ earlier: Int, location: String
    ) -> LoopbackServer.Reply {
        guard request.path == path else { return .init(status: 404) }
        return .init(
            status: 302,
            headers: [
                "X-Repo-Commit": commit, "X-Linked-Etag": "\"\(digest)\"", "X-Linked-Size": "\(body.count)",
                "Location": location, "ETag": "\"of-the-redirection\"",
            ], body: Data("Found. Redirecting".utf8))
    }

    /// Sends the requested part, from the middle if requested.
    @Sendable static func healthy(
        _ request: LoopbackServer.Request, _ body: Data, _ earlier: Int
    ) -> LoopbackServer.Reply {
        guard let start = request.start else { return .init(body: body) }
        return .init(
            status: 206, headers: ["Content-Range": "bytes \(start)-\(body.count - 1)/\(body.count)"],
            body: Data(body.dropFirst(start)))
    }

    func settings(_ more: [String: String] = [:]) throws -> HubSettings {
        try HubSettings(
            ["HF_HUB_CACHE": folder.path, "HF_ENDPOINT": hub.address, "HF_HUB_DOWNLOAD_TIMEOUT": "600"]
                .merging(more) { $1 })
    }

    func download(_ more: [String: String] = [:], leastRate: LeastRate? = nil) throws -> HubDownload {
        HubDownload(
            try settings(more), architectures: ["tf_efficientnet_lite0", "tf_efficientnet_b0"], pause: .milliseconds(1),
            leastRate: leastRate)
    }

    @discardableResult
    func fetch(_ more: [String: String] = [:], leastRate: LeastRate? = nil) async throws -> URL {
        try await download(more, leastRate: leastRate).file(.safetensors, of: reference)
    }
}
