/// Why a training could not begin or go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    case tooFewPhotographs(count: Int, whales: Int)
    case notFinite(epoch: Int, loss: Double)
    case unknownPhotograph(id: String, split: String)
    case noGraphicsCard
    case brokenEmbedding(id: String)

    public var description: String {
        switch self {
        case .tooFewPhotographs(let count, let whales):
            "There are \(count) training photographs of \(whales) whales; training takes at least 2 whales and 4 "
                + "photographs. Lower split.unseen or split.minimum-images, or add photographs."
        case .notFinite(let epoch, let loss):
            "The loss became \(loss) in epoch \(epoch). Lower train.optimizer.learning-rate, or set "
                + "train.optimizer.clip-norm."
        case .unknownPhotograph(let id, let split):
            "\(split) names the photograph '\(id)', which metadata.csv does not have. Run the split again."
        case .noGraphicsCard:
            "The configuration asks for device: cuda, but this libtorch finds no graphics card. Set device: auto or "
                + "cpu, or build with LIBTORCH set to a CUDA build of libtorch."
        case .brokenEmbedding(let id):
            "The embedding of '\(id)' is not a number. The model's weights are broken: train it anew."
        }
    }
}
