import Basics
import Drawing
import Evaluation
import Figures
import Options
import Results

/// Curves over the whole numbers from 1, as a chart with its table.
struct Curves {
    /// One curve; a missing value is NaN.
    struct Curve {
        let name: String
        let values: [Double]
        /// The interval of each value; empty for none.
        var band: [ClosedRange<Double>?] = []
        /// The place, from 1, with a ring around it; nil for none.
        var ringed: Int?
        var isDashed = false
        var isEmphasised = false

        /// The value at a place from 1, with its band; a dash past the end of the curve.
        fileprivate func text(at place: Int) -> String {
            guard place <= values.count else { return "–" }
            let band = band.indices.contains(place - 1) ? band[place - 1] : nil
            return NumberText.fixed(values[place - 1], 3) + (band.map { " (\(NumberText.interval($0, 3)))" } ?? "")
        }
    }

    let horizontal: String
    let vertical: String
    let curves: [Curve]
    var range: ClosedRange<Double>?

    /// The last place of the longest curve.
    var count: Int { curves.map(\.values.count).max() ?? 0 }

    /// The chart in the size that the cell requests, by default `height` inches high; the table lists only some places.
    func figure(for cell: Cell, title: String? = nil, height: Double = 4, places: [Int]) -> FigurePart {
        let lines = curves.map { curve in
            LineChart.Line(
                name: curve.name,
                points: curve.values.enumerated().map { Point(Double($0 + 1), $1) }, band: curve.band,
                ringed: curve.ringed.map(Double.init), isDashed: curve.isDashed, isEmphasised: curve.isEmphasised)
        }
        let size = cell.options.figureSize(height: height)
        let rows = places.map { place -> [Table.Cell] in
            [.text(String(place))]
                + curves.map { .text($0.text(at: place)) }
        }
        return FigurePart(
            title: title,
            figure: LineChart(
                horizontal: horizontal, vertical: vertical, lines: lines, range: range,
                span: 1...Double(max(count, 1)), size: size),
            format: .svg,
            table: Table(
                columns: [.init(horizontal, .right)] + curves.map { .init($0.name, .right) }, rows: rows),
            tableTitle: "\(title ?? vertical) as a table")
    }

    /// Some of the places that have a value, about ten.
    var samplePlaces: [Int] { places(about: 10) }

    /// The places that have a value; if they are many more than `limit`, evenly spaced, with the first and the last.
    func places(about limit: Int) -> [Int] {
        let measured = (1...max(count, 1)).filter { place in
            curves.contains { $0.values.indices.contains(place - 1) && $0.values[place - 1].isFinite }
        }
        let step = (measured.count + limit - 1) / limit
        return measured.enumerated().filter { $0.offset.isMultiple(of: max(step, 1)) || $0.element == measured.last }
            .map(\.element)
    }
}

struct MapCurve: CellKind {
    static let name = "map-curve"
    static let summary = """
        mAP@k over k for each scenario, for all queries with their interval, and for all queries before training.
        """
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let all = [
            Curves.Curve(
                name: "all queries", values: evaluation.pooled?.curve ?? [],
                band: evaluation.result.pooled.details.curveIntervals ?? [],
                isEmphasised: true),
            Curves.Curve(
                name: "all, before training", values: evaluation.result.untrained?.summary?.curve ?? [], isDashed: true),
        ]
        let scenarios = evaluation.scenarios.map {
            Curves.Curve(name: $0, values: evaluation.summary(of: $0)?.curve ?? [])
        }
        let curves = Curves(
            horizontal: "k", vertical: "mAP@k", curves: (scenarios + all).filter { !$0.values.isEmpty }, range: 0...1)
        guard curves.count > 0 else {
            throw ValueError("evaluation.json has no curve", "Run 'whalebook run evaluate' again.")
        }
        let places = [1, 2, 3, 5, 10, 15, 20, 50, 100].filter { $0 < curves.count } + [curves.count]
        return CellContent(
            parts: [.figure(curves.figure(for: context.cell, places: places))],
            values: ["scenarios": .number(Double(scenarios.count)), "k": .number(Double(curves.count))],
            contract: evaluation.contractText)
    }
}

