import Basics
import Testing

@testable import Workflow

/// The estimate of a dry run.
struct ResourceEstimateTests {
    private static let yaml = """
        seeds: [1, 2]
        embed: {mirror: true}
        train:
          members:
            - {name: one, backbone: tf_efficientnet_lite0}
            - {name: two, backbone: tf_efficientnet_lite0, image-size: 64}
          schedule: {epochs: 4}
          batch-size: 10

        """

    @Test func `Trainings and embeddings of the plan are counted, and each network is timed once`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        let project = try sandbox.project()
        let estimate = try #require(
            try await project.estimate(of: project.plan(), load: 1, observer: SilentObserver()))
        let photographs = Sandbox.whales * Sandbox.photographsEach
        #expect(estimate.members.map(\.settings.name) == ["one", "two"])
        #expect(estimate.members.map(\.trainings) == [[photographs, photographs], [photographs, photographs]])
        // Before and after training, each with its mirror image.
        #expect(estimate.members[0].embeddings == [4 * photographs, 4 * photographs])
        // The worker reports half a second to train a photograph, a quarter to embed it.
        #expect(estimate.seconds == Double(4 * (4 * photographs) * 2 + 4 * 4 * photographs) / 4)
        // 100 MB, 16 bytes per parameter, 1 MB per photograph.
        #expect(estimate.members[0].facts.trainingBytes(batch: 10) == 1e8 + 16 * 2e6 + 10 * 1e6)
        #expect(estimate.text.contains("two"))
        #expect(estimate.text.contains("2.0 M"))
        #expect(sandbox.jobs == 2)
        var small = estimate
        small.memory = 1e8
        #expect(small.text.contains("of memory, too little to train one, two. Lower train.batch-size"))
        #expect(!estimate.text.contains("too little"))

        _ = try await project.estimate(of: project.plan(), load: 1, observer: SilentObserver())
        #expect(sandbox.jobs == 2, "what was measured is remembered")
        try sandbox.configure(Self.yaml.replacing("image-size: 64", with: "image-size: 96"))
        _ = try await sandbox.project().estimate(of: sandbox.project().plan(), load: 1, observer: SilentObserver())
        #expect(sandbox.jobs == 3, "another size is another network")
    }

    @Test func `After the split its photographs are counted; with nothing to train nothing is timed`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        let project = try sandbox.project()
        _ = try await project.run(RunOptions(stages: [.split]), observer: SilentObserver())
        let split = try #require(try await project.status().nodes.first { $0.node.stage == .split }?.record)
        let trained = try #require(split.facts[path: "photographs.train"]?.integer)
        let estimate = try #require(
            try await project.estimate(of: project.plan(), load: 1, observer: SilentObserver()))
        #expect(trained < Sandbox.whales * Sandbox.photographsEach)
        #expect(estimate.members.map(\.trainings) == [[trained, trained], [trained, trained]])

        _ = try await project.run(observer: SilentObserver())
        #expect(try await project.estimate(of: project.plan(), load: 1, observer: SilentObserver()) == nil)
    }
}
