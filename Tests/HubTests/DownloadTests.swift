import Foundation
import Hub
import HubClient
import Synchronization
import TestSupport
import Testing

/// Downloads from a hub on loopback, which also fails as real hubs do.
extension ServerTests.DownloadTests {
    @Test func `A model is cached in the shared layout and not requested again`() async throws {
        let fake = try FakeHub()
        let told = Mutex<[HubDownload.Progress]>([])
        let file = try await fake.download(["HF_TOKEN": "hf_secret"]).file(.safetensors, of: fake.reference) {
            progress in
            told.withLock { $0.append(progress) }
        }
        #expect(try Data(contentsOf: file) == FakeHub.body)
        let manager = FileManager.default
        #expect(file.path == fake.repository.path + "/snapshots/\(FakeHub.commit)/model.safetensors")
        #expect(try manager.destinationOfSymbolicLink(atPath: file.path) == "../../blobs/\(FakeHub.digest)")
        #expect(try manager.contentsOfDirectory(atPath: fake.repository.path + "/blobs") == [FakeHub.digest])
        #expect(try String(contentsOf: fake.repository.appending(path: "refs/main"), encoding: .utf8) == FakeHub.commit)
        let progress = told.withLock { $0 }
        #expect(
            progress.last?.received == Int64(FakeHub.body.count) && progress.last?.size == Int64(FakeHub.body.count))
        #expect((2...4).contains(progress.count), "about one for each of 3 MiB, not one for each piece")

