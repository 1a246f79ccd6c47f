import Basics

/// One photograph of the catalogue.
///
/// Ids of photographs, animals and encounters are kept byte by byte as the metadata write them; a reader refuses two
/// that differ in nothing but their Unicode form, since such names are equal to Swift and different to other programs.
public struct Photograph: Sendable, Equatable {
    /// The name by which every other file refers to the photograph.
    public let id: String
    /// Where the image lies, relative to the catalogue's folder, byte by byte as the file system has it.
    public let path: String
    /// Rows of the stored image, or nil where the metadata do not say.
    public let height: Int?
    /// Columns of the stored image, or nil where the metadata do not say.
    public let width: Int?
    /// The part of the stored image that shows the animal; nil for all of it. What lies outside of it is never used.
    public let box: PixelBox?
    /// ``Viewpoint/unknown`` where the metadata do not say.
    public let viewpoint: Viewpoint
    /// The day, `YYYY-MM-DD`, or `YYYY-MM` or `YYYY` where no more is known; nil where nothing is.
    public let date: String?
    /// The second, `YYYY-MM-DD HH:MM:SS`, or nil where it is not known.
    public let timestamp: String?
    /// The animal, or nil where nobody has named it.
    public let whaleID: String?
    /// The sighting in which the photograph was taken, or nil where it is not known.
    public let encounterID: String?
    /// The part of the data that the metadata put the photograph into, such as `train`; nil where they do not say.
    public let split: String?

    /// Creates a photograph from its metadata.
    public init(
        id: String, path: String, height: Int? = nil, width: Int? = nil, box: PixelBox? = nil,
        viewpoint: Viewpoint = .unknown, date: String? = nil, timestamp: String? = nil, whaleID: String? = nil,
        encounterID: String? = nil, split: String? = nil
    ) {
        self.id = id
        self.path = path
        self.height = height
        self.width = width
        self.box = box
        self.viewpoint = viewpoint
        self.date = date
        self.timestamp = timestamp
        self.whaleID = whaleID
        self.encounterID = encounterID
        self.split = split
    }

    /// The same photograph under another animal's name.
    public func named(_ whaleID: String?) -> Photograph {
        Photograph(
            id: id, path: path, height: height, width: width, box: box, viewpoint: viewpoint, date: date,
            timestamp: timestamp, whaleID: whaleID, encounterID: encounterID, split: split)
    }

    /// The year of the date.
    public var year: Int? { date.flatMap { Int($0.prefix(4)) } }

    /// The sides of what is used, `box` or the whole image, in pixels; nil where the metadata do not say.
    public var sides: (width: Int, height: Int)? {
        guard let width, let height else { return box.map { ($0.width, $0.height) } }
        guard let box else { return (width, height) }
        return box.clipped(toWidth: width, height: height).map { ($0.width, $0.height) }
    }
}
