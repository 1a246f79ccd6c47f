import Basics

/// Finds why queries missed.
///
/// A query misses if its first match is wrong. Every cause that applies is reported with its evidence; none is a proof.
/// For causes that depend on the query alone, ``CauseSummary/Tally`` also counts the hits to which they apply.
public struct CauseFinder: Sendable {
    /// One query with its ranking.
    public struct Query: Sendable {
        let result: QueryResult
        /// The photographs returned, by rank.
        let answers: [String]

        /// Creates a query.
        public init(_ result: QueryResult, answers: [String]) {
            self.result = result
            self.answers = answers
        }

        var isMiss: Bool { result.firstHitRank != 1 }
    }

    private let queries: [Query]
    private let photographs: [String: NamedPhotograph]
    /// The database's photographs of each animal, by scenario.
    private let answers: [String: [String: [NamedPhotograph]]]
    /// The views of each scenario's database.
    private let databaseViews: [String: Set<String>]
    /// For each animal in training, its views with the number of photographs of each.
    private let trainedViews: [[String: Int]]
    private let fences: QualityFences
    private let hashes: [String: UInt64]
    private let hashLimit: Int
    private let suspects: SuspectNames
    private let confusions: Confusions
    private let hubs: Hubs
    /// The causes in the order in which they are a miss's most likely factor: of all queries, and of each kind.
    private var order = FailureCause.allCases
    private var orderAcrossViews = FailureCause.allCases
    private var orderOfOthers = FailureCause.allCases

    /// With at most this many correct photographs, the database has few.
    static let few = 2

    /// Collects the evidence for causes.
    ///
    /// - Parameters:
    ///   - queries: All of them, including hits.
    ///   - photographs: Every photograph of queries, databases and training.
    ///   - databases: The database photographs of each scenario.
    ///   - training: The photographs that train.
    ///   - quality: The measures of every measured photograph.
    ///   - hashes: Perceptual hashes by image_id.
    ///   - hashLimit: The largest number of bits in which the hashes of near-duplicates differ.
    ///   - suspects: Names to check.
    /// - Complexity: O(queries · answers + photographs log photographs).
    public init(
        queries: [Query], photographs: [NamedPhotograph], databases: [String: [String]], training: Set<String>,
        quality: [String: PhotographQuality], hashes: [String: UInt64], hashLimit: Int, suspects: [IdentitySuspect]
    ) {
        self.queries = queries
        self.photographs = Dictionary(photographs.map { ($0.id, $0) }) { first, _ in first }
        let trained = Dictionary(grouping: photographs.filter { training.contains($0.id) }, by: \.whaleID)
        trainedViews = trained.sorted { $0.key < $1.key }
            .map { Dictionary(grouping: $0.value, by: \.viewpoint).mapValues(\.count) }
        fences = QualityFences(quality)
        self.hashes = hashes
        self.hashLimit = hashLimit
        self.suspects = SuspectNames(suspects)
        confusions = Confusions(queries, photographs: self.photographs)
        hubs = Hubs(queries, databases: databases)
        let known = self.photographs
        answers = databases.mapValues { Dictionary(grouping: $0.compactMap { known[$0] }, by: \.whaleID) }
        databaseViews = databases.mapValues { Set($0.compactMap { known[$0]?.viewpoint }) }
        order = telling(of: queries) ?? FailureCause.allCases
        let across = telling(of: queries.filter { isAcrossViews($0.result) })
        let others = telling(of: queries.filter { !isAcrossViews($0.result) })
        orderAcrossViews = across ?? others ?? order
        orderOfOthers = others ?? across ?? order
    }

    /// A smaller difference between the shares of misses and of hits, from 0 to 1, explains nothing.
    public static let difference = 0.02
    /// With fewer misses or hits of one kind, the order of the other kind holds; if both have few, all are compared.
    public static let comparable = 5

