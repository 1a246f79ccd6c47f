import Configuration

/// Trains the networks that map one view's embeddings to the other's, and maps all embeddings with them.
///
/// It always runs on the CPU, because it is small.
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
    /// The animals to learn from; other embeddings are only mapped.
    public var animals: [Animal]
    public var settings: AdapterSettings
    public var seed: Int
    /// The folder that receives `lateral.npy` and `top.npy`: every row mapped to the lateral view, and to the top view.
    public var output: String

    /// Facts about the training.
    public struct Facts: Codable, Sendable {
        /// The mean loss in both directions over the last tenth of the steps.
        public let loss: Double

        /// Creates facts.
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
