import Basics
import Foundation
import Jobs
import Results
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
        #expect(small.text.contains("of memory available, too little to train one, two. Lower train.batch-size"))
        #expect(!estimate.text.contains("too little"))

        _ = try await project.estimate(of: project.plan(), load: 1, observer: SilentObserver())
        #expect(sandbox.jobs == 2, "what was measured is remembered")
        try sandbox.configure(Self.yaml.replacing("image-size: 64", with: "image-size: 96"))
        _ = try await sandbox.project().estimate(of: sandbox.project().plan(), load: 1, observer: SilentObserver())
        #expect(sandbox.jobs == 3, "another size is another network")
    }

    @Test func `Two jobs take as long as their nodes need side by side, and decoding counts`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        let project = try sandbox.project()
        func estimate(_ jobs: Int) async throws -> ResourceEstimate {
            try #require(
                try await project.estimate(of: project.plan(), jobs: jobs, load: 1, observer: SilentObserver()))
        }
        let (one, two) = (try await estimate(1), try await estimate(2))
        #expect(one.packing.least.seconds == one.seconds)
        // Two trainings at a time, then two embeddings at a time.
        #expect(two.packing.least.seconds == one.seconds / 2)
        #expect(two.packing.least.chainSeconds == one.seconds / 4)
        #expect(one.nodes.first { $0.node.stage == .search }?.origin == .unknown)
        #expect(one.members[0].isBoundByDecoding == nil && one.text.contains("one: the time of decoding is unknown."))

        let file = sandbox.root.appending(path: "bin/estimate.json")
        let facts = try String(contentsOf: file, encoding: .utf8)
        try AtomicFile.write(
            facts.replacing("\"parameters\"", with: "\"preparation\":3,\"repetition\":0.5,\"parameters\""), to: file)
        try sandbox.configure(Self.yaml.replacing("batch-size: 10", with: "batch-size: 12"))
        let decoding = try #require(
            try await sandbox.project().estimate(
                of: sandbox.project().plan(), load: 1, observer: SilentObserver()))
        let photographs = Double(Sandbox.whales * Sandbox.photographsEach)
        let cores = Double(try ThreadCount.wanted())
        // The first epoch decodes; the cache holds all for the other three. Half a second is computing.
        let training = try #require(decoding.nodes.first { $0.node.stage == .train })
        let expected = photographs * (4 * 0.5 + (3 + 3 * 0.5) / cores)
        #expect(abs(training.seconds.fastest - expected) < 1e-9 * expected)
        #expect(decoding.members[0].isBoundByDecoding == (3 / cores > 0.5))
        #expect(decoding.json[path: "members"]?.array?.first?["bound_by_decoding"]?.bool == (3 / cores > 0.5))
    }

    @Test func `After a run its times are remembered, by node or by stage`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        _ = try await sandbox.project().run(observer: SilentObserver())
        try sandbox.configure(Self.yaml.replacing("[1, 2]", with: "[1, 2, 3]"))
        let project = try sandbox.project()
        let estimate = try #require(
            try await project.estimate(of: project.plan(), load: 1, observer: SilentObserver()))
        #expect(estimate.nodes.allSatisfy { $0.origin != .unknown })
        #expect(estimate.nodes.first { $0.node.stage == .search }?.origin == .remembered)
        #expect(estimate.text.contains("From an earlier run: search"))
        #expect(estimate.json[path: "nodes"]?.array?.allSatisfy { $0["seconds"] != .null } == true)
    }

    @Test func `Times have two significant digits and one unit`() {
        let times = [0.0, 0.0042, 0.23, 9.96, 42.4, 59.6, 61, 774, 3599, 5000, 47_000, 200_000, 1_000_000]
        #expect(
            times.map(ResourceEstimate.words) == [
                "0 ms", "4.2 ms", "230 ms", "10 s", "42 s", "1.0 min", "1.0 min", "13 min", "1.0 h", "1.4 h", "13 h",
                "2.3 days", "12 days",
            ])
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
