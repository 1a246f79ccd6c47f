import Basics
import Configuration
import Foundation
import Testing

@testable import Workflow

/// Members without training: their backbone's pooled features are their embeddings.
struct UntrainedTests {
    private static let member = "{name: one, backbone: tf_efficientnet_lite0, weights: w.safetensors}"
    private static let yaml = "train: {kind: none, members: [\(member)]}\n"

    private func sandbox(_ yaml: String = yaml) throws -> Sandbox {
        let sandbox = try Sandbox(yaml: yaml)
        try AtomicFile.write("weights", to: sandbox.root.appending(path: "w.safetensors"))
        return sandbox
    }

    @Test func `A run without training has no train node, and every later stage has its result`() async throws {
        let sandbox = try sandbox()
        let project = try sandbox.project()
        let witness = Witness()
        _ = try await project.run(observer: witness)
        #expect(!witness.ran.contains("train"))
        #expect(
            witness.ran == ["split", "measure", "embed", "search", "expand", "evaluate", "sweep", "explain", "reduce"])
        #expect(try await project.status().isFresh)
    }

    @Test func `The headline says that nothing was trained`() async throws {
        let sandbox = try sandbox()
        let project = try sandbox.project()
        #expect(try await project.headline() == nil)
        _ = try await project.run(observer: SilentObserver())
        let text = try #require(await project.headline()).text
        #expect(text.hasSuffix("Nothing was trained."))
        #expect(try await project.status().text.contains(text))
    }

    @Test func `The worker embeds and explains with the backbone and its weights`() async throws {
        let sandbox = try sandbox()
        let project = try sandbox.project()
        let inspector = try await project.inspector()
        let member = project.configuration.train.members[0]
        var expected = member
        expected.weights = .whole(sandbox.root.appending(path: "w.safetensors").path)
        #expect(expected.imageSize == 128 && expected.fit == .stretch)
        #expect(try project.model(of: member, seed: 1, fold: 0, inspector) == .backbone(expected))
    }

    @Test func `Turning training on makes embeddings stale, and its effect is in the evaluation`() async throws {
        let sandbox = try sandbox()
        _ = try await sandbox.project().run(observer: SilentObserver())
        let trained = try sandbox.project(settings: ["train.kind=metric-learning"])
        let stale = try await trained.plan().map(\.node.stage)
        #expect(stale.first == .train && stale.contains(.embed) && !stale.contains(.split))
        _ = try await trained.run(observer: SilentObserver())
        let text = try #require(await trained.headline()).text
        #expect(text.contains("raining") && text.contains("mAP@20"))
    }

    @Test func `One member of an ensemble can be untrained`() async throws {
        let other = "{name: two, backbone: tf_efficientnet_lite0, weights: w.safetensors, train: {kind: none}}"
        let sandbox = try sandbox("train: {members: [\(Self.member), \(other)]}\n")
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let trainings = NodeGraph(project.configuration).nodes.filter { $0.stage == .train }
        #expect(trainings.map(\.member) == ["one"])
        // The other member is the same before and after training.
        #expect(try #require(await project.headline()).text.contains("raining"))
    }

    @Test(arguments: [
        ("train: {kind: none}", "has no weights for its whole backbone"),
        ("seeds: [1, 2]\ntrain: {kind: none, members: [\(member)]}", "no member is trained, so seeds change nothing"),
    ])
    func `Options that have no effect without training are refused`(yaml: String, words: String) throws {
        #expect {
            try Configuration(parsing: yaml, path: "w.yaml", root: URL(filePath: "/"))
        } throws: {
            "\($0)".contains(words)
        }
    }

    @Test func `Results are found by name`() async throws {
        let sandbox = try sandbox()
        let project = try sandbox.project()
        await #expect(throws: WorkflowError.self) { try await project.paths(of: .suspects) }
        _ = try await project.run(observer: SilentObserver())
        let trained: [ResultName] = [.history, .model]
        for result in ResultName.allCases where !trained.contains(result) {
            let paths = try await project.paths(of: result)
            #expect(paths.count == 1 && FileManager.default.fileExists(atPath: paths[0].path), "\(result)")
        }
        for result in trained {
            await #expect(throws: WorkflowError.self) { try await project.paths(of: result) }
        }
    }

    @Test func `A backbone that the worker lacks is refused before anything is downloaded`() async throws {
        let sandbox = try Sandbox(
            yaml: "train: {members: [{name: a, backbone: tf_efficientnet_lite9, weights: 'hf-hub:timm/x.y'}]}\n")
        await #expect {
            _ = try await sandbox.project().run(observer: SilentObserver())
        } throws: {
            "\($0)".contains("Did you mean 'tf_efficientnet_lite0'?")
        }
        #expect(sandbox.jobs == 0)
    }
}