struct QueryExtensionCurve: CellKind {
    static let name = "query-extension-curve"
    static let summary = """
        Validation mAP@20 over alpha, one line for each number of neighbours and one without extension.
        """
    static let stages: [StageName] = [.sweep]

    @Option("Whether the values are drawn, with their table folded, or only the table is shown.")
    var show = Form.chart

    /// The ways to show the values.
    enum Form: String, OptionChoice { case chart, table }

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        let node = try context.node(.sweep, noting: &content)
        let sweep = try context.artefacts.read(SweepFiles.choices, of: node)
        guard let baseline = sweep.baseline, let best = sweep.best else {
            content.notes.append("No validation query is answerable, so there was nothing to sweep.")
            return content
        }
        let choices = sweep.rows.filter { $0.neighbours > 0 }
        let alphas = Set(choices.map(\.alpha)).sorted()
        let lines = Dictionary(grouping: choices, by: \.neighbours).sorted { $0.key < $1.key }.map { count, rows in
            LineChart.Line(
                name: count == 1 ? "1 neighbour" : "\(count) neighbours",
                points: rows.sorted { $0.alpha < $1.alpha }.map { Point($0.alpha, $0.map) },
                isEmphasised: count == best.neighbours)
        }
        let without = LineChart.Line(
            name: "no extension", points: alphas.map { Point($0, baseline.map) }, isDashed: true)
        let cell = context.cell
        let chart = LineChart(
            horizontal: "alpha", vertical: "mAP@\(AveragePrecision.limit) on validation", lines: lines + [without],
            size: cell.options.figureSize())
        let table = Table(
            columns: [.init("neighbours", .right)] + alphas.map { .init("alpha \(NumberText.shortest($0))", .right) },
            rows: [[.text("0")] + alphas.map { _ in .text(NumberText.fixed(baseline.map, 3)) }]
                + Dictionary(grouping: choices, by: \.neighbours).sorted { $0.key < $1.key }.map { count, rows in
                    [.text(String(count))]
                        + alphas.map { alpha in
                            .text(rows.first { $0.alpha == alpha }.map { NumberText.fixed($0.map, 3) } ?? "–")
                        }
                })
        let figure = FigurePart(
            figure: chart, format: .svg, table: table, tableTitle: "\(chart.vertical) as a table")
        content.parts = [show == .chart ? .figure(figure) : .table(table)]
        content.values = [
            "choices": .number(Double(choices.count)), "queries": .number(Double(sweep.queries)),
            "neighbours": .number(Double(best.neighbours)), "alpha": .number(best.alpha), "best": .number(best.map),
            "without": .number(baseline.map),
        ]
        content.contract =
            "mAP@\(AveragePrecision.limit) is the mean over \(sweep.queries) validation queries. Encounters that supply "
            + "queries are left out of the database. The test is not used."
        return content
    }
}

struct DatabaseSizeCurve: CellKind {
    static let name = "database-size-curve"
    static let summary = "mAP@20 over the share of the other animals' photographs that the database holds."
    static let stages: [StageName] = [.expand, .evaluate]

    @Option("The number of random databases over which each point is averaged.", in: 1...1000)
    var draws = 20
    @Option("The seed of the random databases.", in: 0...(1 << 53))
    var seed = 1

