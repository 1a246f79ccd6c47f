import Basics
import Configuration
import Digests
import Foundation
import Hub
import Jobs
import Testing

@testable import Workflow

/// Published models as backbones: what their description settles, their download, and their keys.
struct PublishedBackboneTests {
    private static let name = "hf-hub:someone/whales"
    private static let yaml = "train: {members: [{name: lite0, backbone: \"\(name)\"}]}\n"
    private static let commit = String(repeating: "ab", count: 20)
    private static let config = """
        {"architecture": "tf_efficientnet_lite0", "pretrained_cfg": {"input_size": [3, 96, 96], "crop_pct": 0.9,
         "mean": [0.5, 0.4, 0.3], "std": [0.5, 0.25, 0.125], "license": "mit"}}
        """
    /// The same in options of a member.
    private static let options =
        "image-size: 96, fit: crop, crop-share: 0.9, interpolation: bicubic, mean: [0.5, 0.4, 0.3], "
        + "deviation: [0.5, 0.25, 0.125]"

    private func publish(
        _ files: [HubFile: String], on hub: HubCache, as name: String = name
    ) throws {
        let reference = try HubReference(name)
        for (file, contents) in files {
            let etag = Digest.of(contents)
            try AtomicFile.write(contents, to: hub.blob(reference, etag: etag))
            _ = try hub.link(reference, file, etag: etag, commit: Self.commit)
        }
    }

    private func train(_ project: Project) async throws -> NodeStatus {
        try #require(try await project.status().nodes.first { $0.node.stage == .train })
    }

    private func cache(_ sandbox: Sandbox) -> HubCache { HubCache(at: sandbox.root.appending(path: "hub")) }

    @Test func `Status reports a model that is not downloaded; run fetches it, and its description settles the member`()
        async throws
    {
        let sandbox = try Sandbox(yaml: Self.yaml)
        try publish([.configuration: Self.config, .checkpoint: "weights"], on: sandbox.offered)
        _ = try await sandbox.project().run(RunOptions(stages: [.split]), observer: SilentObserver())
        let before = try await train(sandbox.project())
        #expect(before.state == .missing)
        #expect(before.reason == "weights \(Self.name) are not downloaded yet; 'run' fetches them")
        #expect(try sandbox.project().configuration.train.members[0].isPublished)
        #expect(try await sandbox.project().estimate(of: sandbox.project().plan(), observer: SilentObserver()) == nil)

        let summary = try await sandbox.project().run(observer: SilentObserver())
        #expect(summary.ran.contains { $0.stage == .train })
        let project = try sandbox.project()
        let member = project.configuration.train.members[0]
        #expect(member.backbone == "tf_efficientnet_lite0" && member.weights == .whole(Self.name))
        #expect(member.imageSize == 96 && member.fit == .crop && member.cropShare == 0.9)
        #expect(member.interpolation == .bicubic)
        #expect(member.mean == [0.5, 0.4, 0.3] && member.deviation == [0.5, 0.25, 0.125])
        let others = try await project.status().nodes.filter { $0.state != .fresh }
        #expect(others.isEmpty, "\(others.map { "\($0.node.name): \($0.reason)" })")
        #expect(try #require(try await train(project).cacheKey).data["weights"] == Digest.of("weights"))
    }

