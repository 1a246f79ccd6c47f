import Basics
import Foundation

/// How near a photograph comes to its own animal and to the nearest other one, by plain similarity: a row of
/// `novelty.csv`.
///
/// It stands for two questions: that of a known animal, answered by the nearer of both, and that of a new one, for which
/// its own animal is taken out of the database.
public struct NoveltySample: Sendable, Equatable {
    /// What the sample may serve for.
    public enum Part: String, Sendable {
        /// Fitting the probability.
        case validation
        /// Reporting.
        case test
    }

    /// A photograph of the database and its similarity.
    public struct Match: Sendable, Equatable {
        public let imageID: String
        public let whaleID: String
        /// The cosine.
        public let score: Double

        /// Creates a match.
        public init(imageID: String, whaleID: String, score: Double) {
            self.imageID = imageID
            self.whaleID = whaleID
            self.score = score
        }
    }

    public let part: Part
    /// The scenario's query, or the photograph's own name in validation.
    public let queryID: String
    public let imageID: String
    public let whaleID: String
    /// Nil where the database has no other photograph of the animal.
    public let own: Match?
    /// Nil where the database has no other animal.
    public let other: Match?

    /// Creates a sample.
    public init(part: Part, queryID: String, imageID: String, whaleID: String, own: Match?, other: Match?) {
        self.part = part
        self.queryID = queryID
        self.imageID = imageID
        self.whaleID = whaleID
        self.own = own
        self.other = other
    }

    private static let columns = [
        "part", "query_id", "query_image_id", "whale_id", "own_image_id", "own_score", "other_image_id",
        "other_whale_id", "other_score",
    ]

    /// Reads `novelty.csv`.
    ///
    /// - Throws: ``FileError``.
    public static func read(_ url: URL) throws -> [NoveltySample] {
        let table = try CSVTable.read(url)
        let column = try columns.map(table.column)
        return try table.rows.enumerated().map { row, cells in
            let cell = column.map { cells[$0] }
            func match(_ image: String, _ whale: String, _ score: String) throws -> Match? {
                guard !image.isEmpty else { return nil }
                // Rounding may lead a little beyond 1.
                guard let cosine = Double(score, within: -2...2) else {
                    throw malformed("the score \(quoted: score) is no cosine")
                }
                return Match(imageID: image, whaleID: whale, score: cosine)
            }
            func malformed(_ problem: String) -> FileError {
                .malformed(
                    path: table.path, line: table.line(ofRow: row), problem: problem,
                    remedy: "Run 'whalebook run search' again.")
            }
            guard let part = Part(rawValue: cell[0]) else { throw malformed("there is no part \(quoted: cell[0])") }
            return NoveltySample(
                part: part, queryID: cell[1], imageID: cell[2], whaleID: cell[3],
                own: try match(cell[4], cell[3], cell[5]), other: try match(cell[6], cell[7], cell[8]))
        }
    }

    /// Writes `novelty.csv`.
    public static func write(_ samples: [NoveltySample], to url: URL) throws {
        func score(_ match: Match?) -> String { match.map { "\($0.score)" } ?? "" }
        let rows = samples.map { sample -> [String] in
            let question = [sample.part.rawValue, sample.queryID, sample.imageID, sample.whaleID]
            let own = [sample.own?.imageID ?? "", score(sample.own)]
            return question + own + [sample.other?.imageID ?? "", sample.other?.whaleID ?? "", score(sample.other)]
        }
        try AtomicFile.write(CSVTable.text(header: columns, rows: rows), to: url)
    }
}
