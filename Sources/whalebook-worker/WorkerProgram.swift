import Backbones
import Basics
import Configuration
import CrossView
import Foundation
import Hub
import HubClient
import Jobs
import Keypoints
import PublicData
import PublicDataClient
import Torch
import Training

/// Runs the work that needs libtorch, one job per process: `run` reads the job from standard input, `describe` prints
/// what this worker can do.
///
/// `share NUMBER` performs a job together with other processes, which the environment names: rank 0 reads it from
/// standard input, the others get it from rank 0. `host` keeps the store in which they meet, from job to job, until its
/// standard input ends.
@main
struct WorkerProgram {
    static func main() async {
        StandardStream.prepare()
        // Swift's handler reports a crash but lets the process continue.
        signal(SIGQUIT, SIG_DFL)
        do {
            try OpenFiles.check()
            try ProcessRoom.check()
            endWithRunner()
            Runtime.keepFreedMemory()
            try Runtime.useThreads()
            switch CommandLine.arguments.dropFirst().first {
            case "describe": try describe()
            case "run": try await run()
            case "share": try share()
            case "host": try host()
            default:
                StandardStream.errors.write("usage: whalebook-worker run|describe|share NUMBER|host\n")
                exit(64)
            }
        } catch let refusal as ProcessRoom.Refusal {
            send(.failed("\(refusal) Use fewer threads: WHALEBOOK_THREADS=1."))
            exit(EX_OSERR)
        } catch {
            send(.failed(visibleLines(of: error)))
            exit(1)
        }
    }

    /// Ends the worker when the runner is gone, for whatever reason: nobody would read its result.
    private static func endWithRunner() {
        let parent = getppid()
        Thread.detachNewThread {
            while RunnerProcess.isThere(parent: parent) { Thread.sleep(forTimeInterval: 0.2) }
            // At once: an orderly exit could wait for libtorch's threads.
            _exit(1)
        }
    }

    private static func share() throws {
        guard let place = try RankPlace(), let number = CommandLine.arguments.last.flatMap({ Int($0) }) else {
            throw RankError.missing("WORLD_SIZE")
        }
        SharedStore.endIfHostResets { reason in
            WorkerProgram.send(.failed("\(RankFailure.runGone(reason: String(cString: reason)))"))
        }
        let meeting = try RankMeeting(place)
        let text: String
        if place.rank == 0 {
            text = String(decoding: try FileHandle.standardInput.readToEnd() ?? Data(), as: UTF8.self)
            try meeting.publish(text, job: number)
        } else if let published = try meeting.job(number) {
            text = published
        } else {
            return send(.finished(facts: [RankPlace.endFact: .bool(true)]))
        }
        let job = try JSONDecoder().decode(Job.self, from: Data(text.utf8))
        try requireRoomForThreads()
        let ranks = try meeting.group(job: number) { failure in
            send(.failed("\(failure)"))
            // The other thread waits for the lost process.
            _exit(1)
        }
        // Rank 0 reports the job's progress.
        let report: (Event) -> Void = { event in
            if place.rank == 0 { send(event) } else if case .finished = event { send(event) }
        }
        do {
            switch job {
            case .train(let job): try job.perform(sharedBy: ranks, report: report)
            case .embed(let job): try job.perform(sharedBy: ranks, report: report)
            case .search(let job): try job.perform(sharedBy: ranks, report: report)
            case .match(let job): try job.perform(sharedBy: ranks, report: report)
            case .bridge, .background, .explain, .keypoints, .fetch, .dataSet, .estimate:
                preconditionFailure("only jobs that can be shared are")
            }
            try ranks.leave()
        } catch {
            throw ranks.explained(error)
        }
    }

    private static func host() throws {
        guard let place = try RankPlace() else { throw RankError.missing("WORLD_SIZE") }
        try RankMeeting.host(place, ready: { send(.finished(facts: .object([:]))) }) {
            // The runner writes something if it was successful; in any case it closes the pipe.
            (try? FileHandle.standardInput.readToEnd())?.isEmpty == false
        }
    }

    private static func run() async throws {
        let input = try FileHandle.standardInput.readToEnd() ?? Data()
        let job = try JSONDecoder().decode(Job.self, from: input)
        switch job {
        case .fetch, .dataSet: break
        default: try requireRoomForThreads()
        }
        switch job {
        case .train(let job): try job.perform(report: send)
        case .embed(let job): try job.perform(report: send)
        case .bridge(let job): try job.perform(report: send)
        case .background(let job): try job.perform(report: send)
        case .explain(let job): try job.perform(report: send)
        case .keypoints(let job): try job.perform(report: send)
        case .search(let job): try job.perform(report: send)
        case .match(let job): try job.perform(report: send)
        case .fetch(let job): try await fetch(job)
        case .dataSet(let job): try await fetch(job)
        case .estimate(let job): try job.perform(report: send)
        }
    }

    /// OpenBLAS allocates 128 MiB for each thread that multiplies, and waits forever if the allocation fails.
    private static func requireRoomForThreads() throws(ProcessRoom.Refusal) {
        let threads = Runtime.threadCount
        try ProcessRoom.check(threads: threads, memory: threads * 128 << 20)
    }

    private static func fetch(_ job: FetchJob) async throws {
        let download = HubDownload(
            try HubSettings(), architectures: BackboneCatalog.variants.map(\.name))
        let reference = try HubReference(job.model)
        switch job.part {
        case .configuration: _ = try await download.file(.configuration, of: reference)
        case .weights:
            _ = try await download.weights(of: reference) { progress in
                send(mebibytes: progress.received, of: progress.size, rate: progress.rate)
            }
        }
        send(.finished(facts: .object([:])))
    }

    private static func fetch(_ job: DataSetJob) async throws {
        let fetch = try PublicDataFetch(.named(job.name), into: URL(filePath: job.directory), mirror: job.mirror)
        let lines = try await fetch.run { progress in
            send(
                mebibytes: progress.done, of: progress.total, rate: progress.rate,
                note: "\(progress.work.rawValue) \(progress.file)")
        }
        send(.finished(facts: ["lines": .array(lines.map(JSONValue.string))]))
    }

    /// Sends the progress of a transfer, given in bytes.
    private static func send(mebibytes done: Int64, of total: Int64, rate: Double?, note: String? = nil) {
        let mebibyte = 1 << 20
        send(
            .progress(
                done: Int(done) / mebibyte, total: Int(total) / mebibyte, unit: "MiB",
                rate: rate.map { $0 / Double(mebibyte) }, note: note))
    }

    private static func describe() throws {
        let description = WorkerDescription(
            libtorch: Runtime.version,
            devices: [DeviceChoice.cpu.rawValue]
                + (0..<Runtime.cudaDeviceCount).map { DeviceChoice.card($0).rawValue },
            cpuCapability: Runtime.cpuCapability, threads: Runtime.threadCount,
            backbones: try BackboneCatalog.descriptions())
        try write(JSONValue(encoding: description))
    }

    private static func send(_ event: Event) {
        do {
            try write(JSONValue(encoding: event))
        } catch {
            // Nobody reads the output: the runner is gone, so the job is of no use.
            exit(1)
        }
    }

    private static func write(_ value: JSONValue) throws {
        try FileHandle.standardOutput.write(contentsOf: Data((value.canonicalText + "\n").utf8))
    }
}
