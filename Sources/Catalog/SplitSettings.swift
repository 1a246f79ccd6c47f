/// How photographs are parted: the section `split` of whalebook.yaml.
public struct SplitSettings: Sendable, Codable, Equatable {
    /// What is never torn apart, or whose rule parts the photographs.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Single photographs, stratified by animal: pictures of one encounter may fall on both sides.
        case image
        /// All photographs of an encounter stay together.
        case encounter
        /// All photographs of an animal stay together.
        case individual
        /// What is later is the test: from ``SplitSettings/date`` on, or the later days of each animal.
        case time
        /// The metadata's own column `split` settles training, validation and test.
        case column
        /// Every animal trains and is tested, each by its share of single photographs; those with one only train.
        case closedSet = "closed-set"
        /// As ``closedSet``, but some animals stand in the test alone.
        case openSet = "open-set"
        /// No animal stands on both sides.
        case disjointSet = "disjoint-set"

        /// Whether photographs of one encounter may fall on both sides; nil where the metadata's author decides.
        public var tearsEncounters: Bool? {
            switch self {
            case .image, .closedSet, .openSet: true
            case .encounter, .individual, .time, .disjointSet: false
            case .column: nil
            }
        }
    }

    /// What becomes of animals with fewer photographs than ``SplitSettings/minimumImages``.
    public enum Rare: String, Sendable, Codable, CaseIterable {
        /// They take no part.
        case leaveOut = "leave-out"
        /// They stand in the databases of the test as wrong answers, and nothing asks for them.
        case distractors
    }

    /// What becomes of photographs without a `whale_id`.
    public enum Unknown: String, Sendable, Codable, CaseIterable {
        /// Nothing is split before they are named.
        case refuse
        /// They take no part.
        case leaveOut = "leave-out"
        /// The test asks for them, and no answer is right.
        case queries
    }

    public var kind: Kind
    /// The number of parts that take turns in validation.
    public var folds: Int
    /// The share of the animals that training never sees, in `0..<1`.
    public var unseen: Double
    /// The share of the photographs, about, whose animals stand in the test alone, in `0..<1`; for ``Kind/openSet`` and
    /// ``Kind/disjointSet``.
    public var unseenImages: Double
    /// The first day of the test; nil for ``proportion`` of each animal's days.
    public var date: Day?
    /// The share that trains, in `0...1`: of an animal's days for ``Kind/time``, of the photographs for
    /// ``Kind/closedSet`` and ``Kind/openSet``.
    public var proportion: Double
    /// Animals with fewer photographs than this never train.
    public var minimumImages: Int
    public var rare: Rare
    public var unknown: Unknown

    enum CodingKeys: String, CodingKey {
        case kind, folds, unseen, date, proportion, rare, unknown
        case unseenImages = "unseen-images"
        case minimumImages = "minimum-images"
    }

    /// Creates settings.
    public init(
        kind: Kind, folds: Int, unseen: Double = 0, unseenImages: Double = 0, date: Day? = nil,
        proportion: Double = 0.8, minimumImages: Int = 1, rare: Rare = .leaveOut, unknown: Unknown = .refuse
    ) {
        self.kind = kind
        self.folds = folds
        self.unseen = unseen
        self.unseenImages = unseenImages
        self.date = date
        self.proportion = proportion
        self.minimumImages = minimumImages
        self.rare = rare
        self.unknown = unknown
    }

    /// Reads the section with every option at its value; a `date` that is `none` is nil.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            kind: try values.decode(Kind.self, forKey: .kind), folds: try values.decode(Int.self, forKey: .folds),
            unseen: try values.decode(Double.self, forKey: .unseen),
            unseenImages: try values.decode(Double.self, forKey: .unseenImages),
            date: Day(try values.decode(String.self, forKey: .date)),
            proportion: try values.decode(Double.self, forKey: .proportion),
            minimumImages: try values.decode(Int.self, forKey: .minimumImages),
            rare: try values.decode(Rare.self, forKey: .rare),
            unknown: try values.decode(Unknown.self, forKey: .unknown))
    }
}
