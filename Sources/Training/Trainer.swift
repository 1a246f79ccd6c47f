import Basics
import Configuration
import Foundation
import Imaging
import Networks
import Torch

/// Moves a model's weights, epoch by epoch.
struct Trainer {
    private let model: MemberModel
    private let device: Device
    private let seed: UInt64
    let photographs: [PhotographFile]
    /// The class of each photograph.
    private let labels: [Int]
    private let loader: PhotographLoader
    let optimizer: Optimizer
    private let loss: FocalLoss
    let scale: LossScale
    private let schedule: Schedule
    private let augmentation: Augmentation
    let batchSize: Int

    /// Steps of an epoch: whole batches alone, since batch statistics of a few photographs mislead.
    let stepsPerEpoch: Int

    /// Prepares a training.
    ///
    /// - Parameters:
    ///   - photographs: Each with its class.
    ///   - scale: By default that of the model's precision.
    init(
        _ model: MemberModel, photographs: [(file: PhotographFile, label: Int)], loader: PhotographLoader, seed: Int,
        scale: LossScale? = nil, on device: Device
    ) throws {
        let settings = model.settings
        self.model = model
        self.device = device
        self.seed = UInt64(bitPattern: Int64(seed))
        self.photographs = photographs.map(\.file)
        labels = photographs.map(\.label)
        self.loader = loader
        batchSize = min(settings.batchSize, photographs.count)
        stepsPerEpoch = photographs.count / batchSize
        schedule = Schedule(settings.schedule, stepsPerEpoch: stepsPerEpoch)
        augmentation = Augmentation(settings.augment)
        loss = FocalLoss(settings.loss, counts: model.headCounts)
        self.scale = scale ?? LossScale(model.precision)
        optimizer = try Optimizer(
            Optimizer.Rule(settings.optimizer.kind),
            groups: Self.groups(model.store.parameters, decay: settings.optimizer.weightDecay))
    }

    /// Runs an epoch to its end, from a place in it.
    ///
    /// - Parameter report: Told after each step where the epoch stands.
    /// - Returns: The end of the epoch.
    /// - Throws: ``TrainingError/notFinite(epoch:loss:)`` and whatever loading, libtorch or `report` throw.
    func run(from start: EpochProgress, step report: (EpochProgress) throws -> Void) throws -> EpochProgress {
        var place = start
        let clock = ContinuousClock.now
        var generator = SeededGenerator(seed: seed, "order", "\(place.epoch)")
        let order = generator.shuffled(photographs.indices)[place.steps * batchSize..<stepsPerEpoch * batchSize]
        let batches = loader.batches(
            of: order.map { photographs[$0] }, batchSize: batchSize,
            preparation: .augmented(augmentation, seed: seed, epoch: place.epoch))
        while place.steps < stepsPerEpoch {
            let waiting = ContinuousClock.now
            guard let batch = try batches.next() else { break }
            place.secondsWaited += waiting.elapsedSeconds
            let images = batch.indices.map { order[order.startIndex + $0] }
            place.lossSum += try step(batch, of: images, at: place)
            place.steps += 1
            place.seconds = start.seconds + clock.elapsedSeconds
            try report(place)
        }
        return place
    }

    /// One step of the optimiser.
    ///
    /// - Returns: The loss before it.
    private func step(_ batch: PixelBatch, of images: [Int], at place: EpochProgress) throws -> Double {
        let number = (place.epoch - 1) * stepsPerEpoch + place.steps
        let mode = Mode.training(Noise(SeededGenerator(seed: seed, "noise", "\(number)")))
        let pixels = try batch.tensor(on: device)
        let isFrozen = place.epoch <= model.settings.schedule.freezeEpochs
        let embeddings =
            isFrozen
            ? try model.network.withBackboneAtRest(pixels, mode: mode) : try model.network(pixels, mode: mode)
        let classes = zip(images, batch.isMirrored).map { image, isMirrored in
            isMirrored && augmentation.flip == .new ? labels[image] + model.classes.count : labels[image]
        }
        let value = try loss(model.head.logits(embeddings, labels: classes, mode: mode), labels: classes)
        let factor = scale.factor
        try (factor == 1 ? value : value * factor).backward()
        let number64 = try value.item()
        guard number64.isFinite else { throw TrainingError.notFinite(epoch: place.epoch, loss: number64) }
        let norm = try optimizer.clipGradients(to: model.settings.optimizer.clipNorm, dividedBy: factor)
        if scale.accepts(norm: norm) { try optimizer.step { rate(of: $0, at: number) } }
        try optimizer.clearGradients()
        return number64
    }

    /// The learning rate of a group at a step.
    func rate(of group: String, at step: Int) -> Double {
        let settings = model.settings.optimizer
        let full = group.hasPrefix("backbone") ? settings.backboneLearningRate : settings.learningRate
        return full * schedule.share(at: step)
    }

    /// Backbone and the rest each at their own rate; biases, norms and the pooling's exponent do not decay.
    private static func groups(_ parameters: [Parameter], decay: Double) -> [Optimizer.Group] {
        let parts = [
            ("backbone", true, true), ("backbone without decay", true, false), ("head", false, true),
            ("head without decay", false, false),
        ]
        return parts.compactMap { name, isBackbone, decays in
            let members = parameters.filter {
                $0.name.hasPrefix("backbone.") == isBackbone && ($0.tensor.shape.count > 1) == decays
            }
            return members.isEmpty
                ? nil : .init(name: name, parameters: members.map(\.tensor), decay: decays ? decay : 0)
        }
    }
}

extension Augmentation {
    fileprivate init(_ settings: AugmentSettings) {
        let flip: Flip =
            switch settings.flip {
            case .off: .off
            case .same: .same
            case .new: .new
            }
        self.init(
            flip: flip, crop: settings.crop, brightness: settings.brightness, contrast: settings.contrast,
            shift: settings.shift, scale: settings.scale, rotate: settings.rotate, cutout: settings.cutout)
    }
}

extension Optimizer.Rule {
    fileprivate init(_ kind: OptimizerSettings.Kind) {
        switch kind {
        case .adamw: self = .adamW
        case .adam: self = .adam
        case .sgd: self = .sgd(momentum: 0.9)
        }
    }
}
