import Basics
import Catalog
import Imaging

/// A photograph on the page, and what is known of it.
public struct ReviewPhotograph: Sendable {
    public let file: PhotographFile
    public let whaleID: String?
    public let viewpoint: Viewpoint
    public let pose: AnimalPose
    /// `YYYY-MM-DD`, or less, or with a time.
    public let date: String?
    public let encounterID: String?
    public let place: String?
    /// Whether it is not in the catalogue.
    public let isNew: Bool

    /// Describes a photograph; by default only the viewpoint tells how the animal lies.
    public init(
        file: PhotographFile, whaleID: String?, viewpoint: Viewpoint, pose: AnimalPose? = nil, date: String?,
        encounterID: String?, place: String?, isNew: Bool = false
    ) {
        self.file = file
        self.whaleID = whaleID
        self.viewpoint = viewpoint
        self.pose = pose ?? AnimalPose(side: viewpoint.side)
        self.date = date
        self.encounterID = encounterID
        self.place = place
        self.isNew = isNew
    }

    /// The year of the date.
    public var year: String? { date.map { String($0.prefix(4)) } }
}

/// The photographs that pairs name: those of the catalogue, and new ones.
public struct ReviewPhotographs: Sendable {
    let all: [ReviewPhotograph]
    private let positions: [String: Int]
    private let animals: [String: [Int]]

    /// The most photographs of an animal shown next to a pair.
    static let stripLimit = 40

    /// Collects the photographs of a catalogue, with the place of each by image_id, and new ones.
    public init(_ catalog: Catalog, places: [String: String] = [:], new: [ReviewPhotograph] = []) {
        let known = catalog.photographs.map { photograph in
            ReviewPhotograph(
                file: catalog.file(of: photograph), whaleID: photograph.whaleID, viewpoint: photograph.viewpoint,
                pose: photograph.pose, date: photograph.timestamp ?? photograph.date,
                encounterID: photograph.encounterID, place: places[photograph.id])
        }
        all = known + new
        positions = Dictionary(all.enumerated().map { ($1.file.id, $0) }) { first, _ in first }
        animals = Dictionary(grouping: known.indices.filter { known[$0].whaleID != nil }) { known[$0].whaleID ?? "" }
    }

    /// The position of a photograph; nil for an unknown id.
    public func position(of id: String) -> Int? { positions[id] }

    /// The photograph with an id; nil if there is none.
    public subscript(id: String) -> ReviewPhotograph? { positions[id].map { all[$0] } }

    /// The photographs of an animal in the catalogue, in its order.
    public func ids(of whale: String) -> [String] { (animals[whale] ?? []).map { all[$0].file.id } }

    /// The number of an animal's photographs in the catalogue.
    public func count(of whale: String) -> Int { animals[whale]?.count ?? 0 }

    /// An animal's photographs: first those from the same side, then by date and id.
    func strip(of whale: String?, like viewpoint: Viewpoint, without position: Int) -> [Int] {
        guard let whale, let own = animals[whale] else { return [] }
        return own.filter { $0 != position }.sorted { one, other in
            let (first, second) = (all[one], all[other])
            return (first.viewpoint == viewpoint ? 0 : 1, first.date ?? "~", one)
                < (second.viewpoint == viewpoint ? 0 : 1, second.date ?? "~", other)
        }.prefix(Self.stripLimit).map(\.self)
    }
}
