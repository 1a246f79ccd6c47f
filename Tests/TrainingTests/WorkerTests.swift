import Basics
import Configuration
import Foundation
import Jobs
import Results
import Testing

@testable import Training

/// The worker as a process, as the runner starts it.
struct WorkerTests {
    @Test func `Memory does not grow from epoch to epoch`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let job = Job.train(try pond.job({ $0.schedule.epochs = 6 }, into: "model"))
        let (status, events) = try Self.worker("run", input: JSONValue(encoding: job).canonicalText)
        #expect(status == 0)
        let facts = try #require(events.last?[path: "finished.facts"])
        let tensors = try #require(facts["live_tensors"]?.numbers)
        #expect(tensors.count == 6)
        #expect(Set(tensors).count == 1, "the number of live tensors must not change: \(tensors)")
        let resident = try #require(facts["resident_megabytes"]?.numbers)
        // The allocator's pools settle in the first epochs; one epoch's tensors would take about 100 MB.
        #expect(resident[5] - resident[2] < 20, "\(resident)")
    }

    @Test func `An estimate measures the member's own network`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        func facts(imageSize: Int) throws -> EstimateFacts {
            var settings = try Pond.configuration().train
            settings.members[0].imageSize = imageSize
            settings.batchSize = 4
            let job = Job.estimate(
                EstimateJob(
                    member: settings.members[0], train: settings, data: DataSettings(folder: pond.directory.path),
                    classes: 5, device: .cpu,
                    precision: .float32))
            let (status, events) = try Self.worker("run", input: JSONValue(encoding: job).canonicalText)
            #expect(status == 0)
            return try #require(events.last?[path: "finished.facts"]).decoded(as: EstimateFacts.self)
        }
        let (small, large) = (try facts(imageSize: 128), try facts(imageSize: 256))
        let settings = try Pond.configuration().train
        let model = try MemberModel(
            member: settings.members[0], settings: settings, seed: 1, classes: Pond.classes("a", "b", "c", "d", "e"),
            on: .cpu)
        #expect(small.parameters == model.store.parameterCount)
        #expect(large.parameters == small.parameters)
        // Four times the pixels; memory that the allocator keeps blurs both.
        let ratio = try #require(large.bytesPerPhotograph) / #require(small.bytesPerPhotograph)
        #expect(ratio > 2 && ratio < 8, "\(ratio)")
        #expect(large.training.fastest > 0 && large.embedding.fastest > 0)
        #expect(large.training.fastest <= large.training.slowest)
        // Embedding keeps no map for gradients.
        #expect(try #require(large.embeddingBytes) < #require(large.trainingBytes(batch: 32)))
        // That from memory, where nothing is decoded, is shorter only on a machine without other work.
        #expect(try #require(large.preparation) > 0 && #require(large.repetition) > 0)
        let bytes = try #require(large.trainingBytes(batch: 8)) - #require(large.trainingBytes(batch: 4))
        // One byte, for sums of about 1e9 in double precision.
        #expect(try abs(bytes - 4 * #require(large.bytesPerPhotograph)) < 1)
    }

    @Test func `A bridge is trained from a file of embeddings, and maps all of them in both directions`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bridge-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "embeddings.npy")
        // Four animals, each with a top view and a flank, along the axes.
        let rows = (0..<8).flatMap { row in (0..<8).map { $0 == row ? Float(1) : 0 } }
        try NPYMatrix(rows: 8, columns: 8, values: rows).write(to: file)
        let job = Job.bridge(
            AdapterJob(
                embeddings: file.path, animals: (0..<4).map { .init(top: [2 * $0], lateral: [2 * $0 + 1]) },
                settings: AdapterSettings {
                    $0.kind = .mlp
                    $0.hidden = 16
                    $0.steps = 200
                }, seed: 1, output: folder.path))
        let (status, events) = try Self.worker("run", input: JSONValue(encoding: job).canonicalText)
        #expect(status == 0)
        #expect(events.contains { $0[path: "progress.unit"] == "steps" })
        #expect(try #require(events.last?[path: "finished.facts.loss"]?.double) < 0.1)
        let lateral = try NPYMatrix.read(AdapterFiles.lateral.url(in: folder)).values
        let top = try NPYMatrix.read(AdapterFiles.top.url(in: folder)).values
        for animal in 0..<4 {
            // A top view's nearest axis is now its animal's flank, and a flank's its animal's top view.
            let (from, to) = (2 * animal, 2 * animal + 1)
            #expect(
                (0..<8).filter { !$0.isMultiple(of: 2) }.allSatisfy { lateral[from * 8 + to] >= lateral[from * 8 + $0] }
            )
            #expect((0..<8).filter { $0.isMultiple(of: 2) }.allSatisfy { top[to * 8 + from] >= top[to * 8 + $0] })
        }
    }

    @Test func `A failure is reported as an event and by the exit code`() throws {
        let pond = try Pond(photographs: 1)
        defer { pond.remove() }
        let job = Job.train(try pond.job(into: "model"))
        let (status, events) = try Self.worker("run", input: JSONValue(encoding: job).canonicalText)
        #expect(status == 1)
        #expect(events.last?[path: "failed._0"]?.string?.contains("training needs at least 2 whales") == true)
    }

    @Test func `An invalid job is refused`() throws {
        let (status, events) = try Self.worker("run", input: #"{"fly":{}}"#)
        #expect(status == 1)
        #expect(events.last?["failed"] != nil)
    }

    @Test func `The worker describes libtorch and every backbone`() throws {
        let (status, events) = try Self.worker("describe", input: "")
        #expect(status == 0)
        let description = try #require(events.first).decoded(as: WorkerDescription.self)
        let lite0 = try #require(description.backbones.first { $0.name == "tf_efficientnet_lite0" })
        #expect(lite0.features == 1280)
        #expect(lite0.multiplyAdds == 383_907_552, "timm's, counted by hooks over its convolutions")
        #expect(lite0.mean == [0.5, 0.5, 0.5])
        #expect(description.devices.contains("cpu"))
    }

    @Test func `A worker whose runner is already gone ends, and a worker under a script stays`() throws {
        func start(_ program: URL, _ arguments: [String], runner: pid_t) throws -> (Process, Pipe) {
            let process = Process(), source = Pipe()
            process.executableURL = program
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment.merging([
                RunnerProcess.variable: "\(runner)"
            ]) { $1 }
            process.standardInput = source
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            return (process, source)
        }
        let worker = Bundle.main.bundleURL.appending(path: "whalebook-worker")
        let gone = Process()
        gone.executableURL = URL(filePath: "/bin/true")
        try gone.run()
        gone.waitUntilExit()
        // The job never comes, so it would wait forever.
        let (orphan, line) = try start(worker, ["run"], runner: gone.processIdentifier)
        for _ in 0..<300 where orphan.isRunning { Thread.sleep(forTimeInterval: 0.1) }
        #expect(!orphan.isRunning)
        try line.fileHandleForWriting.close()
        let (script, _) = try start(
            URL(filePath: "/bin/sh"), ["-c", "\"$0\" describe; exit $?", worker.path],
            runner: ProcessInfo.processInfo.processIdentifier)
        script.waitUntilExit()
        #expect(script.terminationStatus == 0)
    }

    /// Runs the worker built with these tests.
    static func worker(_ command: String, input: String) throws -> (status: Int32, events: [JSONValue]) {
        let process = Process()
        process.executableURL = Bundle.main.bundleURL.appending(path: "whalebook-worker")
        process.arguments = [command]
        let (source, sink) = (Pipe(), Pipe())
        process.standardInput = source
        process.standardOutput = sink
        try process.run()
        try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try source.fileHandleForWriting.close()
        let output = try sink.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        return (process.terminationStatus, try lines.map { try JSONValue(parsing: Data($0.utf8)) })
    }
}