        #expect(try await fake.fetch() == file)
        #expect(try await fake.fetch(["HF_HUB_OFFLINE": "1"]) == file)
        #expect(fake.hub.requests.map(\.method) == ["HEAD"] && fake.contents.requests.map(\.method) == ["GET"])
        #expect(fake.hub.requests.map { $0.headers["authorization"] } == ["Bearer hf_secret"])
        #expect(fake.contents.requests.map { $0.headers["authorization"] } == [nil], "the token is for the hub alone")
    }

    @Test func `An interrupted transfer continues where it stopped`() async throws {
        let fake = try FakeHub { request, body, earlier in
            var reply = FakeHub.healthy(request, body, earlier)
            if earlier < 6 { reply.cut = 500_000 }
            return reply
        }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        let starts: [Int?] = [nil, 500_000, 1_000_000, 1_500_000, 2_000_000, 2_500_000, 3_000_000]
        #expect(fake.contents.requests.map(\.start) == starts)
    }

    @Test func `A transfer without progress is abandoned, and the next run continues from the partial file`()
        async throws
    {
        let works = Mutex(false)
        let isMended: @Sendable () -> Bool = { works.withLock { $0 } }
        let fake = try FakeHub { request, body, earlier in
            var reply = FakeHub.healthy(request, body, earlier)
            if !isMended() { reply.cut = request.start == nil ? 700_000 : 0 }
            return reply
        }
        let error = await #expect(throws: HubError.self) { try await fake.fetch() }
        guard case .brokenOff(_, 700_000, Int64(FakeHub.body.count), _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("after 700000 of 3145728 bytes") == true)
        #expect(try fake.settings().cache.file(.safetensors, of: fake.reference) == nil)
        works.withLock { $0 = true }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.contents.requests.last?.start == 700_000)
    }

    @Test func `A server that cannot start in the middle sends the whole file again`() async throws {
        let fake = try FakeHub { request, body, earlier in .init(body: body, cut: earlier == 0 ? 500_000 : nil) }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
    }

    @Test func `Wrong bytes are refused and not kept`() async throws {
        let isMended = Mutex(false)
        let mended: @Sendable () -> Bool = { isMended.withLock { $0 } }
        let fake = try FakeHub { request, body, earlier in
            var body = body
            if !mended() { body[1_000_000] ^= 1 }
            return FakeHub.healthy(request, body, earlier)
        }
        let error = await #expect(throws: HubError.self) { try await fake.fetch() }
        guard case .wrongContents(_, "SHA-256 \(FakeHub.digest)", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fake.repository.path) == ["blobs"])
        #expect(!FileManager.default.fileExists(atPath: fake.incomplete.path))
        isMended.withLock { $0 = true }
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
    }

    @Test func `More bytes than the hub announced are refused before they fill the disk`() async throws {
        let fake = try FakeHub { _, body, _ in .init(body: body + body) }
        let error = await #expect(throws: HubError.self) { try await fake.fetch() }
        guard case .wrongContents = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `If two need the same file, one downloads it`() async throws {
        let fake = try FakeHub { request, body, earlier in
            Thread.sleep(forTimeInterval: 0.3)
            return FakeHub.healthy(request, body, earlier)
        }
        let download = try fake.download()
        let reference = try fake.reference
        async let first = download.file(.safetensors, of: reference)
        async let second = download.file(.safetensors, of: reference)
        #expect(try await first == second)
        #expect(fake.contents.requests.count == 1)
    }

    @Test func `A renamed model is found through the hub's redirection`() async throws {
        let contents = try LoopbackServer { FakeHub.healthy($0, FakeHub.body, $1) }
        let address = contents.address
        let fake = try FakeHub(hub: { request, earlier in
            request.path == FakeHub.path && earlier == 0
                ? .init(status: 307, headers: ["Location": FakeHub.path + "?renamed"])
                : FakeHub.head(
                    .init(method: request.method, path: FakeHub.path, headers: [:]), earlier, location: address)
        })
        #expect(try Data(contentsOf: try await fake.fetch()) == FakeHub.body)
        #expect(fake.hub.requests.last?.path == FakeHub.path + "?renamed")
    }

    @Test func `Without safetensors, the checkpoint of PyTorch is downloaded`() async throws {
        let path = FakeHub.path.replacing("model.safetensors", with: "pytorch_model.bin")
        let contents = try LoopbackServer { FakeHub.healthy($0, FakeHub.body, $1) }
        let address = contents.address
        let fake = try FakeHub(hub: { request, earlier in
            guard request.path == path else { return .init(status: 404, headers: ["X-Error-Code": "EntryNotFound"]) }
            return FakeHub.head(
                .init(method: request.method, path: FakeHub.path, headers: [:]), earlier, location: address)
        })
        let file = try await fake.download().weights(of: fake.reference)
        #expect(file.lastPathComponent == "pytorch_model.bin")
        #expect(try Data(contentsOf: file) == FakeHub.body)
        #expect(fake.hub.requests.map(\.path) == [FakeHub.path, path])
        #expect(try fake.settings().cache.weights(of: fake.reference) == file)
        #expect(try await fake.download(["HF_HUB_OFFLINE": "1"]).weights(of: fake.reference) == file)
    }

    @Test func `A model with neither file of weights is refused`() async throws {
        let fake = try FakeHub(hub: { _, _ in .init(status: 404, headers: ["X-Error-Code": "EntryNotFound"]) })
        let reference = try fake.reference
        let error = await #expect(throws: HubError.noWeights(reference)) {
            try await fake.download().weights(of: reference)
        }
        #expect(error?.description.contains("has neither model.safetensors nor pytorch_model.bin") == true)
    }

    @Test func `A cancelled download ends and keeps its partial file`() async throws {
        let fake = try FakeHub { _, body, _ in
            .init(body: body, cut: 1_500_000, hangs: true)
        }
        let download = try fake.download()
        let reference = try fake.reference
        let began = Mutex(false)
        let hasBegun: @Sendable () -> Bool = { began.withLock { $0 } }
        let task = Task { try await download.file(.safetensors, of: reference) { _ in began.withLock { $0 = true } } }
        while !hasBegun() { try await Task.sleep(for: .milliseconds(10)) }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(FileManager.default.fileExists(atPath: fake.incomplete.path))
    }
}
