import Options

/// How photographs are parted: the section `split` of whalebook.yaml.
public struct SplitSettings: OptionGroup {
    /// What is never torn apart, or whose rule parts the photographs.
    public enum Kind: String, OptionChoice {
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
    public enum Rare: String, OptionChoice {
        /// They take no part.
        case leaveOut = "leave-out"
        /// They stand in the databases of the test as wrong answers, and nothing asks for them.
        case distractors
    }

    /// What becomes of photographs without a `whale_id`.
    public enum Unknown: String, OptionChoice {
        /// Nothing is split before they are named.
        case refuse
        /// They take no part.
        case leaveOut = "leave-out"
        /// The test asks for them, and no answer is right.
        case queries
    }

    @Option(
        """
        What the split keeps whole, or whose rule it follows. `image` splits single photographs, stratified by animal, so \
        that photographs of one encounter may fall on both sides; `encounter` keeps encounters whole; `individual` keeps \
        animals whole; `time` tests on what was taken later; `column` follows the metadata's column `split`. \
        `closed-set`, `open-set` and `disjoint-set` follow wildlife-datasets (Papafitsoros et al., arXiv 2211.10307): \
        every animal on both sides, some animals in the test alone, no animal on both sides.
        """)
    public var kind = Kind.encounter
    @Option("The number of parts that take turns as the validation set.", in: 2...100)
    public var folds = 5
    @Option(
        "The share of animals that training never sees.", in: 0...0.9,
        when: .one(of: Kind.image, .encounter, .individual))
    public var unseen = 0.25
    @Option(
        "About the share of the photographs that belongs to animals of the test alone.", in: 0...0.9,
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
        "Animals with fewer photographs than this never train; `rare` says what becomes of them.", in: 1...1_000_000)
    public var minimumImages = 1
    @Option(
        """
        What becomes of animals with fewer than `minimum-images` photographs. `leave-out` drops them; `distractors` \
        keeps them in the databases of the test as wrong answers.
        """)
    public var rare = Rare.leaveOut
    @Option(
        """
        What becomes of photographs without a `whale_id`. `refuse` stops with an error; `leave-out` drops them; \
        `queries` makes them queries of the test to which no answer is right.
        """)
    public var unknown = Unknown.refuse

    public init() {}

    /// Creates settings with what else is not standard.
    public init(kind: Kind, folds: Int, _ change: (inout Self) -> Void = { _ in }) {
        self.kind = kind
        self.folds = folds
        change(&self)
    }
}
