import Configuration

/// Scores pairs of photographs by their matched marks.
public struct MatchJob: Codable, Sendable, Equatable {
    /// One file to write.
    public struct Table: Codable, Sendable, Equatable {
        /// A JSON file with a list of `PhotographPairs`; a file, since it can have millions of numbers.
        public var pairs: String
        /// The `.npy` file to write: the columns of `LocalScores` for each pair, by comparison, query and database
        /// photograph.
        public var output: String

        /// Creates a table.
        public init(pairs: String, output: String) {
            self.pairs = pairs
            self.output = output
        }
    }

    /// The file of the marks.
    public var features: String
    public var settings: MatchSettings
    public var tables: [Table]

    /// Creates a job.
    public init(features: String, settings: MatchSettings, tables: [Table]) {
        self.features = features
        self.settings = settings
        self.tables = tables
    }
}
