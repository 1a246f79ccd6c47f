import Basics
import Configuration
import Foundation
import Imaging
import Jobs
import Marks
import Matching
import Networks
import Testing
import Torch

@testable import Training

/// Trainings and embeddings that several processes share, on loopback.
@Suite(.serialized) struct RankTests {
    /// Processes that share a job, and what they sent.
    private final class Ranks {
        let processes: [Process]
        private let outputs: [URL]
        private let folder: TemporaryFolder
        /// Longer than any of these jobs takes; a process that hangs is killed.
        private static let limit = 240.0

        /// Starts `count` processes, of one thread each; only the first gets the job. One process is alone.
        init(_ count: Int, _ job: Job, patience: Double = 60) throws {
            folder = try TemporaryFolder("rank-tests")
            let folder = folder.url
            let text = Data(try JSONValue(encoding: job).canonicalText.utf8)
            try text.write(to: folder.appending(path: "job"))
            outputs = (0..<count).map { folder.appending(path: "output-\($0)") }
            processes = try (0..<count).map { rank in
                let place = RankPlace(
                    rank: rank, count: count, file: folder.appending(path: "store").path, patience: patience)
                let process = Process()
                process.executableURL = Bundle.main.bundleURL.appending(path: "whalebook-worker")
                process.arguments = count == 1 ? ["run"] : ["share", "1"]
                process.environment = ProcessInfo.processInfo.environment.merging(place.environment) { $1 }
                    .merging([ThreadCount.variable: "1"]) { $1 }
                process.standardInput =
                    rank == 0
                    ? try FileHandle(forReadingFrom: folder.appending(path: "job")) : FileHandle.nullDevice
                let output = folder.appending(path: "output-\(rank)")
                try Data().write(to: output)
                process.standardOutput = try FileHandle(forWritingTo: output)
                try process.run()
                return process
            }
        }

        /// Waits for all processes.
        func wait() {
            let start = ContinuousClock.now
            for process in processes {
                while process.isRunning, start.elapsedSeconds < Self.limit { Thread.sleep(forTimeInterval: 0.02) }
                if process.isRunning { process.interrupt() }
                process.waitUntilExit()
            }
        }

        func events(of rank: Int) throws -> [JSONValue] {
            try String(contentsOf: outputs[rank], encoding: .utf8).split(separator: "\n").map {
                try JSONValue(parsing: Data($0.utf8))
            }
        }

        /// The failure that a rank reported.
        func failure(of rank: Int) throws -> String? { try events(of: rank).last?[path: "failed._0"]?.string }

        /// The failure, for messages.
        func words(of rank: Int) -> String { (try? failure(of: rank)) ?? "rank \(rank) reported no failure" }

        func remove() {
            for process in processes where process.isRunning { kill(process.processIdentifier, SIGKILL) }
            folder.remove()
        }
    }

    /// Runs a job with so many processes to its end.
    private static func run(_ job: Job, among count: Int) throws {
        let ranks = try Ranks(count, job)
        defer { ranks.remove() }
        ranks.wait()
        for (rank, process) in ranks.processes.enumerated() {
            #expect(process.terminationStatus == 0, "\(ranks.words(of: rank))")
        }
    }

    /// Three steps of eight photographs by plain gradient descent: Adam turns a gradient that is only rounding, such as
    /// that of a bias before batch norm, into a full step. The rate is small because a deep network of random weights
    /// enlarges rounding: at 1e-2 even two threads differ from one by 8e-3 after three steps, as two processes do.
    private static func threeSteps(
        _ pond: Pond, _ options: String = "", backbone: String = "tf_efficientnet_lite0", rate: String = "3e-5",
        into output: String
    ) throws -> TrainJob {
        let settings = try Pond.configuration(
            "  optimizer: {kind: sgd, learning-rate: \(rate), backbone-learning-rate: \(rate)}\n" + options
        ).train
        return try pond.job(
            {
                $0 = settings
                $0.members[0].backbone = backbone
                $0.schedule.epochs = 1
                $0.schedule.warmupEpochs = 0
                $0.members[0].imageSize = 64
            }, into: output)
    }