    /// Causes that need no comparison come first, then those of the query that hold for a larger share of the misses than
    /// of the hits, by the difference; then those of the wrong match, those that hold as often for hits or more, and
    /// names in doubt, which question the query rather than its matches. Nil for too few queries of one kind.
    private func telling(of queries: [Query]) -> [FailureCause]? {
        func causes(_ queries: [Query]) -> [Set<FailureCause>] { queries.map { Set(inQuery($0.result).map(\.cause)) } }
        let misses = causes(queries.filter { $0.isMiss && $0.result.isAnswerable })
        let hits = causes(queries.filter { !$0.isMiss })
        let isAll = queries.count == self.queries.count
        guard isAll || min(misses.count, hits.count) >= Self.comparable else { return nil }
        func share(_ sets: [Set<FailureCause>], _ cause: FailureCause) -> Double {
            Double(sets.count { $0.contains(cause) }) / Double(max(1, sets.count))
        }
        let compared = FailureCause.allCases.filter { Self.liesInQuery($0) && $0 != .noAnswer }
            .map { (cause: $0, excess: share(misses, $0) - share(hits, $0)) }
        let sorted = compared.enumerated().sorted { ($1.element.excess, $0.offset) < ($0.element.excess, $1.offset) }
            .map(\.element)
        return [.noAnswer, .nearDuplicate] + sorted.filter { $0.excess >= Self.difference }.map(\.cause)
            + [.hub] + sorted.filter { $0.excess < Self.difference }.map(\.cause) + [
                .suspectLabel, .unknown,
            ]
    }

    /// The causes of every miss, in the order of the queries.
    public func rows() -> [CauseRow] {
        queries.filter(\.isMiss).flatMap { query in
            var found = inQuery(query.result) + (query.result.isAnswerable ? inAnswers(query) : [])
            if found.isEmpty { found = [(.unknown, "no known factor applies")] }
            let isAcross = found.contains { $0.cause == .crossViews }
            // All queries of the kind have this one, so the comparison does not place it.
            let order = isAcross ? [.crossViews] + orderAcrossViews.filter { $0 != .crossViews } : orderOfOthers
            let sorted = order.flatMap { cause in found.filter { $0.cause == cause } }
            return sorted.enumerated().map { place, entry in
                CauseRow(
                    scenario: query.result.scenario, queryID: query.result.queryID, imageID: query.result.imageID,
                    cause: entry.cause, order: place + 1, evidence: entry.evidence)
            }
        }
    }

    /// Every cause that applies to any query, with its counts, the most telling first.
    public func tallies(of rows: [CauseRow]) -> [CauseSummary.Tally] { tallies(of: rows, in: queries, by: order) }

    private func tallies(
        of rows: [CauseRow], in queries: [Query], by order: [FailureCause]
    ) -> [CauseSummary.Tally] {
        let misses = queries.count(where: \.isMiss)
        let hits = queries.filter { !$0.isMiss }.map { Set(inQuery($0.result).map(\.cause)) }
        return order.map { cause in
            let own = rows.filter { $0.cause == cause }
            return CauseSummary.Tally(
                cause: cause, first: own.count { $0.order == 1 }, misses: Set(own.map(\.queryID)).count,
                ofMisses: misses,
                hits: Self.liesInQuery(cause) ? hits.count { $0.contains(cause) } : nil)
        }.filter { $0.misses > 0 || ($0.hits ?? 0) > 0 }
    }

    /// The number of misses, each cause that applies to any, confused pairs and hubs.
    public func summary(of rows: [CauseRow]) -> CauseSummary {
        let isAcross = Set(queries.map(\.result).filter(isAcrossViews).map(\.queryID))
        func kind(_ isOfKind: Bool) -> CauseSummary.Kind? {
            let own = queries.filter { isAcross.contains($0.result.queryID) == isOfKind }
            guard !isAcross.isEmpty, !own.isEmpty else { return nil }
            // Without the factor that all of the kind have, the next is the first.
            let rows = rows.filter { isAcross.contains($0.queryID) == isOfKind && $0.cause != .crossViews }
                .map { isOfKind ? $0.moved(to: $0.order - 1) : $0 }
            let misses = own.count(where: \.isMiss)
            return CauseSummary.Kind(
                misses: misses, hits: own.count - misses,
                causes: tallies(of: rows, in: own, by: (isOfKind ? orderAcrossViews : orderOfOthers))
                    .filter { $0.cause != .crossViews })
        }
        return CauseSummary(
            contract: contract, results: queries.map(\.result), returned: queries.map(\.answers.count).max() ?? 0,
            confusedPairs: confusions.pairs, hubs: hubs.photographs, causes: tallies(of: rows), acrossViews: kind(true),
            others: kind(false))
    }

