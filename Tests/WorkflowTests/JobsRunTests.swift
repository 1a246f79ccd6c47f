import Basics
import Foundation
import Results
import Synchronization
import Testing

@testable import Workflow

/// Runs with several jobs.
struct JobsRunTests {
    private static let yaml = "seeds: [1, 2]\n"

    /// Starts and ends of nodes, in the order in which they happened.
    private final class Order: RunObserver {
        private let lines = Mutex<[String]>([])
        private let hear: @Sendable (String) -> Void
        init(hear: @escaping @Sendable (String) -> Void = { _ in }) { self.hear = hear }

        var events: [String] { lines.withLock { $0 } }

        func started(_ node: Node, position: Int, count: Int, reason: String, secondsLeft: Double?) {
            lines.withLock { $0.append("+\(node.name)") }
        }
        func progressed(_ node: Node, _ progress: RunProgress) {}
        func said(_ message: String) {
            lines.withLock { $0.append(message) }
            hear(message)
        }
        func finished(_ node: Node, seconds: Double) { lines.withLock { $0.append("-\(node.name)") } }

        /// The largest number of nodes of a stage that worked at the same time.
        func most(of stage: StageName) -> Int {
            var now = 0, most = 0
            for event in events where event.dropFirst().hasPrefix(stage.rawValue) {
                now += event.hasPrefix("+") ? 1 : -1
                most = max(most, now)
            }
            return most
        }
    }

