import Basics
import Results

struct AblationTable: CellKind {
    static let name = "ablation-table"
    static let summary = """
        How much each important part of the system contributes, measured by the ledger's runs that replaced it.
        """
    static let stages: [StageName] = [.evaluate]

    /// A part of the system and the options that define it.
    private static let parts: [(name: String, options: [String])] = [
        ("the focal loss", ["train.loss"]),
        ("the structure of the model", ["train.members", "train.pooling", "train.neck"]),
        ("the nearest neighbours and query extension", ["search", "expand"]),
        ("matched marks", ["match"]),
    ]

    func content(_ context: CellContext) throws -> CellContent {
        let runs = context.artefacts.inputs.ledger?.runs ?? []
        let own = try context.evaluation().pooled?.map
        let paths = context.artefacts.inputs.paths
        let variants = RunEntry.variants(in: runs)
        var measured = 0
        let rows = try Self.parts.flatMap { part -> [[Table.Cell]] in
            var rows = variants.filter { $0.changes(only: part.options) }.compactMap { run in
                run.map.map {
                    Self.row(part.name, without: run.changes.map { $0.text(paths) }, $0, own, "run \(run.number)")
                }
            }
            if rows.isEmpty, part.options.contains("expand") { rows = try Self.extended(part.name, context, own) }
            if rows.isEmpty, part.options.contains("match") { rows = try Self.matched(part.name, context) }
            measured += rows.isEmpty ? 0 : 1
            return rows.isEmpty ? [Self.row(part.name, without: [], nil, own, "–")] : rows
        }
        var content = CellContent(
            parts: [.table(Table(columns: Self.columns, rows: rows))],
            values: ["measured": .number(Double(measured)), "parts": .number(Double(Self.parts.count))])
        content.contract = """
            Each row compares this run with one that differs only in the options named, over the same queries and with \
            the first seed of each; mAP@20 over all queries. A difference smaller than the spread between seeds may be \
            noise. If a part is not measured, the ledger has no such run: \
            'whalebook run --set KEY=VALUE --reason TEXT' makes one.
            """
        return content
    }

    /// The part measured by this run itself: its ranking before query extension.
    private static func extended(_ part: String, _ context: CellContext, _ own: Double?) throws -> [[Table.Cell]] {
        let expanded = try context.evaluation().result.expanded
        guard !expanded.steps.isEmpty, let before = expanded.before else { return [] }
        return [row(part, without: ["expand → none"], before.map, own, "the same run")]
    }

    /// Matched marks measured by this run itself: the rankings without and with them, both before query extension.
    private static func matched(_ part: String, _ context: CellContext) throws -> [[Table.Cell]] {
        guard let fusion = try context.evaluation().result.fusion, fusion.parts.contains(where: { $0 != .network }),
            let without = fusion.network.pooled, let with = fusion.both.pooled
        else { return [] }
        return [
            row(part, without: ["match → none"], without.map, with.map, "the same run, before query extension")
        ]
    }

    private static let columns: [Table.Column] = [
        .init("Part"), .init("Replaced by"), .init("mAP@20 replaced", .right), .init("This run", .right),
        .init("Difference", .right), .init("Measured by"),
    ]

    private static func row(
        _ part: String, without: [String], _ map: Double?, _ own: Double?, _ run: String
    ) -> [Table.Cell] {
        let difference = own.flatMap { own in map.map { NumberText.change(from: $0, to: own, 4) } }
        let texts = [
            part, without.isEmpty ? "not measured" : without.joined(separator: "; "),
            map.map { NumberText.fixed($0, 4) } ?? "not measured", own.map { NumberText.fixed($0, 4) } ?? "–",
            difference ?? "not measured", run,
        ]
        return texts.map { .text($0) }
    }
}

extension RunEntry {
    /// The finished variants that differ from the main line's present state only in their own options, oldest first.
    static func variants(in runs: [RunEntry]) -> [RunEntry] {
        let known = Dictionary(runs.map { ($0.number, $0) }) { first, _ in first }
        guard let present = runs.last(where: { !$0.isVariant && $0.outcome == .finished }) else { return [] }
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
