import Basics
import Jobs
import Testing

@testable import Workflow

/// The processes that share a job.
struct CrewTests {
    private static func ending(_ rank: Int, _ error: (any Error)? = nil) -> Worker.Ending {
        Worker.Ending(rank: rank, result: error.map { .failure($0) } ?? .success(.number(Double(rank))))
    }

    @Test func `The facts are rank 0's, in whatever order the processes end`() throws {
        #expect(try Worker.outcome([Self.ending(1), Self.ending(0)], count: 2) == .number(0))
    }

    @Test func `A process that died is the cause, whatever the others report`() {
        let lost = WorkerError.failed("Rank 1 of 3 processes is gone")
        let endings = [
            Self.ending(0, lost), Self.ending(2, lost), Self.ending(1, WorkerError.died("it was killed")),
        ]
        let error = #expect(throws: WorkerError.self) { try Worker.outcome(endings, count: 3) }
        #expect(error == .rankDied(rank: 1, count: 3, ending: "it was killed"))
        #expect(error?.description.hasPrefix("rank 1 of 3 processes gave no result: it was killed.") == true)
    }

    @Test func `Otherwise rank 0 says what happened, or the first process that failed`() {
        let own = WorkerError.failed("a.jpg cannot be read"), told = WorkerError.failed("Rank 1 stopped: a.jpg")
        #expect(throws: told) { try Worker.outcome([Self.ending(1, own), Self.ending(0, told)], count: 2) }
        #expect(throws: own) { try Worker.outcome([Self.ending(1, own), Self.ending(0)], count: 2) }
    }

    @Test func `Statistics of each process need the configured number of processes, before any work`() async throws {
        let sandbox = try Sandbox()
        let setting = "train.statistics=process"
        let error = await #expect(throws: WorkflowError.otherProcesses(configured: 2, found: 1)) {
            try await sandbox.project(settings: [setting]).run(observer: SilentObserver())
        }
        #expect(error?.description.contains("this run has 1 process. Run with --devices 2,") == true)
        #expect(sandbox.jobs == 0)
        _ = try await sandbox.project(settings: [setting, "train.processes=1"]).run(observer: SilentObserver())
        #expect(sandbox.jobs > 0)
    }

    @Test func `Processes of one machine divide its threads, unless the environment sets them`() throws {
        let place = RankPlace(rank: 0, count: 2, file: "store", patience: 60)
        let all = try ThreadCount.wanted(environment: [:])
        #expect(try Worker.threads(at: place, environment: [:]) == max(1, all / 2))
        #expect(try Worker.threads(at: place, environment: ["SLURM_CPUS_PER_TASK": "7"]) == 7)
        #expect(
            try Worker.threads(at: place, environment: ["SLURM_CPUS_PER_TASK": "7", "WHALEBOOK_THREADS": "3"]) == 3)
    }
}
