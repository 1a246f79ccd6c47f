import Algorithms
import Basics
import Configuration
import Foundation
import Imaging
import Jobs
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
    /// The processes that share every batch.
    private let ranks: RankGroup?
    /// The times of this process among them.
    let pace: RankPace?
    /// Batches whose gradients are added up for one step.
    private let batchesPerStep: Int

    /// The photographs' features after a frozen backbone; nil if it trains, or if they do not fit in memory.
    private var frozen: FrozenFeatures?

    /// The weights' running mean, if it is configured.
    let average: WeightAverage?

    /// The number of steps of an epoch, only full ones, since batch statistics of a few photographs mislead.
    let stepsPerEpoch: Int

    /// The number of photographs of a step.
    var photographsPerStep: Int { batchSize * batchesPerStep }

    /// Prepares a training on photographs, each with its class; the default scale is that of the model's precision.
    init(
        _ model: MemberModel, photographs: [(file: PhotographFile, label: Int)], loader: PhotographLoader, seed: Int,
        scale: LossScale? = nil, sharedBy ranks: RankGroup? = nil, on device: Device
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
        self.ranks = ranks
        pace = ranks.map(RankPace.init)
        if let processes = ranks?.place.count, batchSize < 2 * processes {
            throw TrainingError.batchTooSmall(batch: batchSize, processes: processes)
        }
        let batches = max(1, photographs.count / batchSize)
        batchesPerStep = min(settings.accumulation, batches)
        stepsPerEpoch = batches / batchesPerStep
        sampler = Sampler(settings.sampler)
        schedule = Schedule(settings.schedule, stepsPerEpoch: stepsPerEpoch)
        augmentation = Augmentation(settings.augment, isFrozen: settings.freeze == .backbone)
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
        let next =
            frozen.map { batches(of: draws, from: $0, epoch: place.epoch) } ?? batches(of: draws, epoch: place.epoch)
        while place.steps < stepsPerEpoch {
            var lossSum = 0.0
            pace?.begin()
            for part in 0..<batchesPerStep {
                let waiting = ContinuousClock.now
                guard let batch = try next() else { return place }
                place.secondsWaited += waiting.elapsedSeconds
                lossSum += try addGradients(of: batch, at: place, part)
            }
            if let ranks { lossSum = try ranks.processes.sum(lossSum) }
            let loss = lossSum / Double(batchesPerStep)
            guard loss.isFinite else { throw notFinite(.loss, loss, at: place) }
            try step(loss: loss, at: place)
            pace?.end()
            place.lossSum += loss
            place.steps += 1
            place.seconds = start.seconds + clock.elapsedSeconds
            try report(place)
        }
        return place
    }

    /// Computes the photographs' features after the frozen backbone, once for all epochs.
    ///
    /// - Returns: How photographs are treated, in words.
    /// - Throws: Errors of loading and libtorch.
    mutating func computeFeatures(limit: Int = FrozenFeatures.limit, _ report: (Event) -> Void) throws -> String {
        let count = photographs.count
        let clock = ContinuousClock.now
        // Pictures as for a training that changes nothing. Its seed and epoch have no effect.
        let preparation = Preparation.augmented(Augmentation(), seed: 0, epoch: 0)
        do {
            frozen = try FrozenFeatures(
                of: photographs, loader: loader, preparation: preparation, mirrored: augmentation.flip != .off,
                limit: limit, on: device,
                progress: { done in
                    report(
                        .progress(
                            done: done, total: count, unit: "photographs", rate: Double(done) / clock.elapsedSeconds,
                            note: "features of the frozen backbone"))
                },
                compute: { try model.network.features(of: $0, model.frozenPart) })
        } catch let error as FrozenFeatures.TooLarge {
            return "the backbone is frozen, but its features take \(NumberText.bytes(error.bytes)), more than the "
                + "\(NumberText.bytes(Double(limit))) that are kept, so they are computed again in each epoch (with "
                + "train.pooling.learned: false they are smaller); \(remark)"
        }
        let images = augmentation.flip == .off ? "" : " and of their mirror images"
        return
            "the backbone is frozen: its features of \(NumberText.counted(count, "photograph", "photographs"))\(images) "
            + "were computed once; \(remark)"
    }

    private var remark: String {
        augmentation.flip == .off
            ? "photographs are not augmented" : "photographs are augmented only by train.augment.flip"
    }

    /// One of a step's batches.
    private struct Batch {
        /// The class of each photograph of this process's part, without regard to mirroring.
        let labels: [Int]
        /// The class of each photograph of the whole batch.
        let all: [Int]
        let isMirrored: [Bool]
        let embeddings: (Mode) throws -> Tensor
    }

    /// The batches of some draws of an epoch, from the photographs, one by one.
    private func batches(of draws: ArraySlice<Sampler.Draw>, epoch: Int) -> () throws -> Batch? {
        let rows = part?.rows ?? 0..<batchSize
        let own = draws.chunks(ofCount: batchSize).flatMap { $0.dropFirst(rows.lowerBound).prefix(rows.count) }
        let batches = loader.batches(
            of: own.map { photographs[$0.photograph].repeated($0.repetition) }, batchSize: rows.count,
            preparation: .augmented(augmentation, seed: seed, epoch: epoch))
        let isFrozen = model.settings.freeze == .backbone || epoch <= model.settings.schedule.freezeEpochs
        return {
            try batches.next().map { batch in
                let whole = draws.dropFirst(batch.indices.lowerBound / rows.count * batchSize).prefix(batchSize)
                return Batch(
                    labels: batch.indices.map { labels[own[$0].photograph] }, all: whole.map { labels[$0.photograph] },
                    isMirrored: batch.isMirrored
                ) { mode in
                    let pixels = try batch.tensor(on: device)
                    return isFrozen
                        ? try model.network.withBackboneAtRest(pixels, mode: mode)
                        : try model.network(pixels, mode: mode)
                }
            }
        }
    }

    /// The same from features after the frozen backbone.
    private func batches(
        of draws: ArraySlice<Sampler.Draw>, from frozen: FrozenFeatures, epoch: Int
    ) -> () throws -> Batch? {
        var chunks = draws.chunks(ofCount: batchSize).makeIterator()
        let part = part?.rows ?? 0..<batchSize
        return {
            guard let whole = chunks.next() else { return nil }
            let own = whole.dropFirst(part.lowerBound).prefix(part.count)
            let isMirrored = own.map { draw in
                augmentation.draw(
                    seed: seed, epoch: epoch, imageID: photographs[draw.photograph].id, repetition: draw.repetition
                ).isMirrored
            }
            return Batch(
                labels: own.map { labels[$0.photograph] }, all: whole.map { labels[$0.photograph] },
                isMirrored: isMirrored
            ) { mode in
                let rows = try frozen.rows(zip(own, isMirrored).map { ($0.photograph, $1) })
                return try model.network.embeddings(of: rows, model.frozenPart, mode: mode)
            }
        }
    }

    /// The index of a step in the whole training, from 0.
    private func number(of place: EpochProgress) -> Int { (place.epoch - 1) * stepsPerEpoch + place.steps }

    /// This process's part of a batch; nil if it has all of it.
    private var part: BatchPart? { ranks?.part(of: batchSize) }

    /// Adds the gradients of one of a step's batches, or of this process's part of it, to those of the earlier ones.
    ///
    /// - Returns: The batch's loss, or the part's share of it.
    private func addGradients(of batch: Batch, at place: EpochProgress, _ position: Int) throws -> Double {
        let label = "\(number(of: place) * batchesPerStep + position)"
        let mode = Mode.training(
            Noise(SeededGenerator(seed: seed, "noise", label), of: part),
            statistics: model.settings.statistics == .batch ? ranks?.processes : nil)
        let embeddings = try batch.embeddings(mode)
        let classes = zip(batch.labels, batch.isMirrored).map { label, isMirrored in
            isMirrored && augmentation.flip == .new ? label + model.classes.count : label
        }
        let logits = try model.head.logits(embeddings, labels: classes, mode: mode)
        let value =
            if let ranks {
                try loss.part(logits, labels: classes, of: batch.all, over: ranks.processes)
            } else {
                try loss(logits, labels: classes)
            }
        let factor = scale.factor / Double(batchesPerStep)
        try (factor == 1 ? value : value * factor).backward()
        return try value.item()
    }

    /// Updates the weights by the gradients.
    private func step(loss: Double, at place: EpochProgress) throws {
        let number = number(of: place)
        try ranks?.processes.sumGradients(of: model.store.parameters.map(\.tensor))
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
    /// The configured changes; before a frozen backbone, whose features are kept, only mirroring.
    init(_ settings: AugmentSettings, isFrozen: Bool = false) {
        let flip: Flip =
            switch settings.flip {
            case .off: .off
            case .same: .same
            case .new: .new
            }
        guard !isFrozen else {
            self.init(flip: flip)
            return
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
