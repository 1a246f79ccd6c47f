/// The side from which an animal was photographed.
public enum Viewpoint: String, Sendable, Codable, CaseIterable {
    case top, left, right

    /// Whether this is a flank, left or right.
    public var isLateral: Bool { self != .top }
}

/// One photograph of the catalogue: a row of `metadata.csv`.
public struct Photograph: Sendable, Equatable {
    /// The name by which every other file refers to the photograph.
    public let id: String
    /// Where the image lies, relative to the catalogue's folder.
    public let path: String
    /// Pixels.
    public let height: Int
    /// Pixels.
    public let width: Int
    public let viewpoint: Viewpoint
    /// The day, `YYYY-MM-DD`, or nil where it is not known.
    public let date: String?
    /// The second, `YYYY-MM-DD HH:MM:SS`, or nil where it is not known.
    public let timestamp: String?
    /// The animal, or nil where nobody has named it.
    public let whaleID: String?
    /// The sighting in which the photograph was taken, or nil where it is not known.
    public let encounterID: String?

    /// Creates a photograph from its metadata.
    public init(
        id: String, path: String, height: Int, width: Int, viewpoint: Viewpoint, date: String? = nil,
        timestamp: String? = nil, whaleID: String? = nil, encounterID: String? = nil
    ) {
        self.id = id
        self.path = path
        self.height = height
        self.width = width
        self.viewpoint = viewpoint
        self.date = date
        self.timestamp = timestamp
        self.whaleID = whaleID
        self.encounterID = encounterID
    }

    /// The year of the date.
    public var year: Int? { date.flatMap { Int($0.prefix(4)) } }
}