    private func isAcrossViews(_ query: QueryResult) -> Bool {
        query.isAnswerable && otherView(query)?.cause == .crossViews
    }

    /// How misses and causes are counted.
    private var contract: String {
        """
        A query misses if its first match is wrong. Factors whose share of the misses is larger than that of the \
        hits by at least \(NumberText.fixed(100 * Self.difference, 0)) percentage points come first, by the \
        difference; the first that applies is a miss's most likely factor. One without a count of hits depends on \
        the wrong match. A scenario compares views on purpose if its database has no photograph of the query's view; \
        its queries are compared with each other, because this factor would hide all others. With fewer than \
        \(Self.comparable) misses or hits of one kind of scenario, the order of the other kind holds. \
        Near-duplicates differ in at most \(hashLimit) of 64 bits of the perceptual hash. Blurred, dark, small and \
        clipped photographs lie beyond the outer quartiles of all photographs by more than one and a half times the \
        interquartile range: in sharpness and clipping within the animal's outline, else in its box, else in the \
        middle of the photograph; in brightness and size all over the box or photograph. A query has only flawed \
        photographs to find if this holds for all correct ones of its view, or for all correct ones if none has \
        its view. Few photographs are \(Self.few) or fewer. A confused pair is two animals mistaken for each other; they \
        are look-alikes if this happened at least once between photographs of one view. A hub is a wrong match in the \
        top \(Hubs.depth) of more queries than the mean database photograph, by \
        \(NumberText.fixed(Hubs.deviations, 0)) standard deviations.
        """
    }

    private static func liesInQuery(_ cause: FailureCause) -> Bool {
        switch cause {
        case .noAnswer, .crossViews, .otherView, .unseenViews, .blurred, .dark, .tiny, .clipped, .flawedAnswers,
            .fewAnswers:
            true
        case .nearDuplicate, .suspectLabel, .lookAlike, .confusedPair, .hub, .unknown: false
        }
    }

    // MARK: Conditions

    private typealias Found = (cause: FailureCause, evidence: String)

    private func inQuery(_ query: QueryResult) -> [Found] {
        guard query.isAnswerable else {
            let animal = query.whaleID.isEmpty ? "the query's unnamed animal" : query.whaleID
            return [(.noAnswer, "the database has no photograph of \(animal)")]
        }
        var found = fences.flaws(of: query.imageID).map { Found($0.cause, $0.evidence) }
        if let other = otherView(query) { found.append(other) }
        if let evidence = unseenViews(query) { found.append((.unseenViews, evidence)) }
        if let evidence = flawedAnswers(query) { found.append((.flawedAnswers, evidence)) }
        if query.relevant <= Self.few {
            let count = NumberText.counted(query.relevant, "photograph", "photographs")
            found.append((.fewAnswers, "the database has \(count) of \(query.whaleID)"))
        }
        return found
    }

    /// The query's correct photographs.
    private func correct(_ query: QueryResult) -> [NamedPhotograph] {
        answers[query.scenario]?[query.whaleID]?.filter { $0.id != query.imageID } ?? []
    }

    /// The views of the query's correct photographs, by name.
    private func correctViews(_ query: QueryResult) -> [String] { Set(correct(query).map(\.viewpoint)).sorted() }

    /// The flaws of the correct photographs of the query's view, or of all if none has it; nil if one has no flaw.
    private func flawedAnswers(_ query: QueryResult) -> String? {
        let own = photographs[query.imageID]?.viewpoint
        let all = correct(query)
        let inView = own == NamedPhotograph.unknownView ? [] : all.filter { $0.viewpoint == own }
        let sought = inView.isEmpty ? all : inView
        let flaws = sought.map { Set(fences.flaws(of: $0.id).map(\.cause)) }
        guard let first = sought.first, flaws.allSatisfy({ !$0.isEmpty }) else { return nil }
        let kinds = FailureCause.allCases.filter { cause in flaws.contains { $0.contains(cause) } }.map(\.title)
        let view = inView.isEmpty ? "" : "\(own ?? "") "
        return sought.count == 1
            ? "the only \(view)photograph of \(query.whaleID) to find, \(first.id), is \(kinds.joined(separator: " and "))"
            : "all \(sought.count) \(view)photographs of \(query.whaleID) to find are \(kinds.joined(separator: " or "))"
    }

