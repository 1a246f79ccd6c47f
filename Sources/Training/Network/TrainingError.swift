import Basics

/// The reason why a training could not start or continue.
public enum TrainingError: ErrorWithLines, Equatable, CustomStringConvertible {
    case tooFewPhotographs(count: Int, whales: Int)
    case batchTooSmall(batch: Int, processes: Int)
    case notFinite(Divergence)
    case unknownPhotograph(id: String, list: String)
    case noClass(photograph: String, whale: String, list: String)
    /// Each with its id and its defect.
    case brokenPhotographs([String])
    case noGraphicsCard(device: String, count: Int)
    /// A batch that the device's memory does not hold.
    case tooLargeBatch(LargeBatch)
    case brokenEmbedding(id: String)

    public var lines: [String] {
        guard case .brokenPhotographs(let list) = self else { return [description] }
        let count = NumberText.counted(list.count, "photograph", "photographs")
        return ["\(count) cannot be read:"] + list.firstLines.map { "  \($0)" }
            + ["Replace them, or leave them out with --skip-broken."]
    }

    public var description: String {
        switch self {
        case .tooFewPhotographs(let count, let whales):
            "There are \(count) training photographs of \(whales) whales; training needs at least 2 whales and 4 "
                + "photographs. Lower split.unseen or split.minimum-images, or add photographs."
        case .batchTooSmall(let batch, let processes):
            "\(processes) processes cannot share batches of \(batch) photographs: each needs at least 2. Raise "
                + "train.batch-size, or use fewer processes."
        case .notFinite(let divergence): divergence.description
        case .unknownPhotograph(let id, let list):
            "\(list) names the photograph \(quoted: id), which metadata.csv does not have. Run the split again."
        case .noClass(let photograph, let whale, let list):
            "\(list) trains on the photograph \(quoted: photograph) of the animal \(quoted: whale), which is not a class "
                + "of the training. Run the split again."
        case .brokenPhotographs: lines.joined(separator: "\n")
        case .noGraphicsCard(let device, count: 0):
            "The device is \(quoted: device), but this libtorch finds no graphics card. Set device: auto or cpu, or "
                + "build with LIBTORCH set to a CUDA build of libtorch."
        case .noGraphicsCard(let device, let count):
            "The device is \(quoted: device), but there \(count == 1 ? "is 1 card" : "are \(count) cards"), counted "
                + "from 0. Choose one of these, or set device: auto."
        case .tooLargeBatch(let batch): batch.description
        case .brokenEmbedding(let id):
            "The embedding of \(quoted: id) is not a number. The model's weights are broken. Train it again."
        }
    }
}

extension TrainingError {
    /// A training batch that the device's memory does not hold.
    public struct LargeBatch: Sendable, Equatable, CustomStringConvertible {
        public let batch: Int
        public let accumulation: Int
        /// The device's name.
        public let device: String
        /// libtorch's message.
        public let reason: String
        /// The largest half, quarter and so on of the batch that fits, as tried; nil if none does.
        public let fitting: Int?

        public var description: String {
            let remedy =
                fitting.map { fitting in
                    let steps = (batch * accumulation + fitting - 1) / fitting
                    return
                        "A batch of \(fitting) fits: set train.batch-size: \(fitting), and train.accumulation: \(steps) to "
                        + "keep the photographs of a step."
                } ?? "Not even 2 photographs fit. Choose a smaller image-size or backbone, or free the device's memory."
            return "The memory of \(device) does not hold a batch of \(batch) photographs. \(remedy) libtorch says: "
                + reason.shortened(to: Bounds.messageLength)
        }
    }
}

extension TrainingError {
    /// A number of a training that is no longer finite.
    public struct Divergence: Sendable, Equatable, CustomStringConvertible {
        /// The quantity that is no longer finite.
        public enum Quantity: String, Sendable {
            case loss
            case gradients = "norm of the gradients"
        }

        public let quantity: Quantity
        public let value: Double
        public let epoch: Int
        /// The step of the epoch, from 1.
        public let step: Int
        /// The learning rate of the head at that step.
        public let rate: Double
        /// The last checkpoint before it, if there is one.
        public var checkpoint: String?

        public var description: String {
            let kept = checkpoint.map { "The last good checkpoint is \($0)." } ?? "There is no checkpoint yet."
            return "The \(quantity.rawValue) became \(value) in step \(step) of epoch \(epoch), at a learning rate of "
                + "\(rate). Lower train.optimizer.learning-rate, or set train.optimizer.clip-norm. \(kept)"
        }
    }
}
