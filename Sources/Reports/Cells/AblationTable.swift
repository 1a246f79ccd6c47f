import Basics
import Evaluation
import Results

struct AblationTable: CellKind {
    static let name = "ablation-table"
    static let summary = """
        How much each important part of the system contributes, the largest difference first, with its interval; \
        measured by this run itself or by the ledger's runs that replaced the part.
        """
    static let stages: [StageName] = [.evaluate]

    /// A part of the system and the options that define it.
    private struct Part {
        let name: String
        let options: [String]
        /// Whether a table without its measurement says so.
        var isNamedAlways = true

        static let classifier = ["train.head"]

        /// The parts of a configuration.
        static func all(of configuration: JSONValue) -> [Part] {
            func kind(_ section: String, _ fallback: String) -> String {
                configuration[path: "\(section).kind"]?.string.map { OptionWords.kind(section, $0) } ?? fallback
            }
            return [
                Part(name: kind("train.loss", "the loss"), options: ["train.loss"]),
                Part(name: kind("train.pooling", "the pooling"), options: ["train.pooling"]),
                Part(name: kind("train.head", "the classifier"), options: classifier, isNamedAlways: false),
                Part(
                    name: (configuration[path: "train.members"]?.array?.count ?? 1) > 1
                        ? "the networks" : "the network", options: ["train.members", "train.neck"], isNamedAlways: false
                ),
                Part(name: "query extension", options: ["search", "expand"]),
                Part(name: "matched marks", options: ["match"]),
            ]
        }
    }

    /// What a replacement of a part scored, with the change of this run from it.
    private struct Measured {
        let replacement: String
        let map: Double
        let own: Double
        let interval: ClosedRange<Double>?
        let probability: Double?
        /// The run that replaced the part; nil if the present run has both rankings.
        let run: Int?

