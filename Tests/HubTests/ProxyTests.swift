import Basics
import Foundation
import Hub
import HubClient
import TestSupport
import Testing

/// Downloads through a proxy set in the environment. Each runs in the worker, because the environment of a process with
/// threads must not change.
extension ServerTests.ProxyTests {
    /// The worker's output when it downloads a model that only the proxy can reach.
    private func told(_ environment: [String: String], cache: URL) throws -> String {
        let process = Process(), input = Pipe(), output = Pipe()
        process.executableURL = Bundle.main.bundleURL.appending(path: "whalebook-worker")
        process.arguments = ["run"]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "HF_HUB_CACHE": cache.path, "HF_TOKEN": "hf_secret", "no_proxy": "",
        ]) { $1 }.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(
            contentsOf: Data(
                #"{"fetch": {"_0": {"model": "hf-hub:timm/tf_efficientnet_lite0.in1k", "part": "weights"}}}"#.utf8))
        try input.fileHandleForWriting.close()
        let text = try String(decoding: output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    @Test func `A proxy is used for hosts that it alone can reach, and the contents are requested without the token`()
        throws
    {
        let fake = try FakeHub()
        let proxy = try LoopbackServer { request, earlier in
            request.path == "http://hub.example" + FakeHub.path
                ? FakeHub.head(
                    .init(method: request.method, path: FakeHub.path, headers: [:]), earlier,
                    location: "http://contents.example/contents")
                : FakeHub.healthy(request, FakeHub.body, earlier)
        }
        let told = try told(["HF_ENDPOINT": "http://hub.example", "http_proxy": proxy.address], cache: fake.folder)
        #expect(told.contains("finished"), "\(told)")
        #expect(
            try Data(contentsOf: #require(fake.settings().cache.file(.safetensors, of: fake.reference))) == FakeHub.body
        )
        #expect(
            proxy.requests.map(\.path) == ["http://hub.example" + FakeHub.path, "http://contents.example/contents"])
        #expect(proxy.requests.map { $0.headers["authorization"] } == ["Bearer hf_secret", nil])
    }

    @Test func `A tunnelling proxy does not receive the token`() throws {
        let fake = try FakeHub()
        let proxy = try LoopbackServer { _, _ in .init(status: 403) }
        let told = try told(["HF_ENDPOINT": "https://hub.example", "https_proxy": proxy.address], cache: fake.folder)
        #expect(told.contains("hub.example cannot be reached: failure when receiving data from the peer"), "\(told)")
        #expect(told.contains("CONNECT tunnel failed, response 403") && told.contains("any proxy"), "\(told)")
        #expect(proxy.requests.map(\.method) == ["CONNECT"])
        #expect(proxy.requests.map { $0.headers["authorization"] } == [nil])
    }
}
