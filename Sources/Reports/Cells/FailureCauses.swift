import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct FailureCauses: CellKind {
    static let name = "failure-causes"
    static let summary = """
        Every miss: the animal that came first instead, whether the reverse happened, too, and the factors with their \
        evidence.
        """
    static let stages: [StageName] = [.expand, .evaluate]

    @Option("The number of misses listed.", in: 0...100_000)
    var count = 1000

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().result.causes
        var content = CellContent(contract: causes.contract)
        let rows = try context.artefacts.read(EvaluateFiles.causes, of: context.nodes(.evaluate)[0])
        content.values = causes.values
        guard !rows.isEmpty else {
            content.notes.append("No query missed.")
            return content
        }
        let queries = Dictionary(grouping: rows, by: \.queryID)
        // The order of the most likely factors, and of the queries within each. What all queries of a scenario share
        // explains none of them, so it has a column of its own, and the others come first.
        let ranked = (causes.acrossViews?.causes ?? []) + causes.causes
        let order = Dictionary(ranked.enumerated().map { ($1.cause, $0) }) { first, _ in first }
        func factors(_ row: CauseRow) -> [FailureCause] {
            (queries[row.queryID] ?? []).map(\.cause).filter { $0 != .crossViews }
        }
        func isAcross(_ row: CauseRow) -> Bool { (queries[row.queryID] ?? []).contains { $0.cause == .crossViews } }
        func place(_ row: CauseRow, _ offset: Int) -> (Int, Int, Int) {
            (isAcross(row) ? 1 : 0, factors(row).first.flatMap { order[$0] } ?? .max, offset)
        }
        let first = rows.filter { $0.order == 1 }.enumerated().sorted {
            place($0.element, $0.offset) < place($1.element, $1.offset)
        }.map(\.element)
        let hasViews = rows.contains { $0.cause == .crossViews }
        let catalog = try context.artefacts.catalog()
        let rivals = try Rivals(context, catalog, causes.confusedPairs)
        let table = Table(
            columns: (["Query", "Animal", "Taken for", "And the reverse", "Scenario"]
                + (hasViews ? ["Compared on purpose with"] : [])
                + ["Factors, the most likely first"]).map { .init($0) },
            rows: first.prefix(count).map { row -> [Table.Cell] in
                let common = causes.common(acrossViews: isAcross(row))
                let titles = factors(row).map { common.contains($0) ? "(\($0.title))" : $0.title }
                func animal(_ name: String?) -> Table.Cell { name.map { .animal($0) } ?? "–" }
                let miss: [Table.Cell] = [
                    catalog.photographCell(row.imageID, context.links), animal(catalog[row.imageID]?.whaleID),
                    animal(rivals.animal(row.queryID)), .text(rivals.reverse(row)), .text(row.scenario),
                ]
                let views: [Table.Cell] = hasViews ? [isAcross(row) ? "other views" : "–"] : []
                return miss + views + [.text(titles.isEmpty ? "no other" : titles.joined(separator: "; "))]
            })
        // A factor that explains nothing has no chart.
        content.parts = CauseBars.groups(of: causes).filter { $0.bars.misses > 0 && !$0.bars.isTelling }.map { group in
            .folded(summary: "How often each factor is present: \(group.queries)", group.bars.table)
        }
        let all = NumberText.counted(first.count, "miss", "misses")
        let listed = table.rows.count < first.count ? "The first \(table.rows.count) of \(all)" : "All \(all)"
        content.list = CompleteList(
            title: "\(listed), with their factors", table: table,
            csv: CSVTable.text(
                header: ["scenario", "query_image_id", "whale_id", "first_whale_id", "order", "factor", "evidence"],
                rows: first.flatMap { row in
                    (queries[row.queryID] ?? []).map { cause in
                        [
                            cause.scenario, cause.imageID, catalog[cause.imageID]?.whaleID ?? "",
                            rivals.animal(cause.queryID) ?? "", String(cause.order), cause.cause.title, cause.evidence,
                        ]
                    }
                }), count: first.count)
        return content
    }
}

/// The animals that came first in missed queries.
private struct Rivals {
    private let first: [String: String]
    /// The animals that were mistaken for each other.
    private let pairs: Set<Set<String>>
    private let catalog: Catalog

    init(_ context: CellContext, _ catalog: Catalog, _ pairs: [ConfusedPair]) throws {
        let answers = try context.nodeIfPresent(.expand).map {
            try context.artefacts.answers(ExpandFiles.neighbours, in: $0.directory)
        }
        first = (answers ?? [:]).compactMapValues { $0.first.flatMap { catalog[$0.imageID]?.whaleID } }
            .filter { !$0.value.isEmpty }
        self.pairs = Set(pairs.map { [$0.whaleID, $0.otherWhaleID] })
        self.catalog = catalog
    }

