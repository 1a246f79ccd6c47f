import Configuration

/// Trains the networks that lead from one view's embeddings to the other's, and maps all embeddings by them.
///
/// Writes `lateral.npy` and `top.npy` into `output`: every row as it would look in that view. It always runs on the
/// processor, for which it is small.
public struct BridgeJob: Codable, Sendable, Equatable {
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
    public var settings: BridgeSettings
    public var seed: Int
    /// The folder that receives the artefacts.
    public var output: String

    /// Creates a job.
    public init(embeddings: String, animals: [Animal], settings: BridgeSettings, seed: Int, output: String) {
        self.embeddings = embeddings
        self.animals = animals
        self.settings = settings
        self.seed = seed
        self.output = output
    }

    /// What ``output`` receives.
    public static let lateral = "lateral.npy", top = "top.npy"
}
