import Basics

/// Why the first match is wrong. ``CauseFinder`` orders the causes by how much they explain.
public enum FailureCause: String, Sendable, CaseIterable, Codable {
    /// The database has no photograph of the animal.
    case noAnswer = "no-answer"
    /// The scenario compares views on purpose: its database has no photograph of the query's view, of any animal.
    case crossViews = "cross-views"
    /// The database has the query's view of other animals, but all correct photographs show other views.
    case otherView = "other-view"
    /// The first match is almost the same picture under another name.
    case nearDuplicate = "near-duplicate"
    /// The names are suspect: query and first match may be one animal, or the query's animal two.
    case suspectLabel = "suspect-label"
    /// No training animal has photographs of both the query's view and a correct photograph's view.
    case unseenViews = "unseen-views"
    /// The query is unusually blurred, dark, small or clipped.
    case blurred, dark, tiny, clipped
    /// All correct photographs of the query's view, or all if none has it, are blurred, dark, small or clipped.
    case flawedAnswers = "flawed-answers"
    /// The database has few photographs of the animal.
    case fewAnswers = "few-answers"
    /// In results of older versions: the two animals are mistaken for each other, in photographs of one view or only
    /// across views. That is what a miss is, and not why; ``ConfusedPair`` has it.
    case lookAlike = "look-alike", confusedPair = "confused-pair"
    /// The first match is a wrong match for many queries.
    case hub
    /// None of these.
    case unknown

    /// A human-readable heading.
    public var title: String {
        switch self {
        case .noAnswer: "animal not in the database"
        case .crossViews: "compared with another view on purpose"
        case .otherView: "view missing from the database"
        case .nearDuplicate: "near-duplicate under another name"
        case .suspectLabel: "name in doubt"
        case .unseenViews: "views never seen together in training"
        case .blurred: "blurred"
        case .dark: "dark"
        case .tiny: "small"
        case .clipped: "clipped"
        case .flawedAnswers: "only flawed photographs to find"
        case .fewAnswers: "few photographs in the database"
        case .lookAlike: "look-alike"
        case .confusedPair: "confused pair"
        case .hub: "hub"
        case .unknown: "unknown"
        }
    }

    /// What the misses of this cause do, after a number: "12 of them …".
    func clause(isPlural: Bool) -> String {
        func verb(_ plural: String, _ singular: String) -> String { isPlural ? plural : singular }
        return switch self {
        case .noAnswer: "\(verb("show", "shows")) an animal that the database lacks"
        case .crossViews: "\(verb("are", "is")) in scenarios that compare different views on purpose"
        case .otherView: "\(verb("show", "shows")) a view of the animal that the database lacks"
        case .nearDuplicate: "\(verb("have", "has")) a near-duplicate under another name"
        case .suspectLabel: "\(verb("have", "has")) a name in doubt"
        case .unseenViews: "\(verb("compare", "compares")) views that no training animal has both of"
        case .blurred, .dark, .tiny, .clipped: "\(verb("are", "is")) \(title)"
        case .flawedAnswers: "\(verb("have", "has")) only flawed photographs to find"
        case .fewAnswers: "\(verb("have", "has")) at most \(CauseFinder.few) photographs to find"
        case .lookAlike: "\(verb("return", "returns")) a look-alike"
        case .confusedPair: "\(verb("belong", "belongs")) to a confused pair"
        case .hub: "\(verb("return", "returns")) a hub"
        case .unknown: "\(verb("have", "has")) no known factor"
        }
    }
}

/// A cause of a miss with its evidence: a row of `causes.csv`.
public struct CauseRow: Sendable, Equatable {
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let cause: FailureCause
    /// 1 for the most likely factor of the miss, then the others that apply.
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

    /// The same cause at another place among those of its miss.
    func moved(to order: Int) -> CauseRow {
        CauseRow(
            scenario: scenario, queryID: queryID, imageID: imageID, cause: cause, order: order, evidence: evidence)
    }
}

/// Why queries missed, in numbers: `causes` in `evaluation.json`.
public struct CauseSummary: Sendable, Equatable, Codable {
    /// How often a cause applies.
    public struct Tally: Sendable, Equatable, Codable {
        public let cause: FailureCause
        /// The human-readable ``cause``.
        public let title: String
        /// Misses of which it is the most likely factor.
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

    /// The causes among some of the queries.
    public struct Kind: Sendable, Equatable, Codable {
        public let misses: Int
        public let hits: Int
        /// The most telling first.
        public let causes: [Tally]
    }

    /// How misses and causes are counted.
    public let contract: String
    public let misses: Int
    public let hits: Int
    /// Look-alikes and other confused pairs, most often confused first; the key is older than the distinction.
    public let confusedPairs: [ConfusedPair]
    public let hubs: [HubPhotograph]
    /// The most telling first.
    public let causes: [Tally]
    /// Causes other than the views, of queries that are compared with other views on purpose; nil without any, and in
    /// results of older versions.
    public let acrossViews: Kind?
    /// Causes of all other queries; nil as ``acrossViews``.
    public let others: Kind?
    /// The photographs that were queries; nil in results of older versions. One photograph can be a query of several
    /// scenarios.
    public let photographs: Int?
    /// Misses with the correct animal at ``nearRanks``.
    public let nearMisses: Int
    /// Misses with the correct animal further down; nil in results of older versions.
    public let laterMisses: Int?
    /// Misses with no correct photograph among those returned.
    public let absent: Int
    /// What the queries missed and why, in up to three sentences; with misses across views, how both kinds were found.
    public let answer: String