    /// The animal of a query's first match; nil if it is not known.
    func animal(_ queryID: String) -> String? { first[queryID] }

    /// Whether that animal was mistaken for the query's, too.
    func reverse(_ miss: CauseRow) -> String {
        guard let rival = first[miss.queryID], let own = catalog[miss.imageID]?.whaleID else { return "–" }
        return pairs.contains([own, rival]) ? "yes" : "–"
    }
}

struct CauseChart: CellKind {
    static let name = "cause-chart"
    static let summary = """
        The share of misses, and of hits, in which each factor is present. Queries that are compared with other views on \
        purpose are shown apart, since that factor would hide all others.
        """
    static let stages: [StageName] = [.evaluate]

    /// With fewer misses of one kind, a sentence replaces its chart.
    private static let fewest = 5

    /// That no factor explains the misses of some queries.
    private static func unexplained(_ queries: String) -> String {
        let points = NumberText.fixed(100 * CauseBars.telling, 0)
        return
            "Of the \(queries), no factor is in the misses more often than in the hits by \(points) percentage points or "
            + "more, so none of them explains many misses."
    }

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().result.causes
        var content = CellContent(contract: causes.contract)
        content.values = causes.values
        guard causes.misses > 0 else {
            content.notes.append("No query missed.")
            return content
        }
        let rows = try context.artefacts.read(EvaluateFiles.causes, of: context.nodes(.evaluate)[0])
        let total = Self.total(causes, rows)
        let width = context.cell.options.figureSize().width
        for group in CauseBars.groups(of: causes) where group.bars.misses > 0 {
            if group.bars.misses < Self.fewest, !group.isAll {
                content.notes.append(
                    "Of \(group.queries), \(group.bars.misses) missed, too few to compare. \(group.bars.sentence)")
            } else if group.bars.isTelling {
                content.parts.append(group.bars.figure(title: group.isAll ? nil : group.queries, width: width))
            } else {
                content.notes.append(Self.unexplained(group.queries))
            }
        }
        // Without a figure the cell has only notes.
        if content.parts.isEmpty {
            content.notes.insert(total, at: 0)
        } else {
            content.parts.insert(.markdown(total), at: 0)
        }
        return content
    }

    /// How many misses the factors explain, in one or two sentences.
    private static func total(_ causes: CauseSummary, _ rows: [CauseRow]) -> String {
        let misses = Dictionary(grouping: rows, by: \.queryID).values.map { Set($0.map(\.cause)) }
        let across = misses.filter { $0.contains(.crossViews) }
        let common = causes.common(acrossViews: !across.isEmpty)
        let none: Set<FailureCause> = [.crossViews, .unknown]
        func without(_ misses: [Set<FailureCause>], _ rest: String, zero: String) -> String {
            let count = misses.count { $0.isSubset(of: none.union(common)) }
            return "\(count == 0 ? zero : "\(count)") of \(rest) \(count < 2 ? "has" : "have")"
        }
        let all = NumberText.counted(misses.count, "miss", "misses")
        let first =
            across.isEmpty
            ? "\(without(misses, all, zero: "None")) no factor that hits have less often."
            : "\(across.count) of \(all) \(across.count == 1 ? "compares" : "compare") different views on purpose; "
                + "\(without(across, "these", zero: "none")) no other factor that hits have less often."
        let flaws: [FailureCause] = [.blurred, .dark, .tiny, .clipped].filter { flaw in
            !common.contains(flaw) && misses.contains { $0.contains(flaw) }
        }
        let sought = common.contains(.flawedAnswers) ? 0 : misses.count { $0.contains(.flawedAnswers) }
        let flawed = misses.count { !$0.isDisjoint(with: flaws) }
        let parts = [
            flawed > 0 ? "the query is \(flaws.map(\.title).joined(separator: " or ")) in \(flawed)" : nil,
            sought > 0 ? "all photographs to find are flawed in \(sought)" : nil,
        ].compactMap(\.self)
        let counts = parts.isEmpty ? nil : "Of \(all), \(parts.joined(separator: ", and "))."
        let areFound =
            misses.contains { $0.contains(.flawedAnswers) } ? nil : "No miss has only flawed photographs to find."
        return [first, counts, areFound].compactMap(\.self).joined(separator: " ")
    }
}

