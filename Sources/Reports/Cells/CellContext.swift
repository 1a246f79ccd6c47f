import Basics
import Catalog
import Foundation
import Results

/// A cell's parameters, and the results of the stages that it reads.
struct CellContext {
    let cell: Cell
    let artefacts: Artefacts
    let links: Links
    let frontMatter: FrontMatter
    /// The cell's parameters, with inline values already replaced.
    private let parameters: [String: JSONValue]
    private let selections: [(stage: StageName, selection: ValuePath.Selection)]
    private let nodes: Nodes

    /// Checks the cell's parameters and resolves the stages that it reads.
    ///
    /// - Throws: ``ValueError``, or ``FileProblem`` for a parameter that the kind does not take.
    init(
        cell: Cell, kind: any CellKind, parameters: [String: JSONValue], artefacts: Artefacts, links: Links,
        frontMatter: FrontMatter
    ) throws {
        self.cell = cell
        self.artefacts = artefacts
        self.links = links
        self.frontMatter = frontMatter
        self.parameters = parameters
        for parameter in cell.parameters where !kind.parameters.contains(parameter.name) {
            throw ValueError(
                "line \(parameter.line ?? cell.line): \(quoted: kind.name) takes no \(quoted: parameter.name)",
                kind.parameters.isEmpty
                    ? "It has no parameters." : ProblemCollector.remedy(for: parameter.name, known: kind.parameters))
        }
        selections = try cell.options.from.map(Self.selections) ?? kind.stages.map { ($0, ValuePath.Selection()) }
        nodes = Nodes(artefacts.inputs.nodes)
    }

    /// The stages of a `from`, each with its selection.
    static func selections(
        _ names: [String]
    ) throws(ValueError) -> [(stage: StageName, selection: ValuePath.Selection)] {
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

    // MARK: Results

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
        if runs == nil { content.notes.append(RunPair.absence) }
        return runs
    }

    // MARK: Parameters

    /// A text, or nil if the cell does not give one.
    func text(_ name: String) throws(ValueError) -> String? {
        guard let value = parameters[name] else { return nil }
        switch value {
        case .string(let text): return text
        // `0.50` and `true` may be names: the text that stands there counts.
        case .number, .bool: return cell.parameters.last { $0.name == name }?.texts?.first ?? value.canonicalText
        default: throw wrong(name, value, "a text")
        }
    }

    /// One text or a list of them.
    func texts(_ name: String) throws(ValueError) -> [String] {
        guard let value = parameters[name] else { return [] }
        if let list = value.array {
            if list.allSatisfy({ $0.string != nil }) { return list.compactMap(\.string) }
            if let texts = cell.parameters.last(where: { $0.name == name })?.texts, texts.count == list.count {
                return zip(list, texts).map { $0.string ?? $1 }
            }
        }
        return [try text(name)].compactMap(\.self)
    }

    /// One of several names.
    func choice(_ name: String, _ known: [String], standard: String) throws(ValueError) -> String {
        guard let text = try text(name) else { return standard }
        guard known.contains(text) else {
            throw ValueError(
                "\(quoted: name) is \(quoted: text)", ProblemCollector.remedy(for: text, known: known))
        }
        return text
    }

    /// A whole number within a range.
    func integer(_ name: String, _ range: ClosedRange<Int>, standard: Int) throws(ValueError) -> Int {
        guard let value = parameters[name] else { return standard }
        guard let number = value.integer, range.contains(number) else {
            throw wrong(name, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func wrong(_ name: String, _ value: JSONValue, _ wanted: String) -> ValueError {
        ValueError(
            "\(quoted: name) is \(value.canonicalText.shortened()) but must be \(wanted)",
            "Correct it, or delete the line.")
    }
}
