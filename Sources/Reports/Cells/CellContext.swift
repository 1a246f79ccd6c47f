import Basics
import Catalog
import Foundation
import Results

/// A cell, and the results of the stages that it reads.
struct CellContext {
    let cell: Cell
    let artefacts: Artefacts
    let links: Links
    /// The links of the cell's pages.
    let pageLinks: Links
    let frontMatter: FrontMatter
    private let selections: [(stage: StageName, selection: ValuePath.Selection)]
    private let nodes: Nodes

    /// Resolves the stages that a cell reads: `stages`, unless it has a `from`.
    ///
    /// - Throws: ``ValueError`` if its `from` names something else than stages.
    init(
        cell: Cell, stages: [StageName], artefacts: Artefacts, links: Links, pageLinks: Links, frontMatter: FrontMatter
    ) throws(ValueError) {
        self.cell = cell
        self.artefacts = artefacts
        self.links = links
        self.pageLinks = pageLinks
        self.frontMatter = frontMatter
        selections = try Self.selections(cell.options.from?.values) ?? stages.map { ($0, ValuePath.Selection()) }
        nodes = Nodes(artefacts.inputs.nodes)
    }

    /// The stages of a `from`, each with its selection; nil without one.
    private static func selections(
        _ names: [String]?
    ) throws(ValueError) -> [(stage: StageName, selection: ValuePath.Selection)]? {
        guard let names else { return nil }
        var result: [(stage: StageName, selection: ValuePath.Selection)] = []
        for name in names {
            let path = try ValuePath(name)
            guard let stage = StageName(rawValue: path.root), path.names.isEmpty else {
                throw ValueError(
                    "'from' names \(quoted: name), which is not a stage",
                    ProblemCollector.remedy(for: path.root, known: StageName.allCases.map(\.rawValue)))
            }
            result.append((stage, path.selection))
        }
        return result
    }

    /// Whether the cell reads a stage.
    func reads(_ stage: StageName) -> Bool { selections.contains { $0.stage == stage } }

    /// Every node that the cell reads.
    var readNodes: [ReportNode] {
        selections.flatMap { selected in
            artefacts.inputs.nodes.filter { $0.stage == selected.stage && selected.selection.matches($0) }
        }
    }

    /// The nodes of a stage that the cell reads.
    ///
    /// - Throws: ``ValueError`` if the cell does not read the stage, or the stage has no result.
    func nodes(_ stage: StageName) throws(ValueError) -> [ReportNode] {
        guard let chosen = selections.first(where: { $0.stage == stage }) else {
            let names = (selections.map(\.stage) + [stage]).map(\.rawValue).joined(separator: ", ")
            throw ValueError(
                "the cell needs \(quoted: stage.rawValue) but its 'from' leaves it out", "Write '#| from: [\(names)]'.")
        }
        return try nodes.nodes(stage, chosen.selection)
    }

    /// The first node of a stage; nil if the cell does not read it, or it has no result.
    func nodeIfPresent(_ stage: StageName) -> ReportNode? {
        reads(stage) ? readNodes.first { $0.stage == stage } : nil
    }

    /// The node of a stage; if there are several, the first, with a note in `content`.
    func node(_ stage: StageName, noting content: inout CellContent) throws(ValueError) -> ReportNode {
        let found = try nodes(stage)
        if found.count > 1 {
            content.notes.append(
                "\(quoted: stage.rawValue) has \(found.count) results; this shows \(quoted: found[0].name).")
        }
        return found[0]
    }

    /// The evaluation with its queries.
    func evaluation() throws -> EvaluationView {
        try artefacts.evaluation(in: nodes(.evaluate)[0].directory)
    }

    /// The two runs of the ledger that the document compares; nil, with a note in `content`, if there is no earlier
    /// run.
    func comparedRuns(noting content: inout CellContent) throws -> ComparedRuns? {
        let runs = try artefacts.comparedRuns()
        if runs == nil { content.notes.append(artefacts.incomparable?.reason ?? RunPair.absence) }
        return runs
    }
}
