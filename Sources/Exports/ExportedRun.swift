import Basics
import Catalog
import Evaluation

/// What a run found about the photographs of a catalogue.
public struct ExportedRun: Sendable {
    /// A vector for each photograph.
    public struct Embeddings: Sendable {
        private let matrix: NPYMatrix
        private let rows: [String: Int]

        /// Creates embeddings from a matrix and the photograph of each row.
        public init(_ matrix: NPYMatrix, of imageIDs: [String]) {
            self.matrix = matrix
            rows = Dictionary(imageIDs.prefix(matrix.rows).enumerated().map { ($1, $0) }) { first, _ in first }
        }

        /// The vector of a photograph; nil if it has none.
        subscript(imageID: String) -> [Float]? {
            rows[imageID].map { row in
                matrix.values.withUnsafeBufferPointer { values in
                    Array(values[row * matrix.columns..<(row + 1) * matrix.columns])
                }
            }
        }
    }

    /// The run's name: its first tag, else its number.
    public let name: String
    public let catalog: Catalog
    /// With a row for each photograph of ``catalog``, in its order.
    public let split: Split
    /// The final ranking.
    public let rankings: Rankings
    /// The average precision of each query with a match in its database, by the query's id.
    public let averagePrecisions: [String: Double]
    /// The probability that a query shows a new animal, by the query's id; empty without a calibration.
    public let probabilitiesOfNew: [String: Double]
    /// Nil if the run's are no longer in the store.
    public let embeddings: Embeddings?

    /// Collects a run's results.
    public init(
        name: String, catalog: Catalog, split: Split, rankings: Rankings, outcomes: [QueryRow],
        novelty: [NoveltySample], calibration: Calibration?, embeddings: Embeddings?
    ) {
        self.name = name
        self.catalog = catalog
        self.split = split
        self.rankings = rankings
        averagePrecisions = Dictionary(
            outcomes.filter { $0.relevant > 0 }.map { ($0.id, $0.averagePrecision) }
        ) { first, _ in first }
        let probabilities = novelty.filter { $0.part == .test }.compactMap { sample -> (String, Double)? in
            guard let calibration, let best = [sample.own, sample.other].compactMap(\.?.score).max() else { return nil }
            return (sample.queryID, calibration.probability(ofNewAt: best))
        }
        probabilitiesOfNew = Dictionary(probabilities) { first, _ in first }
        self.embeddings = embeddings
    }
}