    /// Paints patches of random colours over all photographs: plain ones differ so little that batch norm, which divides
    /// by the deviation, would enlarge rounding a thousand times.
    private static func repaint(_ pond: Pond) throws {
        for (file, label) in pond.photographs(7) {
            var generator = SeededGenerator(seed: UInt64(label), file.id)
            let patches = (0..<48).map { _ in (0..<3).map { _ in UInt8(generator.integer(in: 0..<256)) } }
            var raster = Raster(width: 48, height: 40)
            for y in 0..<raster.height {
                for x in 0..<raster.width {
                    let colour = patches[y / 7 * 8 + x / 6]
                    raster[x, y] = (colour[0], colour[1], colour[2])
                }
            }
            try AtomicFile.write(raster.jpeg(quality: 90), to: file.url)
        }
    }

    /// The largest differences of any weight and of any running statistic of two models, the latter relative to 1 if it
    /// is larger.
    private static func differences(
        _ pond: Pond, _ one: String, _ other: String
    ) throws -> (weights: Float, statistics: Float) {
        let models = try [one, other].map { try MemberModel.read(pond.directory.appending(path: $0), on: .cpu) }
        func largest(_ tensors: [[(name: String, tensor: Tensor)]], relative: Bool) throws -> Float {
            try zip(tensors[0], tensors[1]).map { one, other in
                #expect(one.name == other.name)
                return zip(try one.tensor.floats(), try other.tensor.floats()).map {
                    abs($0 - $1) / (relative ? max(1, abs($0)) : 1)
                }.max() ?? 0
            }.max() ?? .infinity
        }
        return (
            try largest(models.map { $0.store.parameters.map { ($0.name, $0.tensor) } }, relative: false),
            try largest(models.map(\.store.buffers), relative: true)
        )
    }

    @Test(
        arguments: [
            "", "  loss: {class-weights: balanced}\n", "  loss: {reduction: batch, class-weights: balanced}\n",
            "  accumulation: 3\n  augment: {flip: new}\n  average-decay: 0.9\n",
        ])
    func `Two processes with half the batch each give the weights of one with the whole batch`(options: String) throws {
        let pond = try Pond(photographs: 7)
        defer { pond.remove() }
        try Self.repaint(pond)
        try Self.run(.train(Self.threeSteps(pond, options, into: "one")), among: 1)
        try Self.run(.train(Self.threeSteps(pond, options, into: "two")), among: 2)
        let (weights, statistics) = try Self.differences(pond, "one", "two")
        #expect(weights < 1e-5)
        // Fifty layers enlarge the rounding of the first, and so that of a loss near 10.
        #expect(statistics < 1e-2)
        let losses = try Self.losses(pond)
        #expect(abs(losses[0] - losses[1]) < 0.02, "\(losses)")
    }

