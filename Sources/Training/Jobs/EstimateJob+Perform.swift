import Basics
import Configuration
import Foundation
import Imaging
import Jobs
import Networks
import Torch

extension EstimateJob {
    /// Embeds a few images and takes training steps with them; prepares some photographs on one core.
    ///
    /// The weights stay 0, since drawing those of a large network takes longer than the steps, and neither time nor
    /// memory depends on them.
    ///
    /// - Throws: ``TrainingError``, ``TorchError``, ``CatalogError``, ``FileError``.
    public func perform(report: (Event) -> Void) throws {
        let device = try device.resolved()
        var member = member
        member.weights = .none
        let batch = batch
        let fixed = Memory.residentMegabytes
        let model = try MemberModel(
            member: member, settings: train, seed: 0,
            classes: (0..<classes).map { AnimalClass(name: "\($0)", photographs: 1) }, isToBeLoaded: true,
            computing: precision, on: device)
        let step = TrialStep(model, on: device)
        let images = try step.pictures(batch)
        // Before training, whose peak of memory is larger.
        let folded = FoldedWeights()
        let embedding = try Self.seconds {
            _ = try model.network.embed(images, mirror: false, mode: .serving(folded)).floats()
        }
        let embeddingPeak = Memory.peakMegabytes
        let training = try Self.seconds { try step.run(images) }
        let peak = Memory.peakMegabytes
        let isMeasured = device == .cpu && fixed > 0 && peak > fixed
        let parameters = model.store.parameterCount
        // Weights, and their gradients or folded copies, do not depend on the batch; the other memory is the images'.
        func perPhotograph(_ peak: Double) -> Double? {
            isMeasured ? max(0, peak - fixed - 8e-6 * Double(parameters)) / Double(batch) * 1e6 : nil
        }
        let preparation = try preparation(by: model)
        let facts = EstimateFacts(
            parameters: parameters, fixedBytes: isMeasured ? fixed * 1e6 : nil,
            bytesPerPhotograph: perPhotograph(peak), embeddingBytesPerPhotograph: perPhotograph(embeddingPeak),
            training: training.divided(by: batch), embedding: embedding.divided(by: batch),
            preparation: preparation?.first, repetition: preparation?.again)
        report(.finished(facts: try JSONValue(encoding: facts)))
    }

    /// As many images as fit into ``pixels``, so that small images keep the threads as busy as in a real batch and
    /// large ones take seconds; at least the two that batch norm needs.
    private var batch: Int { min(train.batchSize, max(2, Self.pixels / (member.imageSize * member.imageSize))) }

    private static let pixels = 400_000
    /// The number of batches that count, unless they take longer than ``patience``.
    private static let batches = 3
    private static let patience = 10.0
    private static let photographs = 16

    /// The times of some batches after the first, which also allocates memory.
    private static func seconds(_ work: () throws -> Void) rethrows -> EstimateFacts.Range {
        try work()
        var times: [Double] = []
        repeat {
            let start = ContinuousClock.now
            try work()
            times.append(start.elapsedSeconds)
        } while times.count < batches && times.reduce(0, +) < patience
        return .init(fastest: times.min() ?? 0, slowest: times.max() ?? 0)
    }

    /// The mean time to prepare a photograph for training on one core, from its file and from memory, seconds; nil
    /// without a readable photograph.
    private func preparation(by model: MemberModel) throws -> (first: Double, again: Double)? {
        let catalog = try data.catalog()
        let count = min(Self.photographs, catalog.photographs.count)
        let chosen = (0..<count).map { catalog.file(of: catalog.photographs[$0 * catalog.photographs.count / count]) }
        let loader = try model.loader(cacheLimit: .max)
        let way = Preparation.augmented(Augmentation(train.augment), seed: 0, epoch: 1)
        var first = 0.0, again = 0.0, done = 0.0
        for photograph in chosen {
            let start = ContinuousClock.now
            // A broken photograph stops the training, not its estimate.
            guard (try? loader.picture(of: photograph, preparation: way)) != nil else { continue }
            first += start.elapsedSeconds
            let second = ContinuousClock.now
            _ = try loader.picture(of: photograph, preparation: way)
            again += second.elapsedSeconds
            done += 1
        }
        return done > 0 ? (first / done, again / done) : nil
    }
}

extension EstimateFacts.Range {
    fileprivate func divided(by count: Int) -> Self {
        .init(fastest: fastest / Double(count), slowest: slowest / Double(count))
    }
}
