import Basics
import Catalog
import Evaluation
import Options
import Results

struct ActionList: CellKind {
    static let name = "what-to-do"
    static let summary = """
        What to do next, from the results: sides of animals to photograph, names to check, photographs that are hard \
        to match, when to trust a first match, and which photographs come first wrongly most often. A point without \
        data is left out.
        """
    static let stages: [StageName] = [.split, .measure, .search, .fuse, .expand, .evaluate]

    @Option("The label of the section with the names to check, to which the point links.")
    var names: String? = nil
    @Option("The number of animals that a point names.", in: 1...100)
    var count = 5

    /// A point, and what it is made from.
    struct Point {
        /// What to do.
        let advice: AnimalText
        /// The number that justifies it.
        let reason: AnimalText
        /// What the point lists, each in a line.
        var items: [AnimalText] = []
        /// Folded tables behind the point.
        var details: [(summary: String, table: Table)] = []
        /// The section with more about it.
        var section: String?

        var markdown: String {
            let texts =
                ["**\(advice.markdown)**", reason.markdown] + [section.map { "[More](#\($0))" }].compactMap(\.self)
            return "- " + texts.filter { !$0.isEmpty }.joined(separator: " ")
                + items.map { "\n  - \($0.markdown)" }.joined()
        }
    }

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let catalog = try context.artefacts.catalog()
        let answers = try context.nodeIfPresent(.expand).map {
            try context.artefacts.answers(ExpandFiles.neighbours, in: $0.directory)
        }
        let databases = try databases(context)
        let ownViews = OwnViews(evaluation.queries, databases: databases, in: catalog)
        let trusted = try answers.flatMap { try trust(context, evaluation, catalog, $0, ownViews) }
        let points = [
            FieldWork(catalog, evaluation.queries, databases: databases)
                .point(count, tested: ownViews.views),
            try namesToCheck(context),
            try photographs(context, catalog, evaluation),
            trusted,
            answers.flatMap { WrongFirsts(catalog, evaluation.queries, answers: $0) }?
                .point(count, catalog, context.links),
            trusted.flatMap { _ in Self.firstFew(evaluation) },
        ].compactMap(\.self)
        guard !points.isEmpty else { return CellContent(notes: ["Nothing follows from these results."]) }
        let details = points.flatMap(\.details).map { CellContent.Part.folded(summary: $0.summary, $0.table) }
        return CellContent(
            parts: [.markdown(points.map(\.markdown).joined(separator: "\n"))] + details,
            values: ["points": .number(Double(points.count))])
    }

    /// The database photographs of each scenario; empty if the run does not know them.
    private func databases(_ context: CellContext) throws -> [String: [String]] {
        let set = try context.nodeIfPresent(.split).flatMap {
            try context.artefacts.readIfPresent(SplitFiles.scenarios, of: $0)
        }
        return Dictionary((set?.scenarios ?? []).map { ($0.id, $0.database) }) { first, _ in first }
    }

    private func namesToCheck(_ context: CellContext) throws -> Point? {
        guard let node = context.nodeIfPresent(.search), SearchFiles.suspects.exists(in: node.directory) else {
            return nil
        }
        let open = try SuspectList(node, context.artefacts).entries.filter(\.isOpen)
        guard let first = open.first else { return nil }
        let weak = open.count(where: \.groups.isOneOccasion)
        let those = weak == open.count ? "In each" : "In \(weak) of them"
        let remark =
            weak == 0 ? "" : "\(those), one group is of a single encounter or day, so light and water may explain it."
        let animal = first.groups.suspect.whaleID
        return Point(
            advice: open.count == 1
                ? "Check 1 name: \(animal: animal)." : "Check \(open.count) names, first \(animal: animal).",
            reason: "\(remark)", section: names)
    }

    /// Photographs with flaws, and whether their queries miss more often.
    private func photographs(
        _ context: CellContext, _ catalog: Catalog, _ evaluation: EvaluationView
    ) throws -> Point? {
        guard let node = context.nodeIfPresent(.measure),
            let quality = try context.artefacts.readIfPresent(MeasureFiles.measures, of: node)?.quality
        else { return nil }
        let fences = QualityFences(quality)
        let flawed = catalog.photographs.map { ($0, fences.flaws(of: $0.id)) }.filter { !$0.1.isEmpty }
        guard !flawed.isEmpty else { return nil }
        let answerable = evaluation.queries.filter { $0.relevant > 0 }
        func queries(of ids: Set<String>) -> [QueryRow] { answerable.filter { ids.contains($0.imageID) } }
        func missed(_ queries: [QueryRow]) -> Int { queries.count { $0.firstHitRank != 1 } }
        func share(_ queries: [QueryRow]) -> Double { Double(missed(queries)) / Double(max(1, queries.count)) }
        let ids = Set(flawed.map { $0.0.id })
        let good = answerable.filter { !ids.contains($0.imageID) }
        let kinds = FailureCause.allCases.compactMap { cause -> (cause: FailureCause, ids: Set<String>)? in
            let photographs = Set(flawed.filter { $0.1.contains { $0.cause == cause } }.map(\.0.id))
            return photographs.isEmpty ? nil : (cause, photographs)
        }
        // The flaws whose queries missed more often than those without a flaw.
        let telling = kinds.filter { kind in
            let own = queries(of: kind.ids)
            return !own.isEmpty && !good.isEmpty && share(own) - share(good) >= CauseFinder.difference
        }
        let titles = telling.map(\.cause.title).joined(separator: " or ")
        let worse = queries(of: telling.reduce(into: []) { $0.formUnion($1.ids) })
        let compared =
            telling.isEmpty
            ? ""
            : " Of \(NumberText.counted(worse.count, "query", "queries")) that \(worse.count == 1 ? "is" : "are") \(titles), \(missed(worse)) missed "
                + "(\(NumberText.percent(share(worse), 0))); of those without a flaw, \(NumberText.percent(share(good), 0))."
        let limits = Table(
            columns: [
                .init("Flaw"), .init("Limit"), .init("Photographs", .right), .init("Queries", .right),
                .init("Missed", .right),
            ],
            rows: kinds.map { kind -> [Table.Cell] in
                let own = queries(of: kind.ids)
                return [
                    .text(kind.cause.title), .text(fences.limit(of: kind.cause) ?? "–"), .text(String(kind.ids.count)),
                    .text(String(own.count)), .text(String(missed(own))),
                ]
            })
        // Those whose queries missed come first.
        let ordered = flawed.map { (photograph: $0.0, flaws: $0.1, queries: queries(of: [$0.0.id])) }
            .enumerated().sorted {
                (-missed($0.element.queries), $0.offset) < (-missed($1.element.queries), $1.offset)
            }.map(\.element)
        let table = Table(
            columns: ["Photograph", "Animal", "View", "Flaws"].map { .init($0) } + [
                .init("Queries", .right), .init("Missed", .right),
            ],
            rows: ordered.map { photograph, flaws, queries -> [Table.Cell] in
                [
                    catalog.photographCell(photograph.id, context.links),
                    photograph.whaleID.map { .animal($0) } ?? "–", .text(photograph.viewpoint.rawValue),
                    .text(flaws.map(\.cause.title).joined(separator: ", ")),
                    .text(queries.isEmpty ? "–" : String(queries.count)),
                    .text(queries.isEmpty ? "–" : String(missed(queries))),
                ]
            })
        let all = NumberText.counted(catalog.photographs.count, "photograph", "photographs")
        let above = telling.isEmpty ? "" : ", above all none that are \(titles)"
        return Point(
            advice: "Take better photographs where you can\(above).",
            reason: "\(flawed.count) of \(all) \(flawed.count == 1 ? "has" : "have") a flaw.\(compared)",
            details: [
                ("Flaws and their limits", limits),
                (NumberText.counted(flawed.count, "photograph with a flaw", "photographs with a flaw"), table),
            ])
    }

    /// The lowest score from which nearly all first matches are correct.
    private func trust(
        _ context: CellContext, _ evaluation: EvaluationView, _ catalog: Catalog,
        _ answers: [String: [Rankings.Answer]], _ ownViews: OwnViews
    ) throws -> Point? {
        guard let found = TrustedScore(evaluation.queries, answers: answers) else { return nil }
        let least = NumberText.fixed(found.least, 2)
        let score = try isProbability(context) ? "probability" : "score"
        func share(_ correct: Int, _ all: Int) -> String {
            all > 0 ? NumberText.percent(Double(correct) / Double(all), 0) : "–"
        }
        let below =
            found.below > 0
            ? " Below it, compare by eye: \(share(found.correctBelow, found.below)) of \(found.below) were correct."
            : ""
        return Point(
            advice: "Trust a first match with a \(score) of \(least) or more, which stands under it.",
            reason: AnimalText(
                [
                    "\(found.correctAbove) of \(found.above) (\(share(found.correctAbove, found.above))) were correct; ",
                    "expect slightly less on other queries.",
                    Self.exceptions(evaluation, catalog, answers, from: found.least),
                    "\(below)\(Self.wrongMatches(evaluation, catalog, answers, from: found.least))",
                ], separator: ""),
            details: Self.byView(evaluation, answers, ownViews, from: found.least).map {
                [("First matches by their score and view", $0)]
            } ?? [])
    }

    /// How many best wrong matches have at least a score, as those of an animal that the database lacks may.
    private static func wrongMatches(
        _ evaluation: EvaluationView, _ catalog: Catalog, _ answers: [String: [Rankings.Answer]], from least: Double
    ) -> String {
        let best = evaluation.queries.filter { $0.relevant > 0 }.compactMap { query in
            answers[query.id]?.first { catalog[$0.imageID]?.whaleID != query.whaleID }
        }
        guard !best.isEmpty else { return "" }
        let high = best.count { Double($0.score) >= least }
        return
            " An animal that the database lacks can reach it, too: in \(high) of \(best.count) queries, another animal does."
    }

    /// How many first matches are correct from a score and below it, with the query's view in the database and without;
    /// nil unless there are both.
    private static func byView(
        _ evaluation: EvaluationView, _ answers: [String: [Rankings.Answer]], _ ownViews: OwnViews, from least: Double
    ) -> Table? {
        let first = evaluation.queries.filter { $0.relevant > 0 }.compactMap { query in
            answers[query.id]?.first.map { (query: query, isTrusted: Double($0.score) >= least) }
        }
        guard first.allSatisfy({ ownViews.isKnown($0.query) }) else { return nil }
        let groups = [true, false].flatMap { isTrusted in
            [true, false].map { isOwn in
                (
                    isTrusted: isTrusted, isOwn: isOwn,
                    queries: first.filter { $0.isTrusted == isTrusted && ownViews.contains($0.query) == isOwn }
                )
            }
        }.filter { !$0.queries.isEmpty }
        guard Set(groups.map(\.isOwn)).count == 2 else { return nil }
        return Table(
            columns: [
                .init("Score"), .init("Query's view"), .init("Queries", .right), .init("Correct", .right),
                .init("Share", .right),
            ],
            rows: groups.map { group in
                let correct = group.queries.count { $0.query.firstHitRank == 1 }
                return [
                    "\(group.isTrusted ? "from" : "below") \(NumberText.fixed(least, 2))",
                    group.isOwn ? "in the database" : "not in the database", String(group.queries.count),
                    String(correct),
                    NumberText.percent(Double(correct) / Double(group.queries.count), 0),
                ].map { .text($0) }
            })
    }

    /// The animal that all wrong first matches with at least a score show; empty if there is none.
    private static func exceptions(
        _ evaluation: EvaluationView, _ catalog: Catalog, _ answers: [String: [Rankings.Answer]], from least: Double
    ) -> AnimalText {
        let wrong = evaluation.queries.filter { $0.relevant > 0 && $0.firstHitRank != 1 }
            .compactMap { answers[$0.id]?.first }.filter { Double($0.score) >= least }
            .map { catalog[$0.imageID]?.whaleID }
        guard wrong.count > 1, let animal = wrong[0], !animal.isEmpty, Set(wrong).count == 1 else { return "" }
        return " All \(wrong.count) exceptions show \(animal: animal)."
    }

    /// How many queries have the correct animal among the first few matches, if that is more than the first.
    private static func firstFew(_ evaluation: EvaluationView) -> Point? {
        let ranks = evaluation.queries.filter { $0.relevant > 0 }.map { $0.firstHitRank ?? .max }
        let (one, few) = (ranks.count { $0 == 1 }, ranks.count { $0 <= depth })
        guard few > one else { return nil }
        return Point(
            advice: "Look through the first \(depth) matches before you decide that the database lacks an animal.",
            reason: """
                They show the correct animal for \(few) of \(ranks.count) queries whose animal it has \
                (\(NumberText.percent(Double(few) / Double(ranks.count), 0))).
                """)
    }

    /// How many matches a person looks through without effort.
    private static let depth = 5

    /// Whether scores are calibrated probabilities that both photographs show one animal, joined with matched marks.
    private func isProbability(_ context: CellContext) throws -> Bool {
        guard let node = context.nodeIfPresent(.fuse),
            let fusion = try context.artefacts.readIfPresent(FuseFiles.fusion, of: node)
        else { return false }
        return fusion.absence == nil
    }
}

