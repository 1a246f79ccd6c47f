import Basics
import Configuration
import Digests
import Foundation
import Hub
import Jobs
import Testing

@testable import Workflow

/// Published weights: their status, their download, and their effect on keys.
struct WeightsTests {
    private static let yaml = """
        train:
          members:
            - {name: lite0, backbone: tf_efficientnet_lite0, weights: "hf-hub:timm/tf_efficientnet_lite0.in1k"}
        """
    private static let commit = String(repeating: "ab", count: 20)

    private func publish(_ contents: String, on hub: HubCache) throws {
        let reference = try HubReference("hf-hub:timm/tf_efficientnet_lite0.in1k")
        let etag = Digest.of(contents)
        try AtomicFile.write(contents, to: hub.blob(reference, etag: etag))
        _ = try hub.link(reference, etag: etag, commit: Self.commit)
    }

    private func train(_ project: Project) async throws -> NodeStatus {
        try #require(try await project.status().nodes.first { $0.node.stage == .train })
    }

    @Test func `Status downloads nothing and reports missing weights; run downloads first, and only once`() async throws
    {
        let sandbox = try Sandbox(yaml: Self.yaml)
        try publish("published", on: sandbox.offered)
        let project = try sandbox.project()
        _ = try await project.run(RunOptions(stages: [.split]), observer: SilentObserver())
        let before = try await train(project)
        #expect(before.state == .missing)
        #expect(
            before.reason == "weights hf-hub:timm/tf_efficientnet_lite0.in1k are not downloaded yet; 'run' fetches them"
        )
        #expect(sandbox.jobs == 0)

        let summary = try await project.run(observer: SilentObserver())
        #expect(summary.ran.contains { $0.stage == .train })
        let jobs = try String(contentsOf: sandbox.root.appending(path: "bin/jobs"), encoding: .utf8)
        #expect(jobs == "fetch\njob\njob\njob\njob\n", "the download, the training, two embeddings, heat maps")
        #expect(try await project.status().isFresh)
    }

    @Test func `The key depends on the contents of the weights, not on their origin`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        let cache = HubCache(at: sandbox.root.appending(path: "hub"))
        try publish("published", on: cache)
        _ = try await sandbox.project().run(observer: SilentObserver())
        let published = try await train(sandbox.project())
        #expect(published.state == .fresh)

        try AtomicFile.write("published", to: sandbox.root.appending(path: "own.safetensors"))
        let own = Self.yaml.replacing("hf-hub:timm/tf_efficientnet_lite0.in1k", with: "own.safetensors")
        try sandbox.configure(own.replacing("tf_efficientnet_lite0,", with: "tf_efficientnet_lite0.in1k,"))
        #expect(try await train(sandbox.project()).key == published.key)
        try sandbox.configure(own)
        let untagged = try await train(sandbox.project())
        #expect(untagged.key != published.key, "the tag settles what the weights expect of an image")

        try sandbox.configure(Self.yaml)
        try publish("published again", on: cache)
        let anew = try await train(sandbox.project())
        #expect(anew.state == .stale && anew.reason == "the weights file changed")
    }

    @Test func `The key contains the digest of each file of a hybrid's parts`() async throws {
        let yaml = """
            train:
              members:
                - {name: lite0, backbone: tf_efficientnet_lite0, weights: {cnn: c.safetensors, transformer: "hf-hub:timm/t"}}
            """
        let sandbox = try Sandbox(yaml: yaml)
        try AtomicFile.write("cnn", to: sandbox.root.appending(path: "c.safetensors"))
        let reference = try HubReference("hf-hub:timm/t")
        let etag = Digest.of("transformer")
        try AtomicFile.write("transformer", to: sandbox.offered.blob(reference, etag: etag))
        _ = try sandbox.offered.link(reference, etag: etag, commit: Self.commit)
        #expect(try await train(sandbox.project()).reason.contains("is missing"), "the split comes first")
        _ = try await sandbox.project().run(RunOptions(stages: [.split]), observer: SilentObserver())
        let before = try await train(sandbox.project())
        #expect(before.reason == "weights hf-hub:timm/t are not downloaded yet; 'run' fetches them")
        _ = try await sandbox.project().run(observer: SilentObserver())
        let data = try #require(try await train(sandbox.project()).cacheKey).data
        #expect(data["weights.cnn"] == Digest.of("cnn"))
        #expect(data["weights.transformer"] == etag)
        #expect(data["weights"] == nil)

        try AtomicFile.write("another", to: sandbox.root.appending(path: "c.safetensors"))
        let changed = try await train(sandbox.project())
        #expect(changed.state == .stale && changed.reason == "the cnn's weights file changed")
    }

    @Test func `A failed download makes the run fail`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        // The offer is empty, so the worker's copy fails.
        let project = try sandbox.project()
        let failure = await #expect(throws: StageFailure.self) { try await project.run(observer: SilentObserver()) }
        #expect(failure?.node.stage == .train)
        #expect(failure?.description.contains("it ended with code 1") == true)
    }

    @Test func `An invalid reference is refused before anything runs`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml.replacing("timm/", with: "timm"))
        await #expect(throws: HubError.self) { try await sandbox.project().status() }
    }

    @Test func `A folder is embedded with published weights, downloaded first`() async throws {
        let sandbox = try Sandbox()
        try publish("published", on: sandbox.offered)
        let output = sandbox.root.appending(path: "out/e.npy")
        let embedding = FolderEmbedding(
            data: DataSettings(folder: sandbox.root.appending(path: "pod").path),
            model: .backbone(
                MemberSettings(
                    backbone: "tf_efficientnet_lite0", weights: "hf-hub:timm/tf_efficientnet_lite0.in1k", imageSize: 64)
            ),
            mirror: false, device: .cpu, output: output, environment: sandbox.environment)
        try await embedding.run(sandbox.worker, observer: SilentObserver())
        #expect(FileManager.default.fileExists(atPath: output.path))
        #expect(sandbox.jobs == 2)
    }
}
