import Basics
import Configuration
import Foundation
import Jobs
import Testing

@testable import Training

/// Trainings that are killed in their own processes, as a user's are, and resume.
@Suite(.serialized) struct ResumeTests {
    /// A checkpoint after every step.
    private static let always = 1e-9

    private static func job(_ pond: Pond, minutes: Double = always, into output: String) throws -> TrainJob {
        let balanced = try Pond.configuration("  sampler: {kind: balanced, images: 2}").train.sampler
        var job = try pond.job(
            {
                $0.schedule.epochs = 4
                // Random, so that resuming must restore the draws too.
                $0.neck.dropout = 0.2
                $0.members[0].stochasticDepth = 0.1
                $0.averageDecay = 0.9
                $0.sampler = balanced
            }, into: output)
        job.checkpoints = CheckpointSettings { $0.minutes = minutes }
        return job
    }

    private static func weights(_ pond: Pond, _ output: String) throws -> Data {
        try Data(contentsOf: pond.directory.appending(path: "\(output)/model.safetensors"))
    }

    private static func history(_ pond: Pond, _ output: String) throws -> [[String]] {
        try CSVTable.read(pond.directory.appending(path: "\(output)/history.csv")).rows.map { Array($0.prefix(7)) }
    }

    /// Starts the worker and kills it with signal 9 at an expected event.
    private static func kill(_ job: TrainJob, at isTime: (JSONValue) -> Bool) throws {
        let process = Process()
        process.executableURL = Bundle.main.bundleURL.appending(path: "whalebook-worker")
        process.arguments = ["run"]
        let (source, sink) = (Pipe(), Pipe())
        process.standardInput = source
        process.standardOutput = sink
        try process.run()
        try source.fileHandleForWriting.write(
            contentsOf: Data(JSONValue(encoding: Job.train(job)).canonicalText.utf8))
        try source.fileHandleForWriting.close()
        var pending = Data()
        while process.isRunning {
            let data = sink.fileHandleForReading.availableData
            if data.isEmpty { break }
            pending += data
            let lines = pending.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            pending = Data(lines.last ?? Data())
            if try lines.dropLast().contains(where: { try isTime(JSONValue(parsing: Data($0))) }) {
                Foundation.kill(process.processIdentifier, SIGKILL)
                break
            }
        }
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
    }

    private static func isDone(_ event: JSONValue, _ photographs: Int) -> Bool {
        event[path: "progress.done"]?.integer.map { $0 >= photographs } ?? false
    }

    @Test func `A training killed within and between epochs ends with the bytes of an undisturbed one`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        // The reference runs in a process too, because libtorch's threads belong to the process.
        let undisturbed = try Self.job(pond, into: "undisturbed")
        let (status, _) = try WorkerTests.worker(
            "run", input: JSONValue(encoding: Job.train(undisturbed)).canonicalText)
        #expect(status == 0)
        let job = try Self.job(pond, into: "killed")
        // Two steps of eight photographs an epoch: after the first step of the second epoch,
        try Self.kill(job) { Self.isDone($0, 24) }
        // as soon as the third epoch is reported, whether or not its checkpoint is there,
        try Self.kill(job) { $0[path: "message._0"]?.string?.contains("epoch 3 of 4:") ?? false }
        // and within the fourth.
        try Self.kill(job) { Self.isDone($0, 56) }
        let (end, events) = try WorkerTests.worker("run", input: JSONValue(encoding: Job.train(job)).canonicalText)
        #expect(end == 0)
        #expect(events.contains { $0[path: "message._0"]?.string?.hasPrefix("resumes in epoch 4 of 4") ?? false })
        #expect(try Self.weights(pond, "killed") == Self.weights(pond, "undisturbed"))
        #expect(try Self.history(pond, "killed") == Self.history(pond, "undisturbed"))
    }

    /// Changes the checkpoints of a finished training by `change`, removes its weights and trains again.
    private static func again(
        _ pond: Pond, _ job: TrainJob, after change: (CheckpointFolder) throws -> Void
    ) throws -> (messages: [String], weights: Data) {
        let folder = CheckpointFolder(in: URL(filePath: job.output), kept: job.checkpoints.kept)
        try change(folder)
        try FileManager.default.removeItem(at: MemberModel.weightsFile(in: URL(filePath: job.output)))
        var messages: [String] = []
        try job.perform { if case .message(let text) = $0 { messages.append(text) } }
        return (messages, try Data(contentsOf: MemberModel.weightsFile(in: URL(filePath: job.output))))
    }

    @Test func `If the newest checkpoint is damaged, training reports it and resumes from the one before`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let job = try Self.job(pond, minutes: 0, into: "model")
        try job.perform { _ in }
        let weights = try Self.weights(pond, "model")
        let (messages, again) = try Self.again(pond, job) { folder in
            #expect(
                try folder.files.map(\.lastPathComponent) == [
                    "epoch-000004-step-00000000.safetensors", "epoch-000005-step-00000000.safetensors",
                ])
            let newest = try #require(try folder.files.last)
            var data = try Data(contentsOf: newest)
            data[data.count - 5] ^= 1
            try data.write(to: newest)
        }
        #expect(messages.first?.contains("epoch-000005-step-00000000.safetensors is damaged") == true, "\(messages)")
        #expect(messages.dropFirst().first == "resumes in epoch 4 of 4, after 0 of its steps")
        #expect(again == weights)
    }

    @Test(arguments: ["digest", "weights", "all"])
    func `Whatever part is lost, training goes back only as far as needed and ends the same`(part: String) throws {
        let pond = try Pond()
        defer { pond.remove() }
        let job = try Self.job(pond, minutes: 0, into: "model")
        try job.perform { _ in }
        let weights = try Self.weights(pond, "model")
        let (messages, again) = try Self.again(pond, job) { folder in
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            let last = try #require(try folder.files.last?.lastPathComponent)
            for name in names {
                let isLost =
                    switch part {
                    case "digest": name == "\(last).sha256"
                    case "weights": name.hasPrefix("best-")
                    default: !name.hasSuffix(".sha256")
                    }
                if isLost { try Data("lost".utf8).write(to: folder.url.appending(path: name)) }
            }
        }
        #expect(again == weights)
        #expect(messages.contains { $0.hasPrefix("resumes in epoch 4") } == (part == "digest"), "\(messages)")
    }

    @Test func `Checkpoints of another training are not used`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        try Self.job(pond, minutes: 0, into: "model").perform { _ in }
        var other = try Self.job(pond, minutes: 0, into: "model")
        other.seed = 2
        var messages: [String] = []
        try other.perform { if case .message(let text) = $0 { messages.append(text) } }
        #expect(messages.first?.contains("is from another training") == true)
        let found = try Self.weights(pond, "model")
        other.output = pond.directory.appending(path: "fresh").path
        try other.perform { _ in }
        #expect(try Self.weights(pond, "fresh") == found)
    }

    @Test func `Checkpoints are written each epoch and at the configured interval, and only the last remain`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        func files(minutes: Double, kept: Int, into output: String) throws -> [String] {
            var job = try Self.job(pond, minutes: minutes, into: output)
            job.checkpoints.kept = kept
            job.train.schedule.epochs = 2
            try job.perform { _ in }
            return try CheckpointFolder(in: URL(filePath: job.output), kept: kept).files.map(\.lastPathComponent)
        }
        #expect(try files(minutes: 0, kept: 9, into: "epochs").count == 2)
        #expect(try files(minutes: Self.always, kept: 9, into: "steps").count == 4)
        #expect(try files(minutes: Self.always, kept: 1, into: "one") == ["epoch-000003-step-00000000.safetensors"])
    }
}
