import Basics
import Foundation
import Results

/// Everything that an inline value can name: parameters, configuration, data, machine, run, and results of stages.
final class Values {
    private let artefacts: Artefacts
    private let nodes: Nodes
    private let source: PlainRoot.Source
    private var plainRoots: [PlainRoot: Result<JSONValue, any Error>] = [:]
    private var stageTrees: [URL: JSONValue] = [:]
    private var shapes: [String: JSONShape] = [:]

    /// A value with the nodes that it was read from.
    struct Resolved {
        let value: JSONValue
        let nodes: [ReportNode]
        /// Why there is no value, if known.
        var absence: ValueError?
    }

    init(_ artefacts: Artefacts, frontMatter: FrontMatter, parameters: [String: JSONValue]) {
        self.artefacts = artefacts
        nodes = Nodes(artefacts.inputs.nodes)
        source = PlainRoot.Source(artefacts: artefacts, frontMatter: frontMatter, parameters: parameters)
    }

    /// Finds a value; one that its type has but the run lacks is null, with the reason.
    ///
    /// `local` has values that only the present cell has, such as its number of rows; they come first.
    ///
    /// - Throws: ``ValueError``, which suggests the nearest existing path; ``FileError`` for an unreadable result.
    func value(at path: ValuePath, local: [String: JSONValue] = [:]) throws -> Resolved {
        if let own = local[path.root] {
            return Resolved(value: try ValueTree(value: own, shape: .anything).value(at: path).value, nodes: [])
        }
        if let root = PlainRoot(rawValue: path.root) { return try value(at: path, below: root) }
        guard let stage = StageName(rawValue: path.root) else {
            let known =
                Array(local.keys).sorted() + PlainRoot.allCases.map(\.rawValue) + StageName.allCases.map(\.rawValue)
            throw ValueError(
                "there is no value \(quoted: path.text)", ProblemCollector.remedy(for: path.root, known: known))
        }
        return try value(at: path, below: stage)
    }

    private func value(at path: ValuePath, below root: PlainRoot) throws -> Resolved {
        guard path.selection.isEmpty else {
            throw ValueError(
                "\(quoted: path.root) is not a stage, so \(quoted: path.selection.text) selects nothing", "Delete it.")
        }
        let tree = ValueTree(value: try tree(of: root), shape: try shape(root.rawValue, root.values))
        let found = try tree.value(at: path)
        // On a first run there is no comparison yet, which is not an error.
        let absence =
            root == .compare && tree.value == .null
            ? RunPair.absentValue(artefacts.incomparable) : found.absence
        return Resolved(value: found.value, nodes: [], absence: absence)
    }

    private func value(at path: ValuePath, below stage: StageName) throws -> Resolved {
        let shape = try shape(stage.rawValue, stage.values)
        if !nodes.presentStages.contains(stage) {
            // A misspelled name is an error even without a result.
            _ = try ValueTree(value: .null, shape: shape).value(at: path)
            if artefacts.isLeftOut(stage) {
                // No command would make a result, so the document has to give a fallback.
                let absence = ValueError(
                    "\(quoted: path.text) does not exist: \(quoted: path.root) is off, or its result was imported",
                    "Add a fallback: '| or(…)'.")
                return Resolved(value: .null, nodes: [], absence: absence)
            }
        }
        let chosen = try nodes.nodes(stage, path.selection)
        let found = try chosen.map { try ValueTree(value: try tree(of: $0), shape: shape).value(at: path) }
        guard found.dropFirst().allSatisfy({ $0.value == found[0].value }) else {
            throw ValueError("\(quoted: path.text) differs among \(chosen.count) results", Nodes.remedy(chosen))
        }
        return Resolved(value: found[0].value, nodes: chosen, absence: found[0].absence)
    }

    private func shape<Source>(_ name: String, _ root: ValueRoot<Source>) throws -> JSONShape {
        if let known = shapes[name] { return known }
        let shape = try root.shape()
        shapes[name] = shape
        return shape
    }

    private func tree(of root: PlainRoot) throws -> JSONValue {
        if let known = plainRoots[root] { return try known.get() }
        let result = Result { try root.values.read(source) }
        plainRoots[root] = result
        return try result.get()
    }

    private func tree(of node: ReportNode) throws -> JSONValue {
        if let known = stageTrees[node.directory] { return known }
        let tree = try node.stage.values.read(StageResult(artefacts: artefacts, node: node))
        stageTrees[node.directory] = tree
        return tree
    }
}
