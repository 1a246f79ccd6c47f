import Basics
import Catalog
import Evaluation
import Results

struct FusionTable: CellKind {
    static let name = "fusion-table"
    static let summary = "The rankings by networks alone, by marks alone and by both, and whether marks help."
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        guard let fusion = evaluation.result.fusion else { return CellContent(notes: [Marks.absence]) }
        let rows =
            fusion.rankings.map { ranking -> MeasureColumns.Row in
                ([Self.title(ranking.name, fusion)], ranking.pooled)
            }
            + fusion.rankings.filter { $0.otherEncounters != nil && $0.otherEncounters != $0.pooled }.map {
                ranking -> MeasureColumns.Row in
                let title = "\(fusion.title(of: ranking.name)), \(MeasureColumns.otherEncounters)"
                return ([.text(title)], ranking.otherEncounters)
            }
        let scenarios = evaluation.scenarios.filter { name in fusion.rankings.contains { $0.scenarios[name] != nil } }
        let views = Viewpoint.inOrder(fusion.rankings.flatMap(\.viewpoints.keys).map { Viewpoint($0) }).map(\.rawValue)
        let groups = TrainingPhotographs.allCases.filter { group in
            fusion.rankings.contains { $0.training?[group.rawValue] != nil }
        }.map { (name: $0.rawValue, title: $0.title) }
        let metric = evaluation.metric
        let parts: [(title: String, table: Table?)] = [
            ("Whether each part improves on the other, and training on no training", Self.tests(fusion, metric)),
            ("By scenario", Self.parts("Scenario", scenarios.map { ($0, $0) }, fusion, metric) { $0.scenarios[$1] }),
            ("By view", Self.parts("Query's view", views.map { ($0, $0) }, fusion, metric) { $0.viewpoints[$1] }),
            (
                "By the training photographs of the query's animal",
                Self.parts("Training photographs", groups, fusion, metric) { $0.training?[$1] }
            ),
            ("The choice of scores, on validation photographs", Self.choices(fusion, metric)),
        ]
        return CellContent(
            parts: MeasureColumns(evaluation).parts([.init("Ranking")], rows)
                + parts.flatMap { title, table in table.map { CellContent.Part.titled(title, $0) } ?? [] },
            values: Self.values(fusion),
            notes: [fusion.absence == nil ? Self.choice(fusion) : fusion.finding, fusion.validation].compactMap(\.self),
            contract: MeasureColumns.contract(of: evaluation) + CellContent.paragraph
                + "All rankings are before query extension. \(Self.contract)")
    }

    private static let contract =
        "A test compares each query's average precision in two rankings: the interval resamples animals, and p is how "
        + "often a change at least as large would occur if both were equally good, found by exchanging both rankings "
        + "for whole animals. A verdict needs p below 0.01, because there may be only one seed. The scores to join are "
        + "chosen on validation photographs; choosing them by this table would be choosing on the test."

    private static func title(_ name: FusionMeasures.Name, _ fusion: FusionMeasures) -> Table.Cell {
        let title = fusion.title(of: name)
        return name == .both ? .strong(title) : .text(title)
    }

    /// The three measures of each part of the queries side by side; nil if there is only one part.
    private static func parts(
        _ head: String, _ parts: [(name: String, title: String)], _ fusion: FusionMeasures, _ metric: String,
        _ summary: (FusionMeasures.Ranking, String) -> Summary?
    ) -> Table? {
        guard parts.count > 1 else { return nil }
        let columns: [Table.Column] =
            [.init(head), .init("Queries", .right)]
            + fusion.rankings.map { .init("\(metric), \(fusion.title(of: $0.name))", .right) }
        return Table(
            columns: columns,
            rows: parts.map { name, title in
                let found = fusion.rankings.map { summary($0, name) }
                let queries = found.compactMap(\.self).first?.queries
                return [
                    .text(title), .text(queries.map { NumberText.thousands(Double($0)) } ?? "–"),
                ] + found.map { .text($0.map { NumberText.fixed($0.map, 3) } ?? "–") }
            })
    }

    private static func tests(_ fusion: FusionMeasures, _ metric: String) -> Table {
        let numbers = ["Queries", "Change of \(metric)", "95% interval", "Paired test", "Better, worse, the same"]
        func entry(
            _ test: FusionMeasures.Test?, _ other: FusionMeasures.Ranking
        ) -> (test: FusionMeasures.Test?, title: String, before: Summary?) {
            (test, fusion.title(of: other.name), other.pooled)
        }
        let tests = [
            entry(fusion.tests.marks, fusion.network), entry(fusion.tests.both, fusion.network),
            entry(fusion.tests.network, fusion.marks),
            (fusion.tests.training, fusion.untrainedTitle, fusion.untrained),
        ]
        return Table(
            columns: [.init("Ranking"), .init("Compared with")] + numbers.map { .init($0, .right) }
                + [.init("Verdict")],
            rows: tests.compactMap { test, other, before in
                guard let test else { return nil }
                let counts = [test.wins, test.losses, test.ties].map { NumberText.thousands(Double($0)) }
                let own = fusion.rankings.first { $0.name == test.name }?.pooled
                let change = before.flatMap { before in
                    own.map { NumberText.change(from: before.map, to: $0.map, 3) }
                }
                return [
                    title(test.name, fusion), .text(other),
                    .text(NumberText.thousands(Double(test.queries))),
                    .text(change ?? NumberText.signed(test.difference, 3)),
                    .text(test.interval.map { NumberText.changeInterval($0, 3) } ?? "–"),
                    .text(NumberText.probability(test.probability)), .text(counts.joined(separator: ", ")),
                    .text(test.verdict.rawValue),
                ]
            })
    }

    private static func choices(_ fusion: FusionMeasures, _ metric: String) -> Table? {
        guard !fusion.choices.isEmpty else { return nil }
        return Table(
            columns: [
                .init("Scores joined"), .init("\(metric), validation", .right), .init("Top 1", .right),
                .init("Chosen"),
            ],
            rows: fusion.choices.map { choice in
                [
                    .text(words(choice.parts, fusion)), .text(NumberText.fixed(choice.map, 3)),
                    .text(NumberText.percent(choice.top1)), .text(choice.parts == fusion.parts ? "✓" : ""),
                ]
            })
    }

    /// What the ranking by both joins, in a sentence; nil if nothing was fitted.
    private static func choice(_ fusion: FusionMeasures) -> String? {
        guard fusion.absence == nil, !fusion.parts.isEmpty else { return nil }
        let queries = NumberText.counted(
            fusion.validationQueries, "validation photograph", "validation photographs")
        return
            "The ranking by both joins \(words(fusion.parts, fusion)), the best choice on \(queries), each with the same "
            + "weight."
    }

    private static func words(_ parts: [Fusion.Part], _ fusion: FusionMeasures) -> String {
        parts.map { part in
            switch part {
            case .network: fusion.isEnsemble == false ? "the network's similarity" : "the networks' similarity"
            case .marks: "matched marks"
            case .geometry: "geometric consistency"
            }
        }.joined(separator: " + ")
    }

    /// mAP of each ranking, and the verdict on both.
    private static func values(_ fusion: FusionMeasures) -> [String: JSONValue] {
        var values = Dictionary(
            fusion.rankings.map { ($0.name.rawValue, $0.pooled.map { JSONValue.number($0.map) } ?? .null) }
        ) { first, _ in first }
        values["verdict"] = .string(fusion.tests.both.verdict.rawValue)
        return values
    }
}