    /// The ranks just behind the first.
    static let nearRanks = 2...5

    private enum CodingKeys: String, CodingKey {
        case contract, misses, hits, hubs, causes, others, photographs, absent, answer
        case acrossViews = "across_views"
        case confusedPairs = "look_alikes"
        case nearMisses = "near_misses"
        case laterMisses = "later_misses"
    }

    /// Counts the outcomes of queries, each of which returned up to `returned` photographs; `causes` has the most telling
    /// first.
    init(
        contract: String, results: [QueryResult], returned: Int, confusedPairs: [ConfusedPair], hubs: [HubPhotograph],
        causes: [Tally], acrossViews: Kind?, others: Kind?
    ) {
        self.contract = contract
        self.confusedPairs = confusedPairs
        self.hubs = hubs
        self.causes = causes
        self.acrossViews = acrossViews
        self.others = others
        let ranks = results.map(\.firstHitRank)
        hits = ranks.count { $0 == 1 }
        misses = ranks.count - hits
        let photographs = Set(results.map(\.imageID)).count
        self.photographs = photographs
        let (near, absent) = (
            ranks.count { $0.map(Self.nearRanks.contains) == true }, ranks.count { $0 == nil }
        )
        (nearMisses, self.absent, laterMisses) = (near, absent, misses - near - absent)
        answer = Outcome(
            misses: misses, hits: hits, near: near, absent: absent, returned: returned
        ).answer(causes)
    }
}

/// The outcome of all queries, as the answer in front of a report says it.
private struct Outcome {
    let misses: Int
    let hits: Int
    let near: Int
    let absent: Int
    /// The most photographs that a query returned.
    let returned: Int

    private static func text(_ count: Int) -> String { NumberText.thousands(Double(count)) }

    private static func share(_ count: Int, of all: Int) -> String {
        NumberText.percent(Double(count) / Double(max(all, 1)), 0)
    }

    func answer(_ causes: [CauseSummary.Tally]) -> String {
        let all = misses + hits
        let queries = NumberText.counted(all, "query", "queries")
        guard misses > 0 else {
            return hits > 0 ? "Every query returns the correct animal first." : "There are no queries."
        }
        let first = "For \(Self.text(misses)) of \(queries), another animal came first."
        let counts = byViews(causes).map { [$0] } ?? [first, main(causes)].compactMap(\.self)
        return (counts + [places]).joined(separator: " ")
    }

    /// How many queries were found in scenarios that compare views on purpose, and in all others; nil without misses of the
    /// former.
    private func byViews(_ causes: [CauseSummary.Tally]) -> String? {
        guard let cross = causes.first(where: { $0.cause == .crossViews }), cross.misses > 0 else { return nil }
        let across = cross.misses + (cross.hits ?? 0)
        let others = misses + hits - across
        func found(_ missed: Int, of all: Int, _ noun: String) -> String {
            "for \(Self.text(all - missed)) of \(Self.text(all))\(noun) (\(Self.share(all - missed, of: all)))"
        }
        let views = "scenarios that compare different views on purpose"
        guard others > 0 else {
            return "In \(views), the correct animal came first \(found(cross.misses, of: across, " queries"))."
        }
        return "Where the database has the query's view, the correct animal came first "
            + "\(found(misses - cross.misses, of: others, " queries")); in \(views), "
            + "\(found(cross.misses, of: across, ""))."
    }

    /// The most telling factor of all misses; nil if none is known.
    private func main(_ causes: [CauseSummary.Tally]) -> String? {
        guard let main = causes.first(where: { $0.first > 0 && $0.cause != .unknown }) else { return nil }
        let clause = main.cause.clause(isPlural: main.misses != 1)
        let compared = main.hits.map { found -> String in
            let such = main.misses + found
            let others = misses + hits - such
            return others > 0
                ? ": \(Self.share(main.misses, of: such)) of \(NumberText.counted(such, "such query", "such queries")) "
                    + "missed, \(Self.share(misses - main.misses, of: others)) of the other \(Self.text(others))" : ""
        }
        return "\(Self.text(main.misses)) of them \(clause)\(compared ?? "")."
    }

    /// Where the correct animal is in the misses.
    private var places: String {
        let ranks = CauseSummary.nearRanks
        let all = NumberText.counted(misses, "miss", "misses")
        return "In \(Self.text(near)) of \(all), the correct animal is at rank "
            + "\(ranks.lowerBound) to \(ranks.upperBound); in \(Self.text(misses - near - absent)) it is further down, in "
            + "\(Self.text(absent)) not among the \(NumberText.counted(returned, "photograph", "photographs")) returned."
    }
}