/// Factors of some misses and hits, as bars and as a table.
private struct CauseBars {
    /// The queries that are compared with each other: those that are compared with other views on purpose, and the others;
    /// all, if none of the former missed.
    static func groups(of causes: CauseSummary) -> [(queries: String, isAll: Bool, bars: CauseBars)] {
        func queries(_ misses: Int, _ hits: Int) -> String { NumberText.counted(misses + hits, "query", "queries") }
        func group(_ kind: CauseSummary.Kind, _ name: String) -> (queries: String, isAll: Bool, bars: CauseBars) {
            (
                "\(queries(kind.misses, kind.hits)) \(name)", false,
                CauseBars(misses: kind.misses, hits: kind.hits, causes: kind.causes)
            )
        }
        guard let across = causes.acrossViews, across.misses > 0 else {
            let bars = CauseBars(misses: causes.misses, hits: causes.hits, causes: causes.causes)
            return [(queries(causes.misses, causes.hits), true, bars)]
        }
        return [group(across, "compared with another view on purpose")]
            + (causes.others.map { [group($0, "in databases with the query's view")] } ?? [])
    }

    let misses: Int
    let hits: Int
    /// Those of any miss; what can be compared with hits comes first, in the order of the difference.
    private let held: [CauseSummary.Tally]

    init(misses: Int, hits: Int, causes: [CauseSummary.Tally]) {
        func excess(_ cause: CauseSummary.Tally) -> Double {
            Self.share(cause.misses, of: misses) - Self.share(cause.hits, of: hits)
        }
        let present = causes.filter { $0.misses > 0 }
        (self.misses, self.hits) = (misses, hits)
        held =
            present.filter { $0.hits != nil && hits > 0 }.sorted { excess($0) > excess($1) }
            + present.filter { $0.hits == nil || hits == 0 }.sorted { $0.misses > $1.misses }
    }

    /// The factors with their counts, in a sentence.
    var sentence: String {
        held.isEmpty
            ? "No known factor applies."
            : "Their factors: " + held.map { "\($0.title) (\($0.misses))" }.joined(separator: ", ") + "."
    }

    private static func share(_ count: Int?, of all: Int) -> Double {
        count.flatMap { all > 0 ? Double($0) / Double(all) : nil } ?? .nan
    }

    /// From this difference between misses and hits, as shares, a factor is worth a chart.
    static let telling = 0.1

    /// Whether a factor is in the misses clearly more often than in the hits, or cannot be in hits.
    var isTelling: Bool {
        rows.contains { $0.hits.isFinite ? $0.misses - $0.hits >= Self.telling : $0.misses >= Self.telling }
    }

    private typealias Row = (title: String, misses: Double, hits: Double)

    private var rows: [Row] {
        held.map { ($0.title, Self.share($0.misses, of: misses), Self.share($0.hits, of: hits)) }
    }

    func figure(title: String?, width: Double) -> CellContent.Part {
        func text(_ share: Double) -> String { NumberText.percent(share, 0) }
        let chart = BarChart(
            horizontal: "% of queries in which the factor is present",
            series: [
                "of \(NumberText.thousands(Double(misses))) misses", "of \(NumberText.thousands(Double(hits))) hits",
            ],
            rows: rows.map { row in
                BarChart.Row(
                    name: row.title, values: [100 * row.misses, 100 * row.hits],
                    note: text(row.misses) + (row.hits.isFinite ? " and \(text(row.hits))" : ""))
            }, width: width)
        return .figure(FigurePart(title: title, figure: chart, format: .svg, table: table))
    }

    var table: Table {
        func percent(_ share: Double) -> Table.Cell { .text(share.isFinite ? NumberText.percent(share) : "–") }
        return Table(
            columns: [
                .init("Factor"), .init("Misses", .right), .init("Of misses", .right), .init("Hits", .right),
                .init("Of hits", .right),
            ],
            rows: zip(rows, held).map { row, cause in
                [
                    .text(row.title), .text(String(cause.misses)), percent(row.misses),
                    .text(cause.hits.map(String.init) ?? "–"), percent(row.hits),
                ]
            })
    }
}

extension CauseSummary {
    /// The factors of the query that hits have about as often as misses have, so that they explain little: of queries
    /// that compare views on purpose, or of the others; with few misses or hits of one kind, those of the other count.
    func common(acrossViews isAcross: Bool) -> Set<FailureCause> {
        let kinds = isAcross ? [acrossViews, others] : [others, acrossViews]
        let kind = kinds.compactMap(\.self).first { min($0.misses, $0.hits) >= CauseFinder.comparable }
        let (misses, hits) = (kind?.misses ?? misses, kind?.hits ?? hits)
        guard misses > 0, hits > 0 else { return [] }
        let found = (kind?.causes ?? causes).filter { cause in
            guard let inHits = cause.hits, cause.cause != .noAnswer, cause.cause != .nearDuplicate else { return false }
            return Double(cause.misses) / Double(misses) - Double(inHits) / Double(hits) < CauseFinder.difference
        }
        return Set(found.map(\.cause))
    }

    /// The values that captions of cells about causes may name.
    var values: [String: JSONValue] { ["misses": .number(Double(misses)), "hits": .number(Double(hits))] }
}
