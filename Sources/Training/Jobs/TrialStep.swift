import Basics
import Networks
import Torch

/// Training steps of invented pictures, to measure what they cost; no weight changes.
struct TrialStep {
    private let model: MemberModel
    private let device: Device
    private let loss: FocalLoss

    init(_ model: MemberModel, on device: Device) {
        self.model = model
        self.device = device
        loss = FocalLoss(model.settings.loss, counts: model.headCounts)
    }

    /// Pictures without content, shape `[batch, 3, side, side]`.
    func pictures(_ batch: Int) throws -> Tensor {
        let side = model.member.imageSize
        return try Tensor(repeating: 0.5, shape: [batch, 3, side, side], on: device).channelsLast()
    }

    /// Computes the gradients of a batch and forgets them; the running statistics of norms change.
    func run(_ pictures: Tensor) throws {
        let mode = Mode.training(Noise(SeededGenerator(seed: 0)))
        let labels = (0..<pictures.shape[0]).map { $0 % max(1, model.headCounts.count) }
        let logits = try model.head.logits(model.network(pictures, mode: mode), labels: labels, mode: mode)
        let value = try loss(logits, labels: labels)
        try value.backward()
        // On a graphics card the step is finished only when its value has arrived.
        _ = try value.item()
        for parameter in model.store.parameters { try parameter.tensor.clearGradient() }
    }

    /// Whether the device's memory holds a batch of this size.
    ///
    /// - Throws: ``TorchError`` for any other failure.
    func fits(_ batch: Int) throws -> Bool {
        do {
            try run(pictures(batch))
            return true
        } catch let error as TorchError where error.isOutOfMemory {
            for parameter in model.store.parameters { try parameter.tensor.clearGradient() }
            return false
        }
    }
}

extension TrainingError.LargeBatch {
    /// Halves a batch that does not fit until one does; `fits` tries one.
    init(
        _ batch: Int, accumulation: Int, device: String, reason: String, fits: (Int) throws -> Bool
    ) rethrows {
        self.init(
            batch: batch, accumulation: accumulation, device: device, reason: reason,
            fitting: try Self.largest(below: batch, fits: fits))
    }

    /// The largest half, quarter and so on of a batch that fits; nil if not even two photographs do, which is the least
    /// for batch norm.
    static func largest(below batch: Int, fits: (Int) throws -> Bool) rethrows -> Int? {
        var size = batch / 2
        while size >= 2 {
            if try fits(size) { return size }
            size /= 2
        }
        return nil
    }
}
