/// Ranks the databases of scenarios for their queries by an ensemble's cosine similarity.
public struct SearchJob: Codable, Sendable, Equatable {
    /// The embeddings of one model of the ensemble.
    public struct Model: Codable, Sendable, Equatable {
        /// The `.npy` file; a `.csv` next to it has the image_ids, those of the other models.
        public var embeddings: String
        /// Its share in the ensemble's similarity.
        public var weight: Double

        /// Creates a model.
        public init(embeddings: String, weight: Double) {
            self.embeddings = embeddings
            self.weight = weight
        }
    }

    public var models: [Model]
    /// The folder of the split, with the scenarios.
    public var split: String
    /// The photographs to return for each query.
    public var count: Int
    /// The folder that receives `neighbors.csv`.
    public var output: String

    /// Creates a job.
    public init(models: [Model], split: String, count: Int, output: String) {
        self.models = models
        self.split = split
        self.count = count
        self.output = output
    }
}
