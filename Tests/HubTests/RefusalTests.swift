import Foundation
import Hub
import HubClient
import Testing

/// Refusals by a hub, and their messages.
extension ServerTests.RefusalTests {
    private func error(
        status: Int, code: String?, environment: [String: String] = [:], name: String = "tf_efficientnet_lite0.in1k"
    ) async throws -> HubError? {
        let fake = try FakeHub(hub: { _, _ in .init(status: status, headers: code.map { ["X-Error-Code": $0] } ?? [:]) }
        )
        // The hub responds as long as it is retained.
        defer { withExtendedLifetime(fake) {} }
        return await #expect(throws: HubError.self) {
            try await fake.download(environment).file(.safetensors, of: HubReference("hf-hub:timm/\(name)"))
        }
    }

    @Test(arguments: [(404, nil), (401, "RepoNotFound"), (404, "RepoNotFound")] as [(Int, String?)])
    func `The error for a missing model suggests the nearest backbone`(status: Int, code: String?) async throws {
        let wrong = try await error(status: status, code: code, name: "tf_eficientnet_lite0.in1k")
        #expect(wrong?.description.contains("has no public model timm/tf_eficientnet_lite0.in1k") == true)
        #expect(wrong?.description.contains("Did you mean 'tf_efficientnet_lite0'?") == true)
        let tag = try await error(status: status, code: code, name: "tf_efficientnet_lite0.in2k")
        #expect(tag?.description.contains("check the owner and the part after the dot") == true)
        let far = try await error(status: status, code: code, name: "resnet50.a1_in1k")
        #expect(far?.description.contains("'whalebook backbones' lists") == true)
    }

    @Test func `Every other refusal has its own message`() async throws {
        let reference = try HubReference("hf-hub:timm/tf_efficientnet_lite0.in1k")
        let revision = try await error(status: 404, code: "RevisionNotFound")
        #expect(revision == .noRevision(reference))
        #expect(try await error(status: 404, code: "EntryNotFound") == .noFile(reference, .safetensors))
        #expect(try await error(status: 401, code: "GatedRepo") == .denied(reference, hasToken: false))
        #expect(
            try await error(status: 403, code: "GatedRepo", environment: ["HF_TOKEN": "t"])
                == .denied(reference, hasToken: true))
        guard case .refused(_, 503) = try await error(status: 503, code: nil) else {
            Issue.record("503 is the server's own fault")
            return
        }
    }

    @Test func `A server that is not a hub is not trusted`() async throws {
        guard case .noHub = try await error(status: 200, code: nil) else {
            Issue.record("nothing says which commit this is")
            return
        }
        // Names that would lead out of the cache.
        for (commit, tag) in [("../../../etc", FakeHub.digest), (FakeHub.commit, "../../x"), (FakeHub.commit, ".")] {
            let fake = try FakeHub(hub: { _, _ in
                .init(headers: ["X-Repo-Commit": commit, "ETag": tag], body: FakeHub.body)
            })
            let error = await #expect(throws: HubError.self) { try await fake.fetch() }
            guard case .noHub = error else {
                Issue.record("\(commit) \(tag): \(String(describing: error))")
                return
            }
            #expect(!FileManager.default.fileExists(atPath: fake.folder.path), "nothing was written")
        }
    }

    @Test func `Offline mode sends no request`() async throws {
        let fake = try FakeHub()
        let error = await #expect(throws: HubError.self) { try await fake.fetch(["HF_HUB_OFFLINE": "on"]) }
        #expect(try error == .offline(fake.reference, cache: fake.folder.path))
        #expect(fake.hub.requests.isEmpty)
    }

    @Test func `A silent or lost server is abandoned`() async throws {
        let fake = try FakeHub(hub: { _, _ in .init(isSilent: true) })
        let silent = await #expect(throws: HubError.self) { try await fake.fetch(["HF_HUB_DOWNLOAD_TIMEOUT": "1"]) }
        #expect(
            silent?.description
                == """
                127.0.0.1:\(fake.hub.port) was silent for too long. Check the network, HF_ENDPOINT and any proxy, or \
                download the file elsewhere and give its path.
                """)
        // Nothing listens on port 1 of loopback.
        let gone = await #expect(throws: HubError.self) { try await fake.fetch(["HF_ENDPOINT": "http://127.0.0.1:1"]) }
        #expect(
            gone?.description
                == """
                127.0.0.1:1 cannot be reached: couldn't connect to server. Check the network, HF_ENDPOINT and any \
                proxy, or download the file elsewhere and give its path.
                """)
    }

    @Test func `A host without an address is reported as such`() async throws {
        // Longer than a part of a name may be, so no name server is queried.
        let host = String(repeating: "a", count: 64)
        let error = await #expect(throws: HubError.self) {
            try await FakeHub().fetch(["HF_ENDPOINT": "http://\(host)"])
        }
        #expect(error?.description.hasPrefix("\(host) cannot be reached: couldn't resolve host name. Check") == true)
    }

    @Test func `For a server without TLS the error suggests http instead of https`() async throws {
        let fake = try FakeHub(hub: { _, _ in .init(raw: Data("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) })
        let address = "127.0.0.1:\(fake.hub.port)"
        let error = await #expect(throws: HubError.self) { try await fake.fetch(["HF_ENDPOINT": "https://\(address)"]) }
        #expect(error?.description.hasPrefix("\(address) cannot be reached: SSL connect error") == true)
        #expect(error?.description.contains("HF_ENDPOINT should begin with http instead of https") == true)
        #expect(fake.hub.requests.map(\.method) == ["TLS"], "it would be no better a second time")
    }
}