        var gain: Double { own - map }
    }

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let parts = Part.all(of: context.artefacts.inputs.configuration)
        let measured = try parts.map { part -> (part: Part, rows: [Measured]) in
            var rows = try Self.variants(of: part, context, evaluation)
            // A variant may have taken the extension away, too.
            if part.options.contains("expand"), !rows.contains(where: { $0.replacement == Self.nothing }) {
                rows += Self.extended(evaluation)
            }
            if rows.isEmpty, part.options.contains("match") { rows = Self.without(.marks, evaluation) }
            if part.options.contains("train.members") { rows += Self.without(.network, evaluation) }
            return (part, rows)
        }.filter { $0.part.isNamedAlways || !$0.rows.isEmpty }
        let isClassifierMeasured = measured.contains { $0.part.options == Part.classifier && !$0.rows.isEmpty }
        let replaced = measured.flatMap { entry in entry.rows.map { (part: entry.part.name, row: $0) } }
        // Of equal differences the first part stays first.
        let ordered = replaced.enumerated().sorted {
            ($1.element.row.gain, $0.offset) < ($0.element.row.gain, $1.offset)
        }
        let rows =
            ordered.map { Self.row($0.element.part, $0.element.row) }
            + measured.filter { $0.rows.isEmpty }.map { entry in
                [.text(entry.part.name), "not measured", "–", "–", "–", "–", "–"]
            }
        var content = CellContent(
            parts: [.table(Table(columns: Self.columns, rows: rows))],
            values: [
                "measured": .number(Double(measured.count { !$0.rows.isEmpty })),
                "parts": .number(Double(measured.count)),
                "shown": .string(
                    [
                        Self.unmeasured(
                            context.artefacts.inputs.configuration, isClassifierMeasured: isClassifierMeasured,
                            evaluation.result.fusion),
                        Self.shown(ordered.map { ($0.element.part, $0.element.row) }),
                    ].compactMap(\.self).joined(separator: " ")),
                "own": .string(evaluation.pooled.map { NumberText.fixed($0.map, 3) } ?? "–"),
            ])
        content.contract = """
            Each row compares this run with one that differs only in the part named, over the same queries and with the \
            first seed of each. A part is shown to help if p is below \(Comparison.clear), because one seed is compared with \
            one; other trainings may differ. If interval and p disagree, p decides. A row with another mAP@20 than the run's compares rankings before query extension; the \
            network's row compares with marks alone, not with an untrained network. The difference is this run's \
            mAP@20 minus that with the replacement; if it is negative, the run is better without the part. Its interval \
            resamples animals, and p is that of the paired test by animal. A difference smaller than the spread between \
            seeds may be noise. If a part is not measured, the ledger has no such run: 'whalebook run --set KEY=VALUE \
            --reason TEXT' makes one.
            """
        return content
    }

    /// The part measured by variants of the present run.
    private static func variants(
        of part: Part, _ context: CellContext, _ evaluation: EvaluationView
    ) throws -> [Measured] {
        let runs = context.artefacts.inputs.ledger?.runs ?? []
        guard let own = evaluation.pooled?.map, let present = RunEntry.present(in: runs) else { return [] }
        let paths = context.artefacts.inputs.paths
        return try RunEntry.variants(in: runs).filter { $0.changes(only: part.options) }.compactMap { run in
            guard let map = run.map else { return nil }
            let words = run.changes.map(OptionWords.values)
            let replacement =
                Self.extensionWords(run) ?? words.compactMap { $0?.new }.first
                ?? OptionWords.changes(run.changes, paths).joined(separator: "; ")
            let compared = try context.artefacts.comparison(ofVariant: run, with: present)?.result
            return Measured(
                replacement: replacement, map: map, own: own,
                interval: compared?.interval, probability: compared?.probability, run: run.number)
        }
    }

    /// Which parts are shown to help, and which to harm.
    private static func shown(_ rows: [(part: String, row: Measured)]) -> String {
        func parts(_ isWanted: (Double) -> Bool) -> [String] {
            let found = rows.filter { ($0.row.probability ?? 1) < Comparison.clear && isWanted($0.row.gain) }.map(
                \.part)
            return found.enumerated().filter { !found[..<$0.offset].contains($0.element) }.map(\.element)
        }
        let (helpful, harmful) = (parts { $0 > 0 }, parts { $0 < 0 })
        let sentences = [
            helpful.isEmpty ? "No part is shown to help." : "Shown to help: \(helpful.listed()).",
            harmful.isEmpty ? nil : "Shown to harm: \(harmful.listed()).",
        ]
        return sentences.compactMap(\.self).joined(separator: " ")
    }

    /// Which parts that the table does not name were not measured alone; nil for none.
    private static func unmeasured(
        _ configuration: JSONValue, isClassifierMeasured: Bool, _ fusion: FusionMeasures?
    ) -> String? {
        let isTrained = configuration[path: "train.kind"]?.string != "none"
        let head = configuration[path: "train.head.kind"]?.string.map { OptionWords.kind("train.head", $0) }
        let joins = (fusion?.parts.count ?? 0) > 1 && fusion?.parts.contains(.network) == true
        let parts = [isClassifierMeasured || !isTrained ? nil : head, joins ? "the joining of the scores" : nil]
            .compactMap(\.self)
        return parts.isEmpty ? nil : "Not measured alone: \(parts.listed())."
    }

    private static let nothing = "none"

    /// The query extension of a variant that changes nothing else; nil for another variant.
    private static func extensionWords(_ run: RunEntry) -> String? {
        guard run.changes(only: ["expand"]), let steps = run.configuration["expand"]?.array else { return nil }
        let words = steps.map { step in
            let parts = [
                step["neighbours"]?.double.map { NumberText.counted(Int($0), "neighbour", "neighbours") },
                step["alpha"]?.double.map { "alpha \(NumberText.shortest($0))" },
            ].compactMap(\.self)
            return (step["kind"]?.string == "alpha-qe" ? parts : [step["kind"]?.string ?? "unknown"] + parts)
                .joined(separator: ", ")
        }
        return words.isEmpty ? nothing : words.joined(separator: ", then ")
    }

    /// The part measured by this run itself: its ranking before query extension.
    private static func extended(_ evaluation: EvaluationView) -> [Measured] {
        let expanded = evaluation.result.expanded
        guard !expanded.steps.isEmpty, let before = expanded.before, let own = evaluation.pooled else { return [] }
        let compared = Comparison(ofExtension: evaluation.queries)
        return [
            Measured(
                replacement: nothing, map: before.map, own: own.map, interval: compared.interval,
                probability: compared.probability, run: nil)
        ]
    }

    /// Marks or networks measured by this run itself: the rankings without them and by both, before query extension.
    private static func without(_ part: FusionMeasures.Name, _ evaluation: EvaluationView) -> [Measured] {
        guard let fusion = evaluation.result.fusion, fusion.parts.contains(where: { $0 != .network }) else { return [] }
        let (rest, test) =
            part == .marks ? (fusion.network, fusion.tests.both) : (fusion.marks, fusion.tests.network)
        guard let test, let without = rest.pooled, let with = fusion.both.pooled else { return [] }
        return [
            Measured(
                replacement: nothing, map: without.map, own: with.map, interval: test.interval,
                probability: test.probability, run: nil)
        ]
    }

    private static let columns: [Table.Column] = [
        .init("Part"), .init("Replaced by"), .init("mAP@20 with it", .right), .init("Without", .right),
        .init("Difference", .right), .init("95% interval", .right), .init("p", .right),
    ]

    private static func row(_ part: String, _ measured: Measured) -> [Table.Cell] {
        let ends = measured.interval.map { NumberText.changeInterval($0, 3) }
        // The head of the column has the letter.
        let chance = measured.probability.map { NumberText.probability($0).drop { "p =".contains($0) } }
        return [
            part, measured.replacement + (measured.run.map { " (run \($0))" } ?? ""), NumberText.fixed(measured.own, 3),
            NumberText.fixed(measured.map, 3), NumberText.change(from: measured.map, to: measured.own, 3), ends ?? "–",
            chance.map(String.init) ?? "–",
        ].map { .text($0) }
    }
}

extension RunEntry {
    /// The main line's last finished run with a score: later ones did only some stages.
    static func present(in runs: [RunEntry]) -> RunEntry? {
        runs.last { !$0.isVariant && $0.outcome == .finished && $0.map != nil }
    }

    /// The finished variants that differ from the main line's present state only in their own options, oldest first.
    static func variants(in runs: [RunEntry]) -> [RunEntry] {
        let known = Dictionary(runs.map { ($0.number, $0) }) { first, _ in first }
        guard let present = present(in: runs) else { return [] }
        var same: Set<Int> = []
        var run: RunEntry? = present
        while let current = run, same.insert(current.number).inserted {
            // A run without changes has its parent's configuration.
            run = current.changes.isEmpty ? current.parent.flatMap { known[$0] } : nil
        }
        return runs.filter { run in
            run.isVariant && run.outcome == .finished && !run.asksOtherwise && run.parent.map(same.contains) == true
                // Other photographs make other queries, even if no option changed.
                && run.splits == present.splits
        }
    }

    /// Whether something changed, and only within some options.
    fileprivate func changes(only options: [String]) -> Bool {
        !changes.isEmpty && changes.allSatisfy { $0.lies(within: options) }
    }
}
