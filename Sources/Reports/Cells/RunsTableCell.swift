import Basics
import Options
import Results

struct RunsTableCell: CellKind {
    static let name = "runs-table"
    static let summary = "The runs of the ledger, newest last: each run's score, changes and reason."
    static let stages: [StageName] = []

    @Option("The number of runs shown, the latest.", in: 1...100_000, or: "all")
    var count: Int? = nil

    func content(_ context: CellContext) throws -> CellContent {
        let runs = context.artefacts.inputs.ledger?.runs ?? []
        let shown = runs.suffix(count ?? .max)
        var content = CellContent(
            values: ["shown": .number(Double(shown.count)), "runs": .number(Double(runs.count))])
        guard !runs.isEmpty else {
            content.notes.append("No run has been recorded yet.")
            return content
        }
        let scores = Dictionary(runs.map { ($0.number, $0.map) }) { first, _ in first }
        let paths = context.artefacts.inputs.paths
        content.parts = [.table(Self.table(of: shown, scores: scores, paths))]
        if shown.count < runs.count { content.notes.append("The last \(shown.count) of \(runs.count) runs are shown.") }
        content.contract = """
            mAP@20 comes from the run's own evaluation, over all its queries, with its first seed. The change is \
            against the main-line run that it followed; there is none if data, split, scenarios or the number of \
            answers differ, because the queries then differ. A change smaller than the spread between seeds may be \
            noise.
            """
        return content
    }

    private static func table(
        of runs: ArraySlice<RunEntry>, scores: [Int: Double?], _ paths: RelativePaths
    ) -> Table {
        let isNamed = runs.contains { !$0.tags.isEmpty }
        let rows = runs.map { run -> [Table.Cell] in
            let parent = run.asksOtherwise ? nil : run.parent.flatMap { scores[$0] ?? nil }
            let change = run.map.flatMap { map in parent.map { NumberText.change(from: $0, to: map, 3) } }
            var texts = [String(run.number)]
            if isNamed { texts.append(run.tags.joined(separator: ", ")) }
            texts.append(run.map.map { NumberText.fixed($0, 3) } ?? "–")
            texts.append(change ?? "–")
            texts.append(run.story(paths))
            texts.append(String(run.startedAt.prefix(10)))
            return texts.map { .text($0) }
        }
        let columns: [Table.Column] =
            [.init("Run", .right)] + (isNamed ? [.init("Name")] : [])
            + [
                .init("mAP@20", .right), .init("Change", .right), .init("Changes and reason"), .init("Date"),
            ]
        return Table(columns: columns, rows: rows)
    }
}

extension RunEntry {
    private static let mostChanges = 4

    /// The run's changes and its outcome, in a line.
    fileprivate func story(_ paths: RelativePaths) -> String {
        var parts = [reason.map(paths.shortened)].compactMap(\.self)
        let words = OptionWords.changes(changes, paths)
        parts += words.prefix(Self.mostChanges)
        if words.count > Self.mostChanges { parts.append("and \(words.count - Self.mostChanges) more") }
        if parts.isEmpty { parts.append(parent == nil ? "the first run" : "no change of the configuration") }
        if isVariant { parts.append("a variant off the main line") }
        if outcome != .finished {
            parts.append([outcome.rawValue, failure.map(paths.shortened)].compactMap(\.self).joined(separator: ": "))
        }
        return parts.joined(separator: "; ")
    }
}