    private static let shares = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        var content = CellContent()
        let ranking = try context.node(context.reads(.expand) ? .expand : .search, noting: &content)
        let right = try context.artefacts.rightRanks(ranking)
        let ranks = evaluation.queries.filter { $0.relevant > 0 }.compactMap { query in
            right[query.id].map { (scenario: query.scenario, ranks: $0.map(\.rank)) }
        }
        content.values = ["queries": .number(Double(ranks.count)), "draws": .number(Double(draws))]
        guard !ranks.isEmpty else {
            content.notes.append("The ranking lacks the ranks of the correct photographs in the whole database.")
            return content
        }
        func curve(_ name: String, _ own: [[Int]], isEmphasised: Bool = false) -> LineChart.Line {
            LineChart.Line(
                name: name,
                points: Self.shares.map {
                    Point(100 * $0, DatabaseSize.map(ranks: own, share: $0, draws: draws, seed: UInt64(seed)))
                }, isEmphasised: isEmphasised)
        }
        let lines =
            evaluation.scenarios.compactMap { scenario in
                let own = ranks.filter { $0.scenario == scenario }.map(\.ranks)
                return own.isEmpty ? nil : curve(scenario, own)
            } + [curve("all queries", ranks.map(\.ranks), isEmphasised: true)]
        let chart = LineChart(
            horizontal: "other animals' photographs in the database, %", vertical: "mAP@\(AveragePrecision.limit)",
            lines: lines, range: 0...1, size: context.cell.options.figureSize())
        content.parts = [.figure(FigurePart(figure: chart, format: .svg, table: Self.table(lines)))]
        content.contract = """
            The ranking of the whole database, with every correct photograph kept and each wrong one kept at random; the \
            mean of \(NumberText.counted(draws, "draw", "draws")). At 100% it is the ranking itself, with ties in the \
            order of that ranking. First seed only.
            """
        return content
    }

    private static func table(_ lines: [LineChart.Line]) -> Table {
        Table(
            columns: [.init("Share", .right)] + lines.map { .init($0.name, .right) },
            rows: shares.enumerated().map { place, share in
                [.text(NumberText.percent(share))]
                    + lines.map { .text(NumberText.fixed($0.points[place].y, 3)) }
            })
    }
}

struct TrainingCurve: CellKind {
    static let name = "training-curve"
    static let summary = """
        Loss and validation mAP after each epoch, one line per member, averaged over its seeds and folds.
        """
    static let stages: [StageName] = [.train]

    /// Why there is no training to show.
    static func absence(_ context: CellContext) -> String {
        guard let train = context.artefacts.inputs.train, !train.members.contains(where: train.trains) else {
            return "The embeddings were made elsewhere, so there is no training to show."
        }
        return "Nothing was trained: the embeddings are the pooled features of "
            + train.members.map(\.backbone).joined(separator: ", ") + "."
    }

    func content(_ context: CellContext) throws -> CellContent {
        if context.artefacts.isLeftOut(.train) { return CellContent(notes: [Self.absence(context)]) }
        let nodes = try context.nodes(.train)
        let trainings = try nodes.map { (member: $0.member ?? "training", epochs: try context.artefacts.epochs($0)) }
            .filter { !$0.epochs.isEmpty }
        guard !trainings.isEmpty else {
            return CellContent(notes: ["No epoch is recorded: the model was imported without its history."])
        }
        let members = Dictionary(grouping: trainings) { $0.member }.sorted { $0.key < $1.key }
        func curves(_ value: (History.Epoch) -> Double?) -> [Curves.Curve] {
            members.compactMap { name, own in Self.curve(name, own.map { $0.epochs.map(value) }) }
        }
        let losses = Curves(horizontal: "Epoch", vertical: "Training loss", curves: curves(\.trainLoss))
        let scores = Curves(
            horizontal: "Epoch", vertical: "Validation mAP@20", curves: curves(\.validationMAP), range: 0...1)
        let charts = [losses, scores].filter { !$0.curves.isEmpty }
        var content = CellContent(
            parts: charts.map { .figure($0.figure(for: context.cell, places: $0.samplePlaces)) },
            values: ["epochs": .number(Double(losses.count)), "shown": .number(Double(trainings.count))])
        if trainings.count > members.count {
            content.notes.append(
                """
                Each line is the mean of a member's trainings over seeds and folds, up to the last epoch that all \
                reached; its band runs from the lowest to the highest.
                """)
        }
        return content
    }

    /// The mean of several trainings after each epoch that all of them measured, with a band from the lowest to the
    /// highest; nil if there is no value.
    private static func curve(_ name: String, _ trainings: [[Double?]]) -> Curves.Curve? {
        let measured = trainings.filter { $0.contains { $0?.isFinite == true } }
        guard let epochs = measured.map(\.count).min() else { return nil }
        let values = (0..<epochs).map { epoch -> [Double]? in
            let own = measured.compactMap { $0[epoch] }.filter(\.isFinite)
            return own.count == measured.count ? own : nil
        }
        return Curves.Curve(
            name: measured.count == 1 ? name : "\(name), mean of \(measured.count)",
            values: values.map { own in own.map { $0.reduce(0, +) / Double($0.count) } ?? .nan },
            band: measured.count == 1 ? [] : values.map { own in own.map { ($0.min() ?? 0)...($0.max() ?? 0) } })
    }
}

