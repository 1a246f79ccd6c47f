import Basics

/// Why the first photograph that was returned is not right, in the order in which causes are told: what needs no network
/// to explain it comes first.
public enum FailureCause: String, Sendable, CaseIterable, Codable {
    /// The database has no photograph of the animal.
    case noAnswer = "no-answer"
    /// The first photograph is almost the same picture under another name.
    case nearDuplicate = "near-duplicate"
    /// The names are suspect: of query and first answer as one animal, or of the query's animal as two.
    case suspectLabel = "suspect-label"
    /// No animal in the training has photographs of both the query's view and a right answer's.
    case unseenViews = "unseen-views"
    /// The query is unusually blurred, dark, small or clipped.
    case blurred, dark, tiny, clipped
    /// The database has hardly a photograph of the animal.
    case fewAnswers = "few-answers"
    /// The two animals are taken for each other, both ways.
    case lookAlike = "look-alike"
    /// The first photograph comes up in many lists where it is wrong.
    case hub
    /// None of these.
    case unknown

    /// For people, as a heading.
    public var title: String {
        switch self {
        case .noAnswer: "no answer in the database"
        case .nearDuplicate: "near-duplicate under another name"
        case .suspectLabel: "suspect label"
        case .unseenViews: "views never seen together in training"
        case .blurred: "blurred"
        case .dark: "dark"
        case .tiny: "tiny"
        case .clipped: "clipped"
        case .fewAnswers: "few photographs in the database"
        case .lookAlike: "look-alike, both ways"
        case .hub: "hub"
        case .unknown: "unknown"
        }
    }
}

/// A cause of a miss with what speaks for it: a row of `causes.csv`.
public struct CauseRow: Sendable, Equatable {
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let cause: FailureCause
    /// 1 for the cause that the query goes by, then the others that hold as well.
    public let order: Int
    /// What speaks for it, in words.
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

/// Why queries missed, counted: `causes` in `evaluation.json`.
public struct CauseSummary: Sendable, Equatable, Codable {
    /// How often a cause holds.
    public struct Tally: Sendable, Equatable, Codable {
        public let cause: FailureCause
        /// ``cause`` for people.
        public let title: String
        /// Misses that go by it.
        public let first: Int
        /// Misses that it holds for.
        public let misses: Int
        /// ``first`` as a share of all misses; nil where none missed.
        @OrNull public private(set) var share: Double?
        /// Queries whose first photograph is right although it holds; nil where it lies in the wrong answer.
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
