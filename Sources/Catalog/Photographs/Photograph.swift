import Basics
import Imaging

/// One photograph of the catalogue.
///
/// Ids of photographs, animals and encounters keep the bytes of the metadata. A reader refuses two that differ only in
/// their Unicode form, because such names are equal in Swift and different in other programs.
public struct Photograph: Sendable, Equatable {
    /// The id that every other file uses for the photograph.
    public let id: String
    /// The image's path relative to the catalogue's folder, in the file system's bytes.
    public let path: String
    /// Rows of the image as stored, or as displayed after EXIF rotation; nil if unknown.
    public let height: Int?
    /// Columns of the image as stored, or as displayed after EXIF rotation; nil if unknown.
    public let width: Int?
    /// The part of the image that shows the animal; nil for all of it. Pixels outside it are never used. It is of the
    /// displayed image if `width` and `height` fit only that, else of the stored image.
    public let box: PixelBox?
    /// The turn of the box about its centre in radians, clockwise in the picture; 0 without a box.
    public let theta: Double
    /// The animal's outline in the picture; nil if unknown.
    public let outline: Outline?
    /// Where the head points in the displayed image; nil if unknown.
    public let heading: Heading?
    /// The viewpoint; ``Viewpoint/unknown`` if the metadata give none.
    public let viewpoint: Viewpoint
    /// The day, `YYYY-MM-DD`, or only `YYYY-MM` or `YYYY`; nil if unknown.
    public let date: String?
    /// The second, `YYYY-MM-DD HH:MM:SS`, or nil if unknown.
    public let timestamp: String?
    /// The animal, or nil if unnamed.
    public let whaleID: String?
    /// The sighting in which the photograph was taken, or nil if unknown.
    public let encounterID: String?
    /// The metadata's own part for the photograph, such as `train`; nil if they give none.
    public let split: String?

    /// Creates a photograph from its metadata.
    public init(
        id: String, path: String, height: Int? = nil, width: Int? = nil, box: PixelBox? = nil, theta: Double = 0,
        outline: Outline? = nil, heading: Heading? = nil, viewpoint: Viewpoint = .unknown, date: String? = nil,
        timestamp: String? = nil, whaleID: String? = nil, encounterID: String? = nil, split: String? = nil
    ) {
        self.id = id
        self.path = path
        self.height = height
        self.width = width
        self.box = box
        self.theta = box == nil ? 0 : theta
        self.outline = outline
        self.heading = heading
        self.viewpoint = viewpoint
        self.date = date
        self.timestamp = timestamp
        self.whaleID = whaleID
        self.encounterID = encounterID
        self.split = split
    }

    /// The photograph with another animal's name.
    public func named(_ whaleID: String?) -> Photograph {
        Photograph(
            id: id, path: path, height: height, width: width, box: box, theta: theta, outline: outline,
            heading: heading, viewpoint: viewpoint, date: date, timestamp: timestamp, whaleID: whaleID,
            encounterID: encounterID, split: split)
    }

    /// The photograph in a catalogue whose folder has this one's as `folder`.
    public func placed(in folder: String, id: String, split: String?) -> Photograph {
        Photograph(
            id: id, path: "\(folder)/\(path)", height: height, width: width, box: box, theta: theta, outline: outline,
            heading: heading, viewpoint: viewpoint, date: date, timestamp: timestamp, whaleID: whaleID,
            encounterID: encounterID, split: split)
    }

    /// How the animal lies in the part used, whose box may be turned.
    public var pose: AnimalPose {
        // A box that is turned clockwise shows what is in it turned anticlockwise.
        let turned = heading.map { $0.turned(quarters: -Int((theta / (.pi / 2)).remainder(dividingBy: 4).rounded())) }
        return AnimalPose(heading: turned, side: viewpoint.side)
    }

    /// The year of the date.
    public var year: Int? { date.flatMap { Int($0.prefix(4)) } }

    /// The box and its turn for people, such as `[2, 3, 40, 20] turned by 0.5`; nil without a box.
    public var boxText: String? { box.map { theta == 0 ? $0.text : "\($0.text) turned by \(theta)" } }

    /// The metadata's width and height of the image; nil if unknown.
    var pictureSides: PictureSides? {
        guard let width, let height else { return nil }
        return PictureSides(width: width, height: height)
    }

    /// The size in pixels of the part used, `box` or the whole image; nil if unknown.
    public var sides: (width: Int, height: Int)? {
        guard let box else { return pictureSides.map { ($0.width, $0.height) } }
        guard let pictureSides else { return (box.width, box.height) }
        return PicturePart(box, theta: theta, of: pictureSides).map { ($0.width, $0.height) }
    }
}
