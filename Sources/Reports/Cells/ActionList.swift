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
        let text: AnimalText
        /// What the point lists, each in a line.
        var items: [AnimalText] = []
        var details: (summary: String, table: Table)?
        /// The section with more about it.
        var section: String?

        var markdown: String {
            "- \(text.markdown)" + (section.map { " [More](#\($0))" } ?? "")
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
                .point(count, evidence: Self.evidence(evaluation.result.causes, ownViews)),
            try namesToCheck(context),
            try photographs(context, catalog, evaluation),
            trusted, answers.flatMap { WrongFirsts(catalog, evaluation.queries, answers: $0) }?.point(count),
            trusted.flatMap { _ in Self.firstFew(evaluation) },
        ].compactMap(\.self)
        guard !points.isEmpty else { return CellContent(notes: ["Nothing follows from these results."]) }
        let details = points.compactMap(\.details).map { CellContent.Part.folded(summary: $0.summary, $0.table) }
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

    private static func missed(_ misses: Int, of all: Int) -> String {
        "\(misses) of \(all) (\(NumberText.percent(Double(misses) / Double(max(1, all)), 0)))"
    }

    /// How often queries missed with their view in the database and without; empty unless some queries were compared with
    /// other views on purpose, and some were not.
    private static func evidence(_ causes: CauseSummary, _ ownViews: OwnViews) -> String {
        guard let across = causes.acrossViews, let others = causes.others else { return "" }
        let (asked, askedAcross) = (others.misses + others.hits, across.misses + across.hits)
        let only = ownViews.views.count == 1 ? " (only \(ownViews.views[0].rawValue) views)" : ""
        let advice =
            others.misses * askedAcross < across.misses * asked
            ? " Above all, photograph the view that most queries will show:" : ""
        let lead = advice.isEmpty ? " With" : "\(advice) with"
        return
            "\(lead) it in the database\(only), \(missed(others.misses, of: asked)) missed; compared with other views, "
            + "\(missed(across.misses, of: askedAcross))."
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
            weak == 0
            ? "" : " \(those), one group is of a single encounter or day, so light and water may explain it."
        let animal = first.groups.suspect.whaleID
        return Point(
            text: AnimalText(
                [
                    open.count == 1
                        ? "Check 1 name: \(animal: animal)." : "Check \(open.count) names, first \(animal: animal).",
                    "\(remark)",
                ], separator: ""), section: names)
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
        let causes = try context.nodeIfPresent(.evaluate).flatMap {
            try context.artefacts.readIfPresent(EvaluateFiles.causes, of: $0)
        }
        let acrossViews = Set((causes ?? []).filter { $0.cause == .crossViews }.map(\.queryID))
        let ids = Set(flawed.map { $0.0.id })
        let (bad, good) = (
            answerable.filter { ids.contains($0.imageID) }, answerable.filter { !ids.contains($0.imageID) }
        )
        func missRate(_ queries: [QueryRow]) -> Double {
            Double(queries.count { $0.firstHitRank != 1 }) / Double(max(1, queries.count))
        }
        // The flaws whose queries missed more often than those without a flaw.
        var telling: [String] = []
        let kinds = FailureCause.allCases.compactMap { cause -> String? in
            let photographs = Set(flawed.filter { $0.1.contains { $0.cause == cause } }.map(\.0.id))
            guard !photographs.isEmpty else { return nil }
            let queries = answerable.filter { photographs.contains($0.imageID) }
            if !queries.isEmpty, !good.isEmpty, missRate(queries) - missRate(good) >= CauseFinder.difference {
                telling.append(cause.title)
            }
            let limit = fences.limit(of: cause).map { ": \($0)" } ?? ""
            let missed =
                queries.isEmpty
                ? "" : ", \(queries.count { $0.firstHitRank != 1 }) of \(queries.count) queries missed"
            return "\(photographs.count) \(cause.title)\(limit)\(missed)"
        }
        func missed(_ queries: [QueryRow]) -> String {
            let missed = queries.filter { $0.firstHitRank != 1 }
            let share = NumberText.percent(missRate(queries), 0)
            let across = missed.count { acrossViews.contains($0.id) }
            let purpose = across > 0 ? ", \(across) of them across views" : ""
            return "\(missed.count) missed (\(share))\(purpose)"
        }
        let compared =
            bad.isEmpty || good.isEmpty
            ? ""
            : " Of their \(NumberText.counted(bad.count, "query", "queries")), \(missed(bad)); of the other "
                + "\(NumberText.thousands(Double(good.count))), \(missed(good))."
        let table = Table(
            columns: ["Photograph", "Animal", "View", "Flaws"].map { .init($0) },
            rows: flawed.map { photograph, flaws -> [Table.Cell] in
                [
                    catalog.photographCell(photograph.id, context.links),
                    photograph.whaleID.map { .animal($0) } ?? "–", .text(photograph.viewpoint.rawValue),
                    .text(flaws.map(\.cause.title).joined(separator: ", ")),
                ]
            })
        let all = NumberText.counted(catalog.photographs.count, "photograph", "photographs")
        let above = telling.isEmpty ? "" : ", above all none that are \(telling.joined(separator: " or "))"
        return Point(
            text: """
                Take better photographs where you can\(above): \(flawed.count) of \(all) are unusual \
                (\(kinds.joined(separator: "; "))).\(compared)
                """,
            details: (NumberText.counted(flawed.count, "unusual photograph", "unusual photographs"), table))
    }

    /// The lowest score from which nearly all first matches are correct.
    private func trust(
        _ context: CellContext, _ evaluation: EvaluationView, _ catalog: Catalog,
        _ answers: [String: [Rankings.Answer]], _ ownViews: OwnViews
    ) throws -> Point? {
        let meaning = try isProbability(context) ? ", a probability that both photographs show one animal" : ""
        guard let found = TrustedScore(evaluation.queries, answers: answers) else { return nil }
        let least = NumberText.fixed(found.least, 2)
        let rest =
            found.below > 0
            ? " Below it, \(NumberText.percent(Double(found.correctBelow) / Double(found.below), 0)) of "
                + "\(found.below) had it first; compare their photographs by eye." : ""
        let lead: AnimalText = """
            Trust a first match from a score of \(least) (the number under a match\(meaning)): \(found.correctAbove) \
            of \(found.above) such queries \
            (\(NumberText.percent(Double(found.correctAbove) / Double(found.above), 0))) had the correct animal first.
            """
        return Point(
            text: AnimalText(
                [
                    lead, "\(Self.byView(evaluation, answers, ownViews, from: found.least))",
                    Self.exceptions(evaluation, catalog, answers, from: found.least),
                    "\(rest) The limit was chosen on these queries; expect slightly less on others.",
                ], separator: ""))
    }

    /// How many first matches with at least a score are correct, with the query's view in the database and without;
    /// empty unless there are both.
    private static func byView(
        _ evaluation: EvaluationView, _ answers: [String: [Rankings.Answer]], _ ownViews: OwnViews, from least: Double
    ) -> String {
        let trusted = evaluation.queries.filter { query in
            guard query.relevant > 0, let first = answers[query.id]?.first else { return false }
            return Double(first.score) >= least
        }
        guard trusted.allSatisfy({ ownViews.isKnown($0) }) else { return "" }
        let (same, across) = (trusted.filter(ownViews.contains), trusted.filter { !ownViews.contains($0) })
        guard !same.isEmpty, !across.isEmpty else { return "" }
        func correct(_ queries: [QueryRow]) -> String {
            let correct = queries.count { $0.firstHitRank == 1 }
            return "\(correct) of \(queries.count) (\(NumberText.percent(Double(correct) / Double(queries.count), 0)))"
        }
        return " With the query's view in the database, \(correct(same)) were correct; compared with other views, "
            + "\(correct(across))."
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
        let later =
            few < ranks.count ? "; for the other \(ranks.count - few), it comes later or not at all" : ""
        return Point(
            text: """
                Look through at least the first \(depth) matches before you decide that the database lacks an animal: \
                they show the correct animal for \(few) of \(ranks.count) queries whose animal it has \
                (\(NumberText.percent(Double(few) / Double(ranks.count), 0)))\(later).
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