    private static func digests(_ project: Project) async throws -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: try await project.status().nodes.map { ($0.node.name, $0.record?.outputDigest ?? "") }
        )
    }

    @Test func `Several jobs give the results of one, and the ledger the same order`() async throws {
        let alone = try Sandbox(yaml: Self.yaml), shared = try Sandbox(yaml: Self.yaml)
        let first = try await alone.project().run(observer: SilentObserver())
        let order = Order()
        // The trainings wait for each other, so neither would end if they did not run at the same time.
        try shared.behave("meet")
        let second = try await shared.project().run(RunOptions(jobs: 2), observer: order)
        #expect(second.ran == first.ran, "upstream first, whichever ended first")
        #expect(try await Self.digests(shared.project()) == Self.digests(alone.project()))
        #expect(order.most(of: .train) == 2)
        #expect(order.most(of: .search) == 1, "the runner's own process works on one node at a time")
        let entries = try (Ledger(alone.project().store), Ledger(shared.project().store))
        #expect(entries.1.last?.nodes.map(\.node) == entries.0.last?.nodes.map(\.node))
        #expect(try await shared.project().status().isFresh)
        #expect(try await shared.project().run(RunOptions(jobs: 2), observer: order).ran.isEmpty)
    }

    @Test func `Each job has its share of the cores, which the record states`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        let project = try sandbox.project()
        _ = try await project.run(RunOptions(jobs: 2), observer: SilentObserver())
        let record = try await project.status().nodes.first { $0.node.stage == .train }?.record
        let share = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
        #expect(record?.machine["threads"]?.integer == share)
        let given = try String(contentsOf: sandbox.root.appending(path: "bin/cores"), encoding: .utf8)
        #expect(Set(given.split(separator: "\n")) == ["\(share)"])
    }

    @Test func `After a failure no node starts, the others end, and each error is reported once`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        try sandbox.behave("fail-seed-1-late")
        let end = sandbox.end
        let order = Order { if $0.contains("no other node starts") { try? Data().write(to: end) } }
        let project = try sandbox.project()
        // Both trainings have a job, even while the photographs are still being measured.
        let failure = await #expect(throws: StageFailure.self) {
            try await project.run(RunOptions(jobs: 3), observer: order)
        }
        #expect(failure?.node.seed == 1)
        #expect(order.events.contains { $0.contains("train") && $0.contains("no other node starts; waiting for") })
        #expect(order.events.contains { $0.hasPrefix("-train") && $0.contains("2") }, "\(order.events)")
        #expect(!order.events.contains { $0.contains("+embed") || $0.contains("seed 1 is ill") })
        try sandbox.behave("work")
        let summary = try await project.run(RunOptions(jobs: 2), observer: SilentObserver())
        #expect(summary.ran.filter { $0.stage == .train }.map(\.seed) == [1])
    }

    @Test func `Of two failures the first is the run's error, and the other is reported meanwhile`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        try sandbox.behave("meet-and-fail")
        let order = Order()
        let failure = await #expect(throws: StageFailure.self) {
            try await sandbox.project().run(RunOptions(jobs: 2), observer: order)
        }
        let told = order.events.filter { $0.contains("failed: both are ill") }
        #expect(told.count == 1)
        #expect(failure.map { told.first?.contains($0.node.name) } == false)
    }

    @Test func `An interruption ends all workers, and the next run continues`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        try sandbox.behave("hang")
        let project = try sandbox.project()
        let task = Task { try await project.run(RunOptions(jobs: 2), observer: SilentObserver()) }
        try await sandbox.waitUntilHanging(2)
        task.cancel()
        await #expect(throws: WorkflowError.interrupted) { try await task.value }
        let states = try await project.status().nodes.filter { $0.node.stage == .train }.map(\.state)
        #expect(states == [.partial, .partial])
        try sandbox.behave("work")
        _ = try await project.run(RunOptions(jobs: 2), observer: SilentObserver())
        #expect(try await project.status().isFresh)
    }

    @Test func `Nodes whose memory does not suffice together run one after the other`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        // 16 bytes for each of 1e15 parameters.
        let file = sandbox.root.appending(path: "bin/estimate.json")
        try AtomicFile.write(
            try String(contentsOf: file, encoding: .utf8).replacing("2000000", with: "1000000000000000"), to: file)
        let order = Order()
        _ = try await sandbox.project().run(RunOptions(jobs: 2), observer: order)
        #expect(order.most(of: .train) == 1)
        #expect(order.events.count { $0.hasPrefix("+train") } == 2)
    }

    @Test func `Without several jobs nothing is measured`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        let order = Order()
        _ = try await sandbox.project().run(observer: order)
        #expect(!order.events.contains { $0.contains("timing") })
        let cores = sandbox.root.appending(path: "bin/cores")
        let given = try String(contentsOf: cores, encoding: .utf8)
        #expect(Set(given.split(separator: "\n")) == ["all"])
    }

    /// Gives the machine graphics cards.
    private static func addCards(_ count: Int, to sandbox: Sandbox) throws {
        let file = sandbox.root.appending(path: "bin/description.json")
        let cards = (0..<count).map { "\"cuda:\($0)\"" }.joined(separator: ",")
        try AtomicFile.write(
            try String(contentsOf: file, encoding: .utf8).replacing("[\"cpu\"]", with: "[\"cpu\",\(cards)]"), to: file)
    }

    @Test(
        arguments: [("auto", 2, ["cuda:0", "cuda:1"]), ("cuda", 1, ["cuda:0"]), ("cuda:1", 2, ["cuda:1"])]
            as [(String, Int, [String])])
    func `Trainings share the cards that the configuration names`(
        device: String, jobs: Int, expected: [String]
    ) async throws {
        let sandbox = try Sandbox(yaml: Self.yaml + "device: \(device)\n")
        try Self.addCards(2, to: sandbox)
        if expected.count == 2 { try sandbox.behave("meet") }
        let order = Order()
        _ = try await sandbox.project().run(RunOptions(jobs: jobs), observer: order)
        let used = try String(contentsOf: sandbox.root.appending(path: "bin/devices"), encoding: .utf8)
        let trainings = used.split(separator: "\n").filter { $0.hasPrefix("train ") }
        #expect(trainings.count == 2 && Set(trainings.map { String($0.dropFirst(6)) }) == Set(expected))
        #expect(order.most(of: .train) == expected.count, "a card has one node at a time")
        let record = try await sandbox.project().status().nodes.first { $0.node.stage == .train }?.record
        #expect(record?.cacheKey.backend["device"] == "cuda", "a result does not depend on the card's number")
    }

    @Test func `A card beyond the machine's is refused before anything runs`() async throws {
        let sandbox = try Sandbox(yaml: "device: cuda:2\n")
        try Self.addCards(2, to: sandbox)
        await #expect {
            try await sandbox.project().run(observer: SilentObserver())
        } throws: {
            "\($0)".contains("there are 2 cards, counted from 0, and the worker has: cpu, cuda:0, cuda:1")
        }
        #expect(sandbox.jobs == 0)
    }
}
