import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Jobs
import Networks
import Testing
import Torch

@testable import Training

/// The effects of the loop's options on a training.
struct LoopTests {
    private static func model(
        _ settings: TrainSettings, photographs: Int = 1
    ) throws -> MemberModel {
        try MemberModel(
            member: settings.members[0], settings: settings, seed: 1,
            classes: (0..<4).map { AnimalClass(name: "w\($0)", photographs: photographs) }, on: .cpu)
    }

    private static func trainer(_ model: MemberModel, _ pond: Pond) throws -> Trainer {
        try Trainer(model, photographs: pond.photographs(4), loader: model.loader(cacheLimit: 0), seed: 1, on: .cpu)
    }

    @Test func `Accumulated batches move the weights by their mean gradient`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        // Plain steps, so that a difference of weights equals a gradient.
        let options = """
              optimizer: {kind: sgd, momentum: 0, weight-decay: 0, clip-norm: 0, learning-rate: 1e-3,
                          backbone-learning-rate: 1e-3}

            """
        var starts: [[Float]] = []
        func moved(_ accumulation: Int, from place: EpochProgress) throws -> [[Float]] {
            var settings = try Pond.configuration(options).train
            settings.accumulation = accumulation
            settings.schedule.warmupEpochs = 0
            // A schedule that is constant within an epoch.
            settings.schedule.kind = .writeUp
            let model = try Self.model(settings)
            let start = try model.store.parameters.map { try $0.tensor.floats() }
            starts = start
            var isDone = false
            struct Enough: Error {}
            do {
                _ = try Self.trainer(model, pond).run(from: place) { _ in
                    isDone = true
                    throw Enough()
                }
            } catch is Enough {}
            #expect(isDone)
            return try zip(model.store.parameters, start).map { parameter, start in
                zip(try parameter.tensor.floats(), start).map { $0 - $1 }
            }
        }
        let first = try moved(1, from: EpochProgress(epoch: 1))
        let second = try moved(1, from: EpochProgress(epoch: 1, steps: 1))
        let both = try moved(2, from: EpochProgress(epoch: 1))
        var largest: Float = 0
        for index in both.indices {
            for (place, found) in both[index].enumerated() {
                let mean = (first[index][place] + second[index][place]) / 2
                largest = max(largest, abs(mean))
                // Differences of single-precision numbers: a few units in the last place of the new weight, or of 1 if
                // it is smaller. Some weights go from 0.01 to 10.
                let size = max(1, abs(starts[index][place]) + abs(mean))
                #expect(abs(found - mean) < 8 * Float.ulpOfOne * size)
            }
        }
        #expect(largest > 1e-4)
    }

    @Test func `Accumulation makes fewer steps of more photographs`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        var settings = try Pond.configuration().train
        settings.batchSize = 4
        settings.accumulation = 3
        let trainer = try Self.trainer(Self.model(settings), pond)
        #expect(trainer.stepsPerEpoch == 1 && trainer.photographsPerStep == 12)
        #expect(try trainer.run(from: EpochProgress(epoch: 1)) { _ in }.steps == 1)
        settings.accumulation = 9
        #expect(try Self.trainer(Self.model(settings), pond).photographsPerStep == 16, "at most all photographs")
    }

    @Test func `The weights' mean follows them, takes their place, and then restores them`() throws {
        let tensor = try Tensor([1, 5] as [Float], shape: [2])
        let average = try WeightAverage(of: [("w", tensor)], decay: 0.5)
        // d = min(0.5, (1 + t) / (10 + t)): 2/11, 3/12, 4/13 for the first steps.
        var expected = [1.0, 5.0]
        for step in 1...20 {
            try tensor.assign(Tensor([Float(step), -Float(step)], shape: [2]))
            try average.update(step: step)
            let decay = min(0.5, Double(1 + step) / Double(10 + step))
            expected = zip(expected, [Double(step), -Double(step)]).map { decay * $0 + (1 - decay) * $1 }
        }
        try average.inPlace {
            for (found, wanted) in zip(try tensor.doubles(), expected) {
                // Single precision near 20, twenty steps.
                #expect(abs(found - wanted) < 1e-4)
            }
        }
        #expect(try tensor.floats() == [20, -20])
        struct Wrong: Error {}
        #expect(throws: Wrong.self) { try average.inPlace { throw Wrong() } }
        #expect(try tensor.floats() == [20, -20])
    }

    @Test func `Training stores the mean if it is configured`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        func weights(decay: Double, into output: String) throws -> Data {
            try pond.job({ $0.averageDecay = decay }, into: output).perform { _ in }
            return try Data(contentsOf: pond.directory.appending(path: "\(output)/model.safetensors"))
        }
        #expect(try weights(decay: 0.9, into: "mean") != weights(decay: 0, into: "last"))
    }

    @Test func `A frozen backbone gets no gradient and keeps its statistics`() throws {
        let settings = try Pond.configuration().train
        let model = try Self.model(settings)
        let before = try model.store.buffers.map { try $0.tensor.floats() }
        let images = try Tensor((0..<2 * 3 * 32 * 32).map { sin(Float($0)) }, shape: [2, 3, 32, 32])
        let mode = Mode.training(Noise(SeededGenerator(seed: 1)))
        try model.network.withBackboneAtRest(images, mode: mode).sum().backward()
        for parameter in model.store.parameters where parameter.name.hasPrefix("backbone.") {
            #expect(try parameter.tensor.gradient() == nil, "\(parameter.name)")
        }
        for (buffer, old) in zip(model.store.buffers, before) where buffer.name.hasPrefix("backbone.") {
            #expect(try buffer.tensor.floats() == old, "\(buffer.name)")
        }
        let projection = try #require(model.store.parameters.first { $0.name == "neck.projection.weight" })
        #expect(try projection.tensor.gradient() != nil)
    }

    @Test func `A photograph that repeats in an epoch is augmented differently`() throws {
        let augmentation = Augmentation(brightness: 0.5, shift: 0.2)
        func draw(_ repetition: Int) -> AugmentationDraw {
            augmentation.draw(seed: 1, epoch: 2, imageID: "a", repetition: repetition)
        }
        #expect(draw(0) == augmentation.draw(seed: 1, epoch: 2, imageID: "a"))
        #expect(draw(1) != draw(0) && draw(2) != draw(1))
    }

    @Test(arguments: ["adam", "sgd"])
    func `A balanced training with every option of the loop lowers the loss`(kind: String) throws {
        let pond = try Pond(photographs: 9)
        defer { pond.remove() }
        // At a third of this rate, twelve epochs of two steps have less effect than the noise between batches.
        let rate = kind == "sgd" ? "3e-2" : "1e-3"
        let settings = try Pond.configuration(
            """
              optimizer: {kind: \(kind), learning-rate: \(rate), head-learning-rate: \(rate), layer-decay: 0.9,
                          backbone-learning-rate: \(rate), decays: all, weight-decay: 1e-6}
              sampler: {kind: balanced, images: 2}
              accumulation: 2
              average-decay: 0.5
              selection: {measure: scenarios, every: 3}

            """
        ).train
        let job = try pond.job(
            {
                $0 = settings
                $0.members[0].imageSize = 64
                $0.schedule.epochs = 12
                $0.augment.crop = 1
            }, into: "model")
        try job.perform { _ in }
        let history = try CSVTable.read(pond.directory.appending(path: "model/history.csv"))
        let losses = history.rows.compactMap { Double($0[5]) }
        #expect(losses.suffix(3).reduce(0, +) / 3 < 0.8 * losses[0], "\(losses)")
        #expect(history.rows.map { !$0[6].isEmpty } == (1...12).map { $0 % 3 == 0 })
        let waiting = history.rows.compactMap { Double($0[9]) }
        #expect(waiting.count == 12 && waiting.allSatisfy { (0...1).contains($0) })
    }

    @Test func `Training stops early if validation does not improve`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        var facts: JSONValue?
        let job = try pond.job(
            {
                // A network that does not change has the same validation forever.
                $0.optimizer.learningRate = 0
                $0.optimizer.backboneLearningRate = 0
                $0.schedule.epochs = 30
                $0.schedule.freezeEpochs = 30
                $0.selection.every = 1
                $0.selection.patience = 3
            }, into: "model")
        var messages: [String] = []
        try job.perform { event in
            switch event {
            case .finished(let found): facts = found
            case .message(let text): messages.append(text)
            default: break
            }
        }
        let epochs = try CSVTable.read(pond.directory.appending(path: "model/history.csv")).rows.count
        let best = try #require(facts?["best_epoch"]?.integer)
        #expect(epochs == best + 3 && epochs < 30)
        #expect(facts?["epochs"]?.integer == epochs)
        #expect(messages.last == "stops after epoch \(epochs): no better validation since \(best)")
        // Run again from its own checkpoints, it has nothing left to do.
        try job.perform { _ in }
        #expect(try CSVTable.read(pond.directory.appending(path: "model/history.csv")).rows.count == epochs)
    }

    @Test func `An infinite loss stops the training with step, rate and the last good checkpoint`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        var job = try pond.job(
            {
                $0.optimizer.learningRate = 1e30
                $0.optimizer.backboneLearningRate = 1e30
                $0.optimizer.clipNorm = 0
                $0.schedule.warmupEpochs = 0
            }, into: "model")
        job.checkpoints.minutes = 1e-9
        let error = #expect(throws: TrainingError.self) { try job.perform { _ in } }
        guard case .notFinite(let divergence)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(divergence.epoch == 1 && divergence.step == 2 && divergence.rate > 1e29)
        #expect(divergence.checkpoint?.hasSuffix("checkpoints/epoch-000001-step-00000001.safetensors") == true)
        #expect("\(divergence)".contains("in step 2 of epoch 1, at a learning rate of"))
    }
}
