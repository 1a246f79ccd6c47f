import Basics
import Results

struct ProvenanceCell: CellKind {
    static let name = "provenance"
    static let summary = "What the document was made from, folded; every document ends with it."
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        CellContent(parts: [.markdown(Self.markdown(context.artefacts))])
    }

    /// The folded block; it `explains` how numbers are counted unless a cell has done so.
    static func markdown(_ artefacts: Artefacts, explains: Bool = true) -> String {
        let inputs = artefacts.inputs
        var parts = [facts(inputs).markdown]
        if !inputs.nodes.isEmpty { parts.append(nodes(inputs).markdown) }
        let starts = inputs.nodes.compactMap(\.startedAt)
        if zip(starts, starts.dropFirst()).contains(where: >) {
            parts.append(
                "A result is used again if its inputs are the same to the byte, so it can be older than the results above it."
            )
        }
        if explains, let node = inputs.nodes.first(where: { $0.stage == .evaluate }),
            let evaluation = try? artefacts.read(EvaluateFiles.evaluation, of: node)
        {
            let contract = EvaluationView.contractText(of: evaluation)
            parts.append("How the numbers are counted: \(MarkdownText.escaped(contract))")
        }
        return MarkdownText.folded(summary: "Provenance", content: parts.joined(separator: "\n\n"))
    }

    private static func facts(_ inputs: ReportInputs) -> Table {
        func commit(_ name: String?, _ hasUncommittedChanges: Bool) -> String {
            (name ?? "none") + (hasUncommittedChanges ? ", with uncommitted changes" : "")
        }
        var rows: [[Table.Cell]] = [
            ["Command", .code(inputs.writtenCommand)],
            ["Commit of the rendering", .text(commit(inputs.commit, inputs.hasUncommittedChanges))],
        ]
        // The results are often older than the rendering.
        if let run = RunEntry.present(in: inputs.ledger?.runs ?? []) {
            rows.append([.text("Commit of run \(run.number)"), .text(commit(run.commit, run.hasUncommittedChanges))])
        }
        rows.append(["Data", .text(inputs.writtenDataPath)])
        rows += inputs.versions.sorted { $0.key < $1.key }.map { [.text($0.key), .text($0.value)] }
        let machine = MachineFact.facts(of: inputs.workingMachine).map { "\($0.title.lowercased()) \($0.text)" }
        rows.append(["Machine", .text(machine.isEmpty ? "not recorded" : machine.joined(separator: ", "))])
        return Table(columns: [.init("What"), .init("Value")], rows: rows)
    }

    private static func nodes(_ inputs: ReportInputs) -> Table {
        // Nothing ran if the command only rendered.
        let hasOrigin = inputs.nodes.contains { $0.wasCached != nil }
        let rows = inputs.nodes.map { node -> [Table.Cell] in
            let origin: [Table.Cell] = hasOrigin ? [.text(node.wasCached.map { $0 ? "cached" : "ran" } ?? "–")] : []
            let state = node.staleness.map { "stale: \(inputs.paths.shortened($0))" } ?? "fresh"
            return [
                .text(node.stage.rawValue), .text(node.member ?? "–"), .text(node.seed.map(String.init) ?? "–"),
                .text(node.fold.map(String.init) ?? "–"), .text(state),
            ] + origin + [
                .code(String(node.key.prefix(16))), .code(String(node.outputDigest.prefix(16))),
                .text(node.seconds.map(NumberText.duration(seconds:)) ?? "–"), .text(node.startedAt ?? "–"),
            ]
        }
        let titles =
            ["Stage", "Member", "Seed", "Fold", "State"] + (hasOrigin ? ["Cached or ran"] : [])
            + ["Key", "Output", "Time", "Started"]
        return Table(columns: titles.map { .init($0) }, rows: rows)
    }
}