struct ReliabilityCurve: CellKind {
    static let name = "reliability-curve"
    static let summary = """
        The predicted probability of a new animal against the observed share of new animals; or, for the pairs that people \
        decided about with `whalebook review`, the probability of one animal against the share decided to be one.
        """
    static let stages: [StageName] = [.evaluate]

    @Option("Whose predictions are shown: those for the queries of the test, or those for decided pairs.")
    var predictions = Predictions.test

    /// The predictions that a cell can show.
    enum Predictions: String, OptionChoice { case test, decisions }

    func content(_ context: CellContext) throws -> CellContent {
        switch predictions {
        case .test: try testContent(context)
        case .decisions: decidedContent(context)
        }
    }

    /// The decided pairs, with the comparison in one sentence.
    private func decidedContent(_ context: CellContext) -> CellContent {
        let decisions = context.artefacts.decisions()
        guard let found = decisions.flatMap({ DecidedCalibration($0.decisions) }) else {
            return CellContent(notes: ["No decided pair has a probability."])
        }
        let bins = found.bins.map {
            ReliabilityChart.Bin(
                range: $0.range, said: $0.expected, share: $0.decided, interval: $0.interval, count: $0.pairs)
        }
        let chart = ReliabilityChart(
            horizontal: "Probability of one animal", vertical: "Share decided to be one", counted: "Pairs", bins: bins,
            size: context.cell.options.figureSize(width: 6, height: 4.75))
        return CellContent(
            parts: [.figure(FigurePart(figure: chart, format: .svg, table: Self.table(bins, "Decided to be one")))],
            values: ["pairs": .number(Double(found.pairs))],
            notes: [found.text.capitalisingFirst + ".", decisions?.gap].compactMap(\.self),
            contract: DecidedCalibration.contract)
    }

    private func testContent(_ context: CellContext) throws -> CellContent {
        let novelty = try context.artefacts.read(EvaluateFiles.calibration, of: context.nodes(.evaluate)[0])
        var content = CellContent()
        guard let test = novelty.test else {
            content.notes.append("There is no calibration\(novelty.reason.map { ": \($0)" } ?? "").")
            return content
        }
        let bins = test.bins.filter { $0.count > 0 }.map {
            ReliabilityChart.Bin(
                range: $0.range, said: $0.probability, share: $0.share, interval: $0.interval, count: $0.count)
        }
        let chart = ReliabilityChart(
            horizontal: "Probability of a new animal", vertical: "Share that is new", counted: "Predictions",
            bins: bins, size: context.cell.options.figureSize(width: 6, height: 4.75))
        content.parts = [.figure(FigurePart(figure: chart, format: .svg, table: Self.table(bins, "Observed new")))]
        content.values = ["questions": .number(Double(test.questions))]
        content.contract = ["questions", "fit", "test", "reliability"].compactMap { novelty.contract[$0] }
            .map { $0.capitalisingFirst + "." }.joined(separator: " ")
        return content
    }

    private static func table(_ bins: [ReliabilityChart.Bin], _ observed: String) -> Table {
        Table(
            columns: ["Probability", "Predictions", "Mean prediction", observed, "95% interval"]
                .map { .init($0, .right) },
            rows: bins.map { bin in
                let ends = [bin.range.lowerBound, bin.range.upperBound].map { NumberText.fixed($0, 1) }
                let interval = bin.interval.map {
                    "\(NumberText.percent($0.lowerBound)) to \(NumberText.percent($0.upperBound))"
                }
                let texts = [
                    ends.joined(separator: " to "), NumberText.thousands(Double(bin.count)),
                    NumberText.percent(bin.said), NumberText.percent(bin.share), interval ?? "–",
                ]
                return texts.map { .text($0) }
            })
    }
}
