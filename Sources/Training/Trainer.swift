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
    private let photographs: [PhotographFile]
    /// The class of each photograph.
    private let labels: [Int]
    private let loader: PhotographLoader
    private let optimizer: Optimizer
    private let loss: FocalLoss
    private let scale: LossScale
    private let schedule: Schedule
    private let augmentation: Augmentation
    private let batchSize: Int

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

    /// Runs one epoch.
    ///
    /// - Parameter step: Told after each step how many photographs are done and the mean loss so far.
    /// - Returns: The mean loss.
    /// - Throws: ``TrainingError/notFinite(epoch:loss:)`` and whatever loading or libtorch throw.
    func run(epoch: Int, step report: (_ done: Int, _ loss: Double) -> Void) throws -> Double {
        var generator = SeededGenerator(seed: seed, "order", "\(epoch)")
        let order = generator.shuffled(photographs.indices).prefix(stepsPerEpoch * batchSize)
        let batches = loader.batches(
            of: order.map { photographs[$0] }, batchSize: batchSize,
            preparation: .augmented(augmentation, seed: seed, epoch: epoch))
        let isFrozen = epoch <= model.settings.schedule.freezeEpochs
        var total = 0.0
        for position in 0..<stepsPerEpoch {
            guard let batch = try batches.next() else { break }
            let number = (epoch - 1) * stepsPerEpoch + position
            let mode = Mode.training(Noise(SeededGenerator(seed: seed, "noise", "\(number)")))
            let images = try batch.tensor(on: device)
            let embeddings =
                isFrozen
                ? try model.network.withBackboneAtRest(images, mode: mode) : try model.network(images, mode: mode)
            let classes = zip(batch.indices, batch.isMirrored).map { index, isMirrored in
                let label = labels[order[order.startIndex + index]]
                return isMirrored && augmentation.flip == .new ? label + model.classes.count : label
            }
            let value = try loss(model.head.logits(embeddings, labels: classes, mode: mode), labels: classes)
            let factor = scale.factor
            try (factor == 1 ? value : value * factor).backward()
            let number64 = try value.item()
            guard number64.isFinite else { throw TrainingError.notFinite(epoch: epoch, loss: number64) }
            let norm = try optimizer.clipGradients(to: model.settings.optimizer.clipNorm, dividedBy: factor)
            if scale.accepts(norm: norm) { try optimizer.step { rate(of: $0, at: number) } }
            try optimizer.clearGradients()
            total += number64
            report((position + 1) * batchSize, total / Double(position + 1))
        }
        return total / Double(stepsPerEpoch)
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
            hue: settings.hue, saturation: settings.saturation, jpegQuality: settings.jpegQuality,
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