/// The queries whose view the database of their scenario has, of any animal.
private struct OwnViews {
    /// The views of these queries.
    let views: [Viewpoint]
    private let known: Set<String>
    private let queries: Set<String>

    /// `databases` has the database photographs of each scenario.
    init(_ queries: [QueryRow], databases: [String: [String]], in catalog: Catalog) {
        let held = databases.mapValues { Set($0.compactMap { catalog[$0]?.viewpoint }) }
        let own = queries.filter { query in
            query.relevant > 0 && held[query.scenario]?.contains(Viewpoint(query.viewpoint)) == true
        }
        views = Viewpoint.inOrder(own.map { Viewpoint($0.viewpoint) })
        known = Set(held.keys)
        self.queries = Set(own.map(\.id))
    }

    /// Whether the run knows the database of a query's scenario.
    func isKnown(_ query: QueryRow) -> Bool { known.contains(query.scenario) }

    func contains(_ query: QueryRow) -> Bool { queries.contains(query.id) }
}

/// The lowest of some round scores from which nearly all first matches are correct.
struct TrustedScore: Equatable {
    let least: Double
    let above: Int
    let correctAbove: Int
    let below: Int
    let correctBelow: Int

    /// The share that must be correct.
    private static let share = 0.95
    /// The fewest first matches that support a limit.
    private static let fewest = 20

    /// Reads the first matches of answerable queries.
    init?(_ queries: [QueryRow], answers: [String: [Rankings.Answer]]) {
        self.init(
            queries.filter { $0.relevant > 0 }.compactMap { query in
                answers[query.id]?.first.map { (score: Double($0.score), isCorrect: query.firstHitRank == 1) }
            })
    }

    /// Nil if no score has enough first matches that are correct.
    init?(_ first: [(score: Double, isCorrect: Bool)]) {
        for step in 0..<20 {
            let least = Double(step) / 20
            let above = first.filter { $0.score >= least }
            let correct = above.count { $0.isCorrect }
            guard above.count >= Self.fewest else { return nil }
            guard Double(correct) >= Self.share * Double(above.count) else { continue }
            self.least = least
            self.above = above.count
            correctAbove = correct
            below = first.count - above.count
            correctBelow = first.count { $0.isCorrect } - correct
            return
        }
        return nil
    }
}