    /// The losses of the first epoch of the models `one` and `two`, whose histories agree otherwise.
    private static func losses(_ pond: Pond) throws -> [Double] {
        let histories = try ["one", "two"].map {
            try CSVTable.read(pond.directory.appending(path: "\($0)/history.csv")).rows[0]
        }
        #expect(histories[0][..<5] == histories[1][..<5])
        return try histories.map { try #require(Double($0[5])) }
    }

    /// Layer norm enlarges nothing, so the tolerances are those of single precision although the rate is a usual one,
    /// at which a wrong share of any gradient shows. The neck's batch norm is shared.
    @Test(
        arguments: [
            "", "  loss: {class-weights: balanced}\n", "  loss: {reduction: batch, class-weights: balanced}\n",
            "  accumulation: 3\n  augment: {flip: new}\n",
        ])
    func `Without batch norm in the backbone two processes agree with one to rounding`(options: String) throws {
        let pond = try Pond(photographs: 7)
        defer { pond.remove() }
        try Self.repaint(pond)
        for (count, output) in [(1, "one"), (2, "two")] {
            var job = try Self.threeSteps(pond, options, backbone: "convnext_atto", rate: "1e-2", into: output)
            job.train.neck.dropout = 0.3
            try Self.run(.train(job), among: count)
        }
        let (weights, statistics) = try Self.differences(pond, "one", "two")
        let losses = try Self.losses(pond)
        #expect(weights < 1e-6 && statistics < 1e-5 && abs(losses[0] - losses[1]) < 1e-4, "\(weights) \(statistics)")
    }

    @Test func `Statistics of each process's own photographs give other weights`() throws {
        let pond = try Pond(photographs: 7)
        defer { pond.remove() }
        try Self.repaint(pond)
        try Self.run(.train(Self.threeSteps(pond, into: "whole")), among: 2)
        try Self.run(.train(Self.threeSteps(pond, "  statistics: process\n", into: "own")), among: 2)
        let (weights, statistics) = try Self.differences(pond, "whole", "own")
        #expect(weights > 3e-5 && statistics > 0.1)
    }

    @Test func `Three processes write the embeddings of one`() throws {
        // Two batches, so that one process has none.
        let pond = try Pond(photographs: 9)
        defer { pond.remove() }
        let model = EmbedJob.Model.trained(directory: try pond.storedModel(Pond.configuration().train).path)
        try pond.cut("w1n2")
        func bytes(_ count: Int) throws -> [Data] {
            let output = pond.directory.appending(path: "\(count).npy")
            let job = EmbedJob(
                data: DataSettings(folder: pond.directory.path), model: model, mirror: false, skipsBroken: true,
                device: .cpu, precision: .float32, output: output.path)
            try Self.run(.embed(job), among: count)
            return [try Data(contentsOf: output), try Data(contentsOf: pond.directory.appending(path: "\(count).csv"))]
        }
        let one = try bytes(1)
        #expect(try NPYMatrix.read(pond.directory.appending(path: "1.npy")).rows == 35)
        #expect(try bytes(2) == one)
        #expect(try bytes(3) == one)
    }

    @Test func `A broken photograph of one process stops all with its name`() throws {
        let pond = try Pond(photographs: 7)
        defer { pond.remove() }
        try pond.cut("w3n1")
        let ranks = try Ranks(2, .train(Self.threeSteps(pond, into: "model")))
        defer { ranks.remove() }
        ranks.wait()
        #expect(ranks.processes.map(\.terminationStatus) == [1, 1])
        #expect(try ranks.failure(of: 0)?.contains("w3n1.jpg") == true)
    }

    @Test func `If a process is killed the other names it, and the training resumes with another number`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        var job = try pond.job({ $0.schedule.epochs = 12 }, into: "model")
        job.checkpoints = CheckpointSettings { $0.minutes = 1e-9 }
        let ranks = try Ranks(2, .train(job))
        defer { ranks.remove() }
        let start = ContinuousClock.now
        while try ranks.events(of: 0).count < 6, start.elapsedSeconds < 120 { Thread.sleep(forTimeInterval: 0.05) }
        kill(ranks.processes[1].processIdentifier, SIGKILL)
        let killed = ContinuousClock.now
        ranks.wait()
        #expect(killed.elapsedSeconds < 30)
        #expect(ranks.processes[0].terminationStatus == 1)
        let words = try #require(try ranks.failure(of: 0))
        #expect(words.hasPrefix("Rank 1 of 2 processes is gone"), "\(words)")
        let again = try Ranks(3, .train(job))
        defer { again.remove() }
        again.wait()
        #expect(again.processes.map(\.terminationStatus) == [0, 0, 0], "\(again.words(of: 0))")
        let messages = try again.events(of: 0).compactMap { $0[path: "message._0"]?.string }
        #expect(messages.first?.hasPrefix("resumes in epoch") == true, "\(messages.first ?? "")")
        #expect(try CSVTable.read(pond.directory.appending(path: "model/history.csv")).rows.count == 12)
    }

