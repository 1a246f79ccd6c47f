import Basics

/// Why the first match is wrong. ``CauseFinder`` orders the causes by how much they explain.
public enum FailureCause: String, Sendable, CaseIterable, Codable {
    /// The database has no photograph of the animal.
    case noAnswer = "no-answer"
    /// All right photographs show other sides of the animal than the query.
    case otherView = "other-view"
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
        case .otherView: "seen from another side"
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

    /// What the misses of this cause do, after a number: "12 of them …".
    func clause(isPlural: Bool) -> String {
        func verb(_ plural: String, _ singular: String) -> String { isPlural ? plural : singular }
        return switch self {
        case .noAnswer: "\(verb("show", "shows")) an animal that the database lacks"
        case .otherView: "\(verb("show", "shows")) a side of the animal that the database lacks"
        case .nearDuplicate: "\(verb("have", "has")) a near-duplicate under another name"
        case .suspectLabel: "\(verb("have", "has")) a suspect label"
        case .unseenViews: "\(verb("compare", "compares")) views that no training animal has both of"
        case .blurred, .dark, .tiny, .clipped: "\(verb("are", "is")) \(rawValue)"
        case .fewAnswers: "\(verb("have", "has")) at most \(CauseFinder.few) photographs to find"
        case .lookAlike: "\(verb("return", "returns")) a look-alike"
        case .hub: "\(verb("return", "returns")) a hub"
        case .unknown: "\(verb("have", "has")) no known cause"
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
    /// In the order of the main cause.
    public let causes: [Tally]
    /// Misses with the right animal at ``nearRanks``.
    public let nearMisses: Int
    /// Misses with no right photograph among those returned.
    public let absent: Int
    /// What the queries missed and why, in up to three sentences.
    public let answer: String

    /// The ranks just behind the first.
    static let nearRanks = 2...5

    private enum CodingKeys: String, CodingKey {
        case contract, misses, hits, hubs, causes, absent, answer
        case lookAlikes = "look_alikes"
        case nearMisses = "near_misses"
    }

    /// Counts the outcomes of queries; `causes` are in the order of the main cause.
    init(
        contract: String, results: [QueryResult], lookAlikes: [LookAlike], hubs: [HubPhotograph], causes: [Tally]
    ) {
        self.contract = contract
        self.lookAlikes = lookAlikes
        self.hubs = hubs
        self.causes = causes
        let ranks = results.map(\.firstHitRank)
        hits = ranks.count { $0 == 1 }
        misses = ranks.count - hits
        nearMisses = ranks.count { $0.map(Self.nearRanks.contains) == true }
        absent = ranks.count { $0 == nil }
        answer = Self.answer(misses: misses, hits: hits, near: nearMisses, absent: absent, causes: causes)
    }

    private static func answer(misses: Int, hits: Int, near: Int, absent: Int, causes: [Tally]) -> String {
        func text(_ count: Int) -> String { NumberText.thousands(Double(count)) }
        let queries = NumberText.counted(misses + hits, "query", "queries")
        guard misses > 0 else {
            return hits > 0 ? "Every query returns the right animal first." : "There are no queries."
        }
        func share(_ count: Int, of all: Int) -> String { NumberText.percent(Double(count) / Double(max(all, 1)), 0) }
        var sentences = ["\(text(misses)) of \(queries) missed: another animal came first."]
        if let main = causes.first(where: { $0.first > 0 && $0.cause != .unknown }) {
            let clause = main.cause.clause(isPlural: main.misses != 1)
            let compared = main.hits.map { found -> String in
                let such = main.misses + found
                let others = misses + hits - such
                return others > 0
                    ? ": \(share(main.misses, of: such)) of \(NumberText.counted(such, "such query", "such queries")) "
                        + "missed, \(share(misses - main.misses, of: others)) of the other \(text(others))" : ""
            }
            sentences.append("\(text(main.misses)) of them \(clause)\(compared ?? "").")
        }
        let unknown = causes.first { $0.cause == .unknown }?.first ?? 0
        let unexplained = unknown > 0 ? ", and no cause is known for \(text(unknown))" : ""
        sentences.append(
            "In \(text(near)) the right animal is at rank \(nearRanks.lowerBound) to \(nearRanks.upperBound), in "
                + "\(text(absent)) nowhere among the photographs returned\(unexplained).")
        return sentences.joined(separator: " ")
    }
}