    /// Why no correct photograph has the query's view: the scenario's database has none of any animal, or none of this
    /// one; nil if one has, or a view is not recorded.
    private func otherView(_ query: QueryResult) -> Found? {
        let views = correctViews(query)
        guard let own = photographs[query.imageID]?.viewpoint, !views.isEmpty, !views.contains(own),
            !(views + [own]).contains(NamedPhotograph.unknownView)
        else { return nil }
        let all = databaseViews[query.scenario, default: []]
        guard all.contains(own) || all.contains(NamedPhotograph.unknownView) else {
            let others = all.sorted().joined(separator: " and ")
            return (
                .crossViews, "the query is a \(own) view; the database of \(query.scenario) has only \(others) views"
            )
        }
        let text = views.joined(separator: " and ")
        return (.otherView, "the query is a \(own) view; the database has only \(text) views of \(query.whaleID)")
    }

    private func unseenViews(_ query: QueryResult) -> String? {
        let views = correctViews(query)
        guard let own = photographs[query.imageID]?.viewpoint, !trainedViews.isEmpty, !views.isEmpty else { return nil }
        let isSeen = views.contains { view in
            trainedViews.contains { $0[own, default: 0] >= (view == own ? 2 : 1) && $0[view] != nil }
        }
        return isSeen
            ? nil
            : "none of \(NumberText.counted(trainedViews.count, "animal", "animals")) in training has photographs of "
                + "both its \(own) and its \(views.joined(separator: " or "))"
    }

    private func inAnswers(_ query: Query) -> [Found] {
        guard let first = query.answers.first, let answer = photographs[first] else { return [] }
        let (asked, whale) = (query.result, answer.whaleID)
        var found: [Found] = []
        if let one = hashes[asked.imageID], let other = hashes[first] {
            let bits = (one ^ other).nonzeroBitCount
            if bits <= hashLimit {
                found.append((.nearDuplicate, "\(first) of \(whale) differs in \(bits) of 64 bits of the hash"))
            }
        }
        if let evidence = suspects.evidence(query: asked, whale) { found.append((.suspectLabel, evidence)) }
        if let evidence = hubs.evidence(first, in: asked.scenario) { found.append((.hub, evidence)) }
        return found
    }
}

/// Names to check, by name and by photograph.
struct SuspectNames: Sendable {
    private let merges: [Set<String>: Double]
    private let moved: [String: IdentitySuspect]

    init(_ suspects: [IdentitySuspect]) {
        let open = suspects.filter { $0.decision != .reject }
        merges = Dictionary(
            open.filter { $0.kind == .merge }.map { ([$0.whaleID, $0.otherWhaleID], $0.score) }, uniquingKeysWith: max)
        moved = Dictionary(
            open.filter { $0.kind == .split }.flatMap { suspect in suspect.imageIDs.map { ($0, suspect) } }
        ) { first, _ in first }
    }

    func evidence(query: QueryResult, _ answer: String) -> String? {
        if let score = merges[[query.whaleID, answer]] {
            return "\(query.whaleID) and \(answer) may be one animal (\(NumberText.fixed(score, 2)))"
        }
        return moved[query.imageID].map {
            "\(query.imageID) may not show \(query.whaleID) (\(NumberText.fixed($0.score, 2)))"
        }
    }
}

/// How often the first match of one animal's queries is another animal, although the database has the correct one.
struct Confusions: Sendable {
    private struct Pair: Hashable { let asked, answered: String }

    /// How often one animal was mistaken for another, with the photographs of the first case; one in which both show
    /// the same view comes before others.
    private struct Mistakes {
        private(set) var count = 0
        private(set) var sameView = 0
        private var query = "", answer = ""

        mutating func add(query: String, answer: String, isSameView: Bool) {
            if count == 0 || isSameView && sameView == 0 { (self.query, self.answer) = (query, answer) }
            count += 1
            if isSameView { sameView += 1 }
        }

