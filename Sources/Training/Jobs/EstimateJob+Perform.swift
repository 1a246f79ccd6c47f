import Basics
import Configuration
import Foundation
import Imaging
import Jobs
import Networks
import Torch

extension EstimateJob {
    /// Takes two training steps of a few images and embeds them twice; times the second of each.
    ///
    /// The weights stay 0, since drawing those of a large network takes longer than the step, and neither time nor
    /// memory depends on them.
    ///
    /// - Throws: ``TrainingError``, ``TorchError``.
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
        let shape = [batch, 3, member.imageSize, member.imageSize]
        let images = try Tensor(repeating: 0.5, shape: shape, on: device).channelsLast()
        let labels = (0..<batch).map { $0 % classes }
        let loss = FocalLoss(train.loss, counts: model.headCounts)
        let training = try Self.secondsOfSecond {
            let mode = Mode.training(Noise(SeededGenerator(seed: 0)))
            let logits = try model.head.logits(model.network(images, mode: mode), labels: labels, mode: mode)
            let value = try loss(logits, labels: labels)
            try value.backward()
            // On a graphics card the step is finished only when its value has arrived.
            _ = try value.item()
            for parameter in model.store.parameters { try parameter.tensor.clearGradient() }
        }
        let peak = Memory.peakMegabytes
        let folded = FoldedWeights()
        let embedding = try Self.secondsOfSecond {
            _ = try model.network.embed(images, mirror: false, mode: .serving(folded)).floats()
        }
        let parameters = model.store.parameterCount
        // Weights and gradients do not depend on the batch; the rest of the memory is the images'.
        let ofImages = peak - fixed - 8e-6 * Double(parameters)
        let isMeasured = device == .cpu && fixed > 0 && peak > fixed
        let facts = EstimateFacts(
            parameters: parameters, fixedBytes: isMeasured ? fixed * 1e6 : nil,
            bytesPerPhotograph: isMeasured ? max(0, ofImages) / Double(batch) * 1e6 : nil,
            trainingSeconds: training / Double(batch), embeddingSeconds: embedding / Double(batch))
        report(.finished(facts: try JSONValue(encoding: facts)))
    }

    /// As many images as fit into ``pixels``, so that small images keep the threads as busy as in a real batch and
    /// large ones take seconds; at least the two that batch norm needs.
    private var batch: Int { min(train.batchSize, max(2, Self.pixels / (member.imageSize * member.imageSize))) }

    private static let pixels = 400_000

    private static func secondsOfSecond(_ work: () throws -> Void) rethrows -> Double {
        try work()
        let start = ContinuousClock.now
        try work()
        return start.elapsedSeconds
    }
}
