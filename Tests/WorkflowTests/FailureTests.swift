import Basics
import Foundation
import Testing

@testable import Workflow

/// Runs with a failing worker.
@Suite struct FailureTests {
    @Test(arguments: [
        ("die", "killed (signal 9)"), ("garbage", "which is not an event"), ("fail", "images/p0-0.jpg is cut short"),
        ("exit", "ended with code 7"), ("silent", "ended without a result"),
    ])
    func `A worker's failure is reported as the stage's, with its reason and its log`(mode: String, words: String)
        async throws
    {
        let sandbox = try Sandbox()
        try sandbox.behave(mode)
        let project = try sandbox.project()
        let failure = await #expect(throws: StageFailure.self) { try await project.run(observer: SilentObserver()) }
        #expect(failure?.node.stage == .train)
        #expect(failure?.reason.contains(words) == true, "\(failure?.reason ?? "")")
        let log = try String(contentsOfFile: try #require(failure?.log), encoding: .utf8)
        #expect(log == "a word for the log\n")

        let states = try await project.status().nodes.map(\.state)
        #expect(states == [.fresh, .fresh, .failed] + Array(repeating: .blocked, count: 7))
        try sandbox.behave("work")
        let summary = try await project.run(observer: SilentObserver())
        #expect(summary.ran.map(\.stage) == [.train, .embed, .search, .expand, .evaluate, .sweep, .explain, .reduce])
    }

    @Test func `A worker that the kernel killed for lack of memory is reported as such`() {
        #expect(MemoryKills.count(in: "nr_free 1\noom_kill 3\ndrop 0\n") == 3)
        #expect(MemoryKills.count(in: "nr_free 1\n") == nil)
        let told = Worker.ending(.signaled(SIGKILL), kernelHasKilled: true)
        #expect(told.contains("the kernel killed it because memory ran out") && told.contains("batch-size"))
        #expect(!Worker.ending(.signaled(SIGKILL)).contains("kernel"))
    }

    @Test func `A worker that does not respond to a query is given up`() async throws {
        let sandbox = try Sandbox()
        try sandbox.behave("deaf")
        await #expect {
            try await sandbox.worker.describe(within: .milliseconds(200))
        } throws: {
            "\($0)".contains("it did not respond") && "\($0)".contains("ulimit -v")
        }
    }

    @Test func `A worker with too little memory to start is reported as such`() async throws {
        let sandbox = try Sandbox()
        try sandbox.behave("cramped")
        await #expect {
            try await sandbox.project().status()
        } throws: {
            "\($0)".contains("libtorch needs more memory") && "\($0)".contains("ulimit -v")
        }
        #expect(Worker.ending(.exited(71)).contains("ulimit -v"))
    }

    @Test func `An interrupted run ends its worker, keeps finished stages and later starts the stage again`()
        async throws
    {
        let sandbox = try Sandbox()
        try sandbox.behave("hang")
        let project = try sandbox.project()
        let task = Task { try await project.run(observer: SilentObserver()) }
        try await sandbox.waitUntilHanging()
        task.cancel()
        await #expect(throws: WorkflowError.interrupted) { try await task.value }
        let states = try await project.status().nodes.map(\.state)
        #expect(states.prefix(4) == [.fresh, .fresh, .partial, .missing])
        try sandbox.behave("work")
        #expect(try await project.run(observer: SilentObserver()).ran.count == 8)
    }

    @Test func `A missing worker is reported, with how to build it`() async throws {
        let sandbox = try Sandbox()
        let project = try Project(
            try sandbox.project().configuration, worker: Worker(at: sandbox.root.appending(path: "no")))
        await #expect {
            try await project.run(observer: SilentObserver())
        } throws: {
            "\($0)".contains("swift build --product whalebook-worker")
        }
    }

    @Test func `A device that is not available is refused before anything runs`() async throws {
        let sandbox = try Sandbox(yaml: "device: cuda\n")
        await #expect(throws: WorkflowError.deviceMissing(device: "cuda", available: ["cpu"], cards: 0)) {
            try await sandbox.project().run(observer: SilentObserver())
        }
    }
}
