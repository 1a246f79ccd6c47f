import Options

/// How photographs are split: the section `split` of whalebook.yaml.
public struct SplitSettings: OptionGroup {
    /// What the split keeps whole, or whose rule it follows.
    public enum Kind: String, OptionChoice {
        /// Single photographs, stratified by animal: photographs of one encounter may end up on both sides.
        case image
        /// All photographs of an encounter stay together.
        case encounter
        /// All photographs of an animal stay together.
        case individual
        /// Later photographs are the test set: from ``SplitSettings/date`` on, or the later days of each animal.
        case time
        /// The metadata's column `split` assigns training, validation and test.
        case column
        /// Every animal is in training and test, split by single photographs; an animal with one photograph only
        /// trains.
        case closedSet = "closed-set"
        /// As ``closedSet``, but some animals are in the test set only.
        case openSet = "open-set"
        /// No animal is on both sides.
        case disjointSet = "disjoint-set"

        /// Whether photographs of one encounter may end up on both sides; nil if the metadata decide.
        public var tearsEncounters: Bool? {
            switch self {
            case .image, .closedSet, .openSet: true
            case .encounter, .individual, .time, .disjointSet: false
            case .column: nil
            }
        }
    }

    /// The treatment of animals with fewer photographs than ``SplitSettings/minimumImages``.
    public enum Rare: String, OptionChoice {
        /// They are left out.
        case leaveOut = "leave-out"
        /// They are in the test databases as non-matches, and no query shows them.
        case distractors
    }

    /// The treatment of photographs without a `whale_id`.
    public enum Unknown: String, OptionChoice {
        /// The split stops with an error.
        case refuse
        /// They are left out.
        case leaveOut = "leave-out"
        /// They are test queries without a match.
        case queries
    }

    @Option(
        """
        What the split keeps whole, or whose rule it follows. `image` splits single photographs, stratified by animal, \
        so photographs of one encounter may end up on both sides; `encounter` keeps encounters whole; `individual` \
        keeps animals whole; `time` tests on later photographs; `column` follows the metadata's column `split`. \
        `closed-set`, `open-set` and `disjoint-set` follow wildlife-datasets (Papafitsoros et al., arXiv 2211.10307): \
        every animal on both sides, some animals in the test only, no animal on both sides.
        """)
    public var kind = Kind.encounter
    @Option("The number of folds, which take turns as the validation set.", in: 2...100)
    public var folds = 5
    @Option(
        "The share of animals that training never sees.", in: 0...0.9,
        when: .one(of: Kind.image, .encounter, .individual))
    public var unseen = 0.25
    @Option(
        "The approximate share of photographs whose animals are in the test only.", in: 0...0.9,
        when: .one(of: Kind.openSet, .disjointSet))
    public var unseenImages = 0.2
    @Option(
        "The first day of the test, `YYYY-MM-DD`; `none` splits each animal's days by `proportion`.", or: "none",
        when: .one(of: Kind.time))
    public var date: Day? = nil
    @Option(
        """
        The share that trains: of each animal's days for `kind: time`, of its photographs for `closed-set` and \
        `open-set`.
        """, in: 0...1, when: .one(of: Kind.time, .closedSet, .openSet), .init(option: "date", choices: ["none"]))
    public var proportion = 0.8
    @Option(
        "Animals with fewer photographs than this never train; `rare` sets what happens to them.", in: 1...1_000_000)
    public var minimumImages = 1
    @Option(
        """
        What happens to animals with fewer than `minimum-images` photographs. `leave-out` drops them; `distractors` \
        keeps them in the test databases as non-matches.
        """)
    public var rare = Rare.leaveOut
    @Option(
        """
        What happens to photographs without a `whale_id`. `refuse` stops with an error; `leave-out` drops them; \
        `queries` makes them test queries without a match.
        """)
    public var unknown = Unknown.refuse

    public init() {}

    /// Creates settings and changes other defaults.
    public init(kind: Kind, folds: Int, _ change: (inout Self) -> Void = { _ in }) {
        self.kind = kind
        self.folds = folds
        change(&self)
    }
}