    @Test func `If a process is killed while marks are matched, the other names it`() throws {
        let folder = try TemporaryFolder("marks")
        defer { folder.remove() }
        func file(_ name: String) -> URL { folder.url.appending(path: name) }
        let (columns, count) = (128, 500)
        var generator = SeededGenerator(seed: 1)
        let numbers = (0..<count * columns + 16).map { _ in UInt8(generator.integer(in: 0..<256)) }
        let ids = (0..<16).map { "p\($0)" }
        try FeatureFileWriter.write(to: file("features.bin"), extractor: "drawn", columns: columns) { writer in
            for (start, id) in ids.enumerated() {
                let marks = (0..<count).map {
                    Keypoint(x: Float16($0 % 50), y: Float16($0 / 50), size: 4, angle: 0, strength: 1)
                }
                let features = try LocalFeatures(
                    width: 50, height: 50, keypoints: marks, columns: columns,
                    descriptors: Data(numbers[start..<start + count * columns]))
                try writer.append(features, id: id)
            }
        }
        // Each photograph again and again, for a minute's work.
        let pairs = PhotographPairs(queries: (0..<250).flatMap { _ in ids }, database: ids)
        try AtomicFile.write(JSONValue(encoding: [pairs]).canonicalText, to: file("pairs.json"))
        let job = MatchJob(
            features: file("features.bin").path, settings: MatchSettings(),
            tables: [.init(pairs: file("pairs.json").path, output: file("scores.npy").path)])
        let ranks = try Ranks(2, .match(job))
        defer { ranks.remove() }
        let start = ContinuousClock.now
        while try ranks.events(of: 0).isEmpty, start.elapsedSeconds < 120 { Thread.sleep(forTimeInterval: 0.05) }
        kill(ranks.processes[1].processIdentifier, SIGKILL)
        ranks.wait()
        #expect(ranks.processes[0].terminationStatus == 1)
        let words = try #require(try ranks.failure(of: 0))
        #expect(words.hasPrefix("Rank 1 of 2 processes is gone"), "\(words)")
        #expect(!FileManager.default.fileExists(atPath: file("scores.npy").path))
    }

    @Test func `A slow process is named, and the facts have the time of each`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let ranks = try Ranks(2, .train(pond.job({ $0.schedule.epochs = 6 }, into: "model")))
        defer { ranks.remove() }
        // It computes for a quarter of the time.
        let slow = ranks.processes[1]
        while slow.isRunning {
            kill(slow.processIdentifier, SIGSTOP)
            Thread.sleep(forTimeInterval: 0.03)
            kill(slow.processIdentifier, SIGCONT)
            Thread.sleep(forTimeInterval: 0.01)
        }
        ranks.wait()
        let events = try ranks.events(of: 0)
        let messages = events.compactMap { $0[path: "message._0"]?.string }
        #expect(messages.contains { $0.hasPrefix("rank 1 takes ") }, "\(messages)")
        let times = try #require(events.last?[path: "finished.facts.seconds_per_step"]?.numbers)
        #expect(times.count == 2 && times[1] > RankPace.limit * times[0], "\(times)")
    }

    @Test func `A process that stops responding is named within the time limit`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let ranks = try Ranks(2, .train(pond.job({ $0.schedule.epochs = 400 }, into: "model")), patience: 5)
        defer { ranks.remove() }
        let start = ContinuousClock.now
        while try ranks.events(of: 0).count < 3, start.elapsedSeconds < 120 { Thread.sleep(forTimeInterval: 0.05) }
        kill(ranks.processes[1].processIdentifier, SIGSTOP)
        while ranks.processes[0].isRunning, start.elapsedSeconds < 180 { Thread.sleep(forTimeInterval: 0.05) }
        kill(ranks.processes[1].processIdentifier, SIGKILL)
        ranks.wait()
        let words = try #require(try ranks.failure(of: 0))
        #expect(words.hasPrefix("Rank 1 of 2 processes is gone: no sign of life for"), "\(words)")
    }

    @Test func `A missing process is named, and so is a batch that is too small`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let many = try Ranks(5, .train(pond.job(into: "model")))
        defer { many.remove() }
        many.wait()
        #expect(try many.failure(of: 0)?.contains("5 processes cannot share batches of 8 photographs") == true)
        let folder = try TemporaryFolder("alone")
        defer { folder.remove() }
        let meeting = try RankMeeting(
            RankPlace(rank: 0, count: 3, file: folder.url.appending(path: "store").path, patience: 1))
        #expect(throws: RankFailure.missing([1, 2], count: 3, seconds: 1)) {
            _ = try meeting.group(job: 1) { _ in }
        }
    }
}