    @Test func `The key is that of the same network, weights and options given by hand`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        try publish([.configuration: Self.config, .safetensors: "weights"], on: cache(sandbox))
        _ = try await sandbox.project().run(observer: SilentObserver())
        let published = try await train(sandbox.project())
        #expect(published.state == .fresh)
        try AtomicFile.write("weights", to: sandbox.root.appending(path: "own.safetensors"))
        try sandbox.configure(
            "train: {members: [{name: lite0, backbone: tf_efficientnet_lite0, weights: own.safetensors, \(Self.options)}]}\n"
        )
        #expect(try await train(sandbox.project()).key == published.key)
    }

    @Test func `A folder with the same files has the same key, and needs no hub`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        try publish([.configuration: Self.config, .safetensors: "weights"], on: cache(sandbox))
        _ = try await sandbox.project().run(observer: SilentObserver())
        let published = try await train(sandbox.project())
        try sandbox.configure("train: {members: [{name: lite0, backbone: models/whales}]}\n")
        #expect(throws: FileError.self) { try sandbox.project() }
        let folder = sandbox.root.appending(path: "models/whales")
        try AtomicFile.write(Self.config, to: folder.appending(path: "config.json"))
        let error = #expect(throws: FileError.self) { try sandbox.project() }
        #expect(error?.description.contains("it has neither model.safetensors nor pytorch_model.bin") == true)
        try AtomicFile.write("weights", to: folder.appending(path: "pytorch_model.bin"))
        #expect(try await train(sandbox.project()).key == published.key)
        // Safetensors are taken first.
        try AtomicFile.write("others", to: folder.appending(path: "model.safetensors"))
        #expect(try await train(sandbox.project()).reason == "the weights file changed")
    }

    @Test func `Options of the member say otherwise than its description`() throws {
        let sandbox = try Sandbox()
        try publish([.configuration: Self.config, .safetensors: "weights"], on: cache(sandbox))
        func member(_ options: String) throws -> MemberSettings {
            try sandbox.configure("train: {members: [{name: a, backbone: \"\(Self.name)\", \(options)}]}\n")
            return try sandbox.project().configuration.train.members[0]
        }
        let stretched = try member("image-size: 64, fit: stretch")
        #expect(stretched.imageSize == 64 && stretched.fit == .stretch && stretched.cropShare == nil)
        #expect(stretched.mean == [0.5, 0.4, 0.3])
        let shared = try member("crop-share: 0.5, mean: [0.1, 0.2, 0.3], interpolation: bilinear")
        #expect(shared.fit == .crop && shared.cropShare == 0.5 && shared.interpolation == nil)
        #expect(shared.mean == [0.1, 0.2, 0.3] && shared.deviation == [0.5, 0.25, 0.125])
        let own = try member("weights: own.safetensors, features: average")
        #expect(own.weights == .whole("own.safetensors") && own.features == .average && own.imageSize == 96)
    }

    @Test func `Choices that were made before an option existed leave keys as they were`() async throws {
        let plain = "{name: lite0, backbone: tf_efficientnet_lite0, weights: none"
        let sandbox = try Sandbox(yaml: "train: {members: [\(plain)}]}\n")
        _ = try await sandbox.project().run(RunOptions(stages: [.split]), observer: SilentObserver())
        let key = try #require(try await train(sandbox.project()).key)
        let parameters = try #require(try await train(sandbox.project()).cacheKey).parameters
        #expect(parameters["train.members.lite0.image-size"] == 128)
        #expect(parameters.keys.filter { $0.hasPrefix("train.members.lite0.") }.count == 3)
        for same in ["image-size: 128", "fit: stretch", "crop-share: 1, interpolation: bilinear"] {
            try sandbox.configure("train: {members: [\(plain), \(same)}]}\n")
            #expect(try await train(sandbox.project()).key == key, "\(same)")
        }
        for other in ["crop-share: 0.9", "interpolation: bicubic", "mean: [0, 0, 0]", "deviation: [1, 1, 1]"] {
            try sandbox.configure("train: {members: [\(plain), \(other)}]}\n")
            #expect(try await train(sandbox.project()).key != key, "\(other)")
        }
    }

    @Test func `A model of another architecture is refused before its weights are downloaded`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        let config = Self.config.replacing("lite0", with: "lite9")
        try publish([.configuration: config], on: sandbox.offered)
        let project = try sandbox.project()
        await #expect {
            _ = try await project.run(observer: SilentObserver())
        } throws: {
            "\($0)".contains("There is no backbone 'tf_efficientnet_lite9'. Did you mean 'tf_efficientnet_lite0'?")
        }
        #expect(sandbox.jobs == 1, "only the description")
    }

    @Test(arguments: [
        ("backbone: \"hf-hub:a/b\", weights: {cnn: a, transformer: b}", "its backbone is a published model"),
        ("backbone: b, weights: w, mean: [0.5]", "the mean of the member 'x' has 1 numbers"),
        ("backbone: b, weights: w, deviation: [1, 1, 1, 1]", "the deviation of the member 'x' has 4 numbers"),
        ("backbone: b, weights: w, deviation: [0, 1, 1]", "must be a number from 0.001 to 10"),
        ("backbone: b, weights: w, fit: letterbox, crop-share: 0.5", "has no effect with fit 'letterbox'"),
    ])
    func `Options that contradict each other are refused`(options: String, words: String) {
        #expect {
            try Configuration(
                parsing: "train: {members: [{name: x, \(options)}]}\n", path: "w.yaml", root: URL(filePath: "/"))
        } throws: {
            "\($0)".contains(words)
        }
    }

    @Test func `A licence is that of the model's card, or that in its description`() throws {
        let sandbox = try Sandbox()
        try publish([.configuration: Self.config], on: cache(sandbox))
        let mega = "hf-hub:BVRA/MegaDescriptor-T-224"
        try publish([.configuration: Self.config], on: cache(sandbox), as: mega)
        let weights = try sandbox.project().weights
        func licence(_ weights: String, _ all: Weights) throws -> String? {
            try all.licence(of: MemberSettings(backbone: "tf_efficientnet_lite0", weights: weights))
        }
        #expect(try licence(Self.name, weights) == "mit")
        #expect(try licence(mega, weights) == "cc-by-nc-4.0", "the description has the licence of what it started from")
        #expect(try licence("hf-hub:conservationxlabs/miewid-msv3", weights) == nil)
        #expect(try licence("hf-hub:timm/x", weights) == nil, "the worker knows those of timm")
        #expect(try licence("none", weights) == nil)
        let folder = sandbox.root.appending(path: "models")
        try AtomicFile.write(Self.config, to: folder.appending(path: "config.json"))
        #expect(try licence("models/model.safetensors", weights) == "mit")
        #expect(try licence("own.safetensors", weights) == nil)
    }

    @Test func `Weights whose mean and deviation nothing states are doubted once, unless the member gives both`()
        async throws
    {
        let member = "{name: lite0, backbone: tf_efficientnet_lite0, weights: own.safetensors"
        let sandbox = try Sandbox(yaml: "train: {members: [\(member)}]}\n")
        try AtomicFile.write("weights", to: sandbox.root.appending(path: "own.safetensors"))
        let words =
            "nothing states the mean and deviation that own.safetensors expects of an image, so lite0 uses timm's for "
            + "'tf_efficientnet_lite0'; if they differ, set mean and deviation of the member"
        let witness = Witness()
        _ = try await sandbox.project().run(observer: witness)
        #expect(witness.messages.filter { $0 == words }.count == 1, "\(witness.messages)")
        let again = Witness()
        _ = try await sandbox.project().run(observer: again)
        #expect(!again.messages.contains(words), "nothing ran")

        let weights = try sandbox.project().weights
        func isDoubted(_ weights: String, mean: [Double]? = nil, deviation: [Double]? = nil, _ all: Weights) throws
            -> Bool
        {
            var member = MemberSettings(backbone: "tf_efficientnet_lite0", weights: weights)
            (member.mean, member.deviation) = (mean, deviation)
            return try all.doubt(about: member) != nil
        }
        #expect(try isDoubted("hf-hub:someone/x", weights))
        #expect(try !isDoubted("hf-hub:timm/tf_efficientnet_lite0.in1k", weights))
        #expect(try !isDoubted("none", weights))
        #expect(try isDoubted("w", mean: [0, 0, 0], weights))
        #expect(try !isDoubted("w", mean: [0, 0, 0], deviation: [1, 1, 1], weights))
    }
}
