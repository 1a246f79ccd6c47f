import Basics
import Configuration
import Foundation
import Imaging
import Networks
import Torch

/// Trains a model's weights, epoch by epoch.
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
    private let sampler: Sampler
    /// The full learning rate of each group.
    private let rates: [String: Double]
    private let augmentation: Augmentation
    private let batchSize: Int
    /// Batches whose gradients are added up for one step.
    private let batchesPerStep: Int

    /// The weights' running mean, if it is configured.
    let average: WeightAverage?

    /// The number of steps of an epoch, only full ones, since batch statistics of a few photographs mislead.
    let stepsPerEpoch: Int

    /// The number of photographs of a step.
    var photographsPerStep: Int { batchSize * batchesPerStep }

    /// Prepares a training on photographs, each with its class; the default scale is that of the model's precision.
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
        // A balanced batch repeats photographs of animals that have too few.
        batchSize = settings.sampler.kind == .balanced ? settings.batchSize : min(settings.batchSize, photographs.count)
        let batches = max(1, photographs.count / batchSize)
        batchesPerStep = min(settings.accumulation, batches)
        stepsPerEpoch = batches / batchesPerStep
        sampler = Sampler(settings.sampler)
        schedule = Schedule(settings.schedule, stepsPerEpoch: stepsPerEpoch)
        augmentation = Augmentation(settings.augment)
        loss = FocalLoss(settings.loss, counts: model.headCounts)
        self.scale = scale ?? LossScale(model.precision)
        let groups = LayerGroup.groups(model.store.parameters, settings.optimizer)
        rates = Dictionary(uniqueKeysWithValues: groups.map { ($0.group.name, $0.rate) })
        optimizer = try Optimizer(Optimizer.Rule(settings.optimizer), groups: groups.map(\.group))
        average =
            settings.averageDecay > 0
            ? try WeightAverage(of: model.store.tensors, decay: settings.averageDecay) : nil
    }

    /// Runs an epoch to its end, from a place in it; `report` receives the progress after each step.
    ///
    /// - Returns: The progress at the end of the epoch.
    /// - Throws: ``TrainingError/notFinite(_:)``, and the errors of loading, libtorch and `report`.
    func run(from start: EpochProgress, step report: (EpochProgress) throws -> Void) throws -> EpochProgress {
        var place = start
        let clock = ContinuousClock.now
        var generator = SeededGenerator(seed: seed, "order", "\(place.epoch)")
        let draws = sampler.draws(
            labels: labels, batches: stepsPerEpoch * batchesPerStep, of: batchSize, using: &generator
        ).dropFirst(place.steps * photographsPerStep)
        let batches = loader.batches(
            of: draws.map { photographs[$0.photograph].repeated($0.repetition) }, batchSize: batchSize,
            preparation: .augmented(augmentation, seed: seed, epoch: place.epoch))
        while place.steps < stepsPerEpoch {
            var lossSum = 0.0
            for part in 0..<batchesPerStep {
                let waiting = ContinuousClock.now
                guard let batch = try batches.next() else { return place }
                place.secondsWaited += waiting.elapsedSeconds
                let own = batch.indices.map { labels[draws[draws.startIndex + $0].photograph] }
                lossSum += try addGradients(of: batch, own, at: place, part)
            }
            let loss = lossSum / Double(batchesPerStep)
            try step(loss: loss, at: place)
            place.lossSum += loss
            place.steps += 1
            place.seconds = start.seconds + clock.elapsedSeconds
            try report(place)
        }
        return place
    }

    /// The index of a step in the whole training, from 0.
    private func number(of place: EpochProgress) -> Int { (place.epoch - 1) * stepsPerEpoch + place.steps }

    /// Adds the gradients of one of a step's batches to those of the earlier ones.
    ///
    /// - Returns: The batch's loss.
    private func addGradients(
        of batch: PixelBatch, _ labels: [Int], at place: EpochProgress, _ part: Int
    ) throws -> Double {
        let label = "\(number(of: place) * batchesPerStep + part)"
        let mode = Mode.training(Noise(SeededGenerator(seed: seed, "noise", label)))
        let pixels = try batch.tensor(on: device)
        let isFrozen = place.epoch <= model.settings.schedule.freezeEpochs
        let embeddings =
            isFrozen
            ? try model.network.withBackboneAtRest(pixels, mode: mode) : try model.network(pixels, mode: mode)
        let classes = zip(labels, batch.isMirrored).map { label, isMirrored in
            isMirrored && augmentation.flip == .new ? label + model.classes.count : label
        }
        let value = try loss(model.head.logits(embeddings, labels: classes, mode: mode), labels: classes)
        let factor = scale.factor / Double(batchesPerStep)
        try (factor == 1 ? value : value * factor).backward()
        let number = try value.item()
        guard number.isFinite else { throw notFinite(.loss, number, at: place) }
        return number
    }

    /// Updates the weights by the gradients.
    private func step(loss: Double, at place: EpochProgress) throws {
        let number = number(of: place)
        let norm = try optimizer.clipGradients(to: model.settings.optimizer.clipNorm, dividedBy: scale.factor)
        if scale.accepts(norm: norm) {
            guard norm.isFinite else { throw notFinite(.gradients, norm, at: place) }
            try optimizer.step { rate(of: $0, at: number) }
            try average?.update(step: optimizer.steps)
        }
        try optimizer.clearGradients()
    }

    private func notFinite(
        _ quantity: TrainingError.Divergence.Quantity, _ value: Double, at place: EpochProgress
    ) -> TrainingError {
        .notFinite(
            .init(
                quantity: quantity, value: value, epoch: place.epoch, step: place.steps + 1,
                rate: rate(of: LayerGroup.headName, at: number(of: place))))
    }

    /// The learning rate of a group at a step.
    func rate(of group: String, at step: Int) -> Double { (rates[group] ?? 0) * schedule.share(at: step) }
}

extension Augmentation {
    init(_ settings: AugmentSettings) {
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
    fileprivate init(_ settings: OptimizerSettings) {
        switch settings.kind {
        case .adamw: self = .adamW
        case .adam: self = .adam
        case .sgd: self = .sgd(momentum: settings.momentum)
        }
    }
}