        var direction: ConfusedPair.Direction {
            .init(count: count, sameView: sameView, queryImageID: query, answerImageID: answer)
        }
    }

    private let mistakes: [Pair: Mistakes]

    init(_ queries: [CauseFinder.Query], photographs: [String: NamedPhotograph]) {
        var mistakes: [Pair: Mistakes] = [:]
        // Without a correct photograph in the database, a wrong first match is not a confusion.
        for query in queries where query.isMiss && query.result.isAnswerable && !query.result.whaleID.isEmpty {
            guard let first = query.answers.first, let answer = photographs[first] else { continue }
            let view = photographs[query.result.imageID]?.viewpoint
            mistakes[Pair(asked: query.result.whaleID, answered: answer.whaleID), default: Mistakes()].add(
                query: query.result.imageID, answer: first,
                isSameView: view == answer.viewpoint && view != NamedPhotograph.unknownView)
        }
        self.mistakes = mistakes
    }

    /// Two animals, if each was mistaken for the other; the first by name comes first.
    func pair(_ one: String, _ other: String) -> ConfusedPair? {
        let (first, second) = (min(one, other), max(one, other))
        guard first != second, let there = mistakes[Pair(asked: first, answered: second)],
            let back = mistakes[Pair(asked: second, answered: first)]
        else { return nil }
        return ConfusedPair(whaleID: first, otherWhaleID: second, there: there.direction, back: back.direction)
    }

    /// The pairs of animals that are mistaken for each other, most often first.
    var pairs: [ConfusedPair] {
        mistakes.keys.filter { $0.asked < $0.answered }.compactMap { pair($0.asked, $0.answered) }.sorted {
            (-$0.there.count - $0.back.count, $0.whaleID, $0.otherWhaleID)
                < (-$1.there.count - $1.back.count, $1.whaleID, $1.otherWhaleID)
        }
    }
}

/// Photographs that are wrong matches for many queries.
///
/// Source: Radovanović, Nanopoulos, Ivanović, JMLR 11, 2010 (bad k-occurrences).
struct Hubs: Sendable {
    /// The number of ranks that count.
    static let depth = 10
    /// How many standard deviations a hub is above the mean.
    static let deviations = 3.0

    private struct Lists {
        let counts: [String: Int]
        let queries: Int
        let mean: Double
        let threshold: Double

        /// A single time may be chance.
        func isHub(_ count: Int) -> Bool { count > 1 && Double(count) > threshold }
    }

    private let scenarios: [String: Lists]

    init(_ queries: [CauseFinder.Query], databases: [String: [String]]) {
        scenarios = Dictionary(grouping: queries, by: \.result.scenario).compactMapValues { own in
            guard let size = own.first.flatMap({ databases[$0.result.scenario]?.count }), size > 0 else { return nil }
            var counts: [String: Int] = [:]
            for query in own {
                for (id, row) in zip(query.answers, query.result.answers).prefix(Self.depth) where !row.isRelevant {
                    counts[id, default: 0] += 1
                }
            }
            // Photographs that never come up count as well.
            let values = counts.values.map(Double.init)
            let mean = values.reduce(0, +) / Double(size)
            let square = values.reduce(0) { $0 + $1 * $1 } / Double(size)
            let deviation = max(square - mean * mean, 0).squareRoot()
            return Lists(
                counts: counts, queries: own.count, mean: mean, threshold: mean + Self.deviations * deviation)
        }
    }

    func evidence(_ id: String, in scenario: String) -> String? {
        guard let lists = scenarios[scenario], let count = lists.counts[id], lists.isHub(count) else { return nil }
        return "\(id) is a wrong match in the top \(Self.depth) of \(count) of \(lists.queries) queries; the mean "
            + "photograph in that of \(NumberText.fixed(lists.mean, 1))"
    }

    /// All hubs, most often wrong first.
    var photographs: [HubPhotograph] {
        scenarios.flatMap { scenario, lists in
            lists.counts.filter { lists.isHub($0.value) }.map { id, count in
                HubPhotograph(
                    imageID: id, scenario: scenario, wrong: count, queries: lists.queries, mean: lists.mean)
            }
        }.sorted { (-$0.wrong, $0.imageID, $0.scenario) < (-$1.wrong, $1.imageID, $1.scenario) }
    }
}
