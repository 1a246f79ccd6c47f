import Basics

/// Why the first match is wrong, in the order of reporting: causes that need no network to explain them come first.
public enum FailureCause: String, Sendable, CaseIterable, Codable {
    /// The database has no photograph of the animal.
    case noAnswer = "no-answer"
    /// The first match is almost the same picture under another name.
    case nearDuplicate = "near-duplicate"
    /// The names are suspect: query and first match may be one animal, or the query's animal two.
    case suspectLabel = "suspect-label"
    /// No training animal has photographs of both the query's view and a right photograph's view.
    case unseenViews = "unseen-views"
    /// The query is unusually blurred, dark, small or clipped.
    case blurred, dark, tiny, clipped
    /// The database has few photographs of the animal.
    case fewAnswers = "few-answers"
    /// The two animals are mistaken for each other.
    case lookAlike = "look-alike"
    /// The first match is a wrong match for many queries.
    case hub
    /// None of these.
    case unknown

    /// A human-readable heading.
    public var title: String {
        switch self {
        case .noAnswer: "animal not in the database"
        case .nearDuplicate: "near-duplicate under another name"
        case .suspectLabel: "suspect label"
        case .unseenViews: "views never seen together in training"
        case .blurred: "blurred"
        case .dark: "dark"
        case .tiny: "tiny"
        case .clipped: "clipped"
        case .fewAnswers: "few photographs in the database"
        case .lookAlike: "look-alike"
        case .hub: "hub"
        case .unknown: "unknown"
        }
    }
}

/// A cause of a miss with its evidence: a row of `causes.csv`.
public struct CauseRow: Sendable, Equatable {
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let cause: FailureCause
    /// 1 for the main cause of the miss, then the others that apply.
    public let order: Int
    /// The evidence, in words.
    public let evidence: String

    /// Describes a cause.
    public init(
        scenario: String, queryID: String, imageID: String, cause: FailureCause, order: Int, evidence: String
    ) {
        self.scenario = scenario
        self.queryID = queryID
        self.imageID = imageID
        self.cause = cause
        self.order = order
        self.evidence = evidence
    }
}

/// Why queries missed, in numbers: `causes` in `evaluation.json`.
public struct CauseSummary: Sendable, Equatable, Codable {
    /// How often a cause applies.
    public struct Tally: Sendable, Equatable, Codable {
        public let cause: FailureCause
        /// The human-readable ``cause``.
        public let title: String
        /// Misses of which it is the main cause.
        public let first: Int
        /// Misses to which it applies.
        public let misses: Int
        /// ``first`` as a share of all misses; nil if none missed.
        @OrNull public private(set) var share: Double?
        /// Hits to which it applies; nil if it depends on the wrong match.
        @OrNull public private(set) var hits: Int?

        init(cause: FailureCause, first: Int, misses: Int, ofMisses all: Int, hits: Int?) {
            self.cause = cause
            title = cause.title
            self.first = first
            self.misses = misses
            share = all > 0 ? Double(first) / Double(all) : nil
            self.hits = hits
        }
    }

    /// How misses and causes are counted.
    public let contract: String
    public let misses: Int
    public let hits: Int
    public let lookAlikes: [LookAlike]
    public let hubs: [HubPhotograph]
    public let causes: [Tally]

    private enum CodingKeys: String, CodingKey {
        case contract, misses, hits, hubs, causes
        case lookAlikes = "look_alikes"
    }
}
