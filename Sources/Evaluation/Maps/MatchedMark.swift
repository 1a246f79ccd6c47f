/// Where a mark lies in a photograph, or in the part within its box, upright.
public struct MarkPlace: Sendable, Equatable {
    /// Shares of the width and height, from the top left.
    public let x: Double
    public let y: Double
    /// A share of the longer side.
    public let radius: Double

    /// Creates a place.
    public init(x: Double, y: Double, radius: Double) {
        self.x = x
        self.y = y
        self.radius = radius
    }
}

/// Two marks that match.
public struct MarkMatch: Sendable, Equatable {
    public let query: MarkPlace
    public let database: MarkPlace
    /// The cosine of their descriptors.
    public let similarity: Double
    /// Whether one affine map explains it together with other matches.
    public let isExplained: Bool

    /// Creates a match.
    public init(query: MarkPlace, database: MarkPlace, similarity: Double, isExplained: Bool) {
        self.query = query
        self.database = database
        self.similarity = similarity
        self.isExplained = isExplained
    }
}

/// A match of a query and a database photograph: a row of `matches.csv`.
public struct MatchedMark: Sendable, Equatable {
    public let queryImageID: String
    public let imageID: String
    public let match: MarkMatch

    /// The most matches of a pair in the file: those that one map explains first, then the most similar.
    public static let limit = 60

    /// Creates a row.
    public init(queryImageID: String, imageID: String, match: MarkMatch) {
        self.queryImageID = queryImageID
        self.imageID = imageID
        self.match = match
    }
}
