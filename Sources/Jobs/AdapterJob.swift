import Configuration

/// Trains the networks that lead from one view's embeddings to the other's, and maps all embeddings by them.
///
/// It always runs on the processor, for which it is small.
public struct AdapterJob: Codable, Sendable, Equatable {
    /// An animal seen from both sides.
    public struct Animal: Codable, Sendable, Equatable {
        /// Rows of the embeddings, from 0.
        public var top: [Int]
        public var lateral: [Int]

        /// Creates an animal.
        public init(top: [Int], lateral: [Int]) {
            self.top = top
            self.lateral = lateral
        }
    }

    /// The `.npy` file of embeddings, rows of unit length.
    public var embeddings: String
    /// What it learns from; nothing else of the embeddings is.
    public var animals: [Animal]
    public var settings: AdapterSettings
    public var seed: Int
    /// The folder that receives `lateral.npy` and `top.npy`: every row as it would look from the side, and from the top.
    public var output: String

    /// What the worker tells of the training.
    public struct Facts: Codable, Sendable {
        /// The mean loss of both ways in the last tenth of the steps.
        public let loss: Double

        /// Takes the loss.
        public init(loss: Double) { self.loss = loss }
    }

    /// Creates a job.
    public init(
        embeddings: String, animals: [Animal], settings: AdapterSettings, seed: Int, output: String
    ) {
        self.embeddings = embeddings
        self.animals = animals
        self.settings = settings
        self.seed = seed
        self.output = output
    }
}
