import Basics
import Foundation
import Results

/// Everything that an inline value can name: parameters, configuration, data, machine, run, and results of stages.
final class Values {
    private let artefacts: Artefacts
    private let nodes: Nodes
    private let frontMatter: FrontMatter
    private let parameters: [String: JSONValue]
    private var plainRoots: [String: Result<JSONValue, any Error>] = [:]
    private var stageTrees: [URL: JSONValue] = [:]

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
        self.frontMatter = frontMatter
        self.parameters = parameters
    }

    /// The roots whose values the author writes.
    static let authorsNames = ["params", "team"]
    private static let plainNames = ["params", "config", "machine", "run", "runs", "compare", "data", "team"]

    /// Finds a value.
    ///
    /// - Parameter local: Values that only the present cell has, such as its number of rows; they come first.
    /// - Throws: ``ValueError``, which suggests the nearest existing path; ``FileError`` for an unreadable result.
    func value(at path: ValuePath, local: [String: JSONValue] = [:]) throws -> Resolved {
        if let own = local[path.root] {
            return Resolved(value: try descend(own, path), nodes: [])
        }
        if Self.plainNames.contains(path.root) {
            guard path.selection.isEmpty else {
                throw ValueError(
                    "\(quoted: path.root) is not a stage, so \(quoted: path.selection.text) selects nothing",
                    "Delete it.")
            }
            let tree = try plainRoot(path.root)
            // On a first run there is no comparison yet, which is not an error.
            if tree == .null { return Resolved(value: .null, nodes: [], absence: RunPair.absentValue) }
            return Resolved(value: try descend(tree, path), nodes: [])
        }
        guard let stage = StageName(rawValue: path.root) else {
            let known = Array(local.keys).sorted() + Self.plainNames + StageName.allCases.map(\.rawValue)
            throw ValueError(
                "there is no value \(quoted: path.text)", ProblemCollector.remedy(for: path.root, known: known))
        }
        if artefacts.isLeftOut(stage), !nodes.presentStages.contains(stage) {
            // No command would make a result, so the document has to give a fallback.
            let absence = ValueError(
                "\(quoted: path.text) does not exist: \(quoted: path.root) is off, or its result was imported",
                "Add a fallback: '| or(…)'.")
            return Resolved(value: .null, nodes: [], absence: absence)
        }
        let chosen = try nodes.nodes(stage, path.selection)
        let found = try chosen.map { try descend(try tree(of: $0), path) }
        guard found.dropFirst().allSatisfy({ $0 == found[0] }) else {
            throw ValueError("\(quoted: path.text) differs among \(chosen.count) results", Nodes.remedy(chosen))
        }
        return Resolved(value: found[0], nodes: chosen)
    }

    private func descend(_ tree: JSONValue, _ path: ValuePath) throws(ValueError) -> JSONValue {
        var value = tree
        for (depth, name) in path.names.enumerated() {
            guard let next = value[path: name] else { throw missing(path, in: tree, at: depth, of: value) }
            value = next
        }
        return value
    }

    private func missing(_ path: ValuePath, in tree: JSONValue, at depth: Int, of value: JSONValue) -> ValueError {
        let problem = "there is no value \(quoted: path.text)"
        let wanted = path.names.joined(separator: ".")
        let root = path.root + path.selection.text
        if let near = Spelling.nearest(to: wanted, among: Self.paths(in: tree)) {
            return ValueError(problem, "Did you mean \(quoted: root + "." + near)?")
        }
        let place = ([root] + path.names.prefix(depth)).joined(separator: ".")
        guard let members = value.object, !members.isEmpty else {
            return ValueError(problem, "There is nothing below \(quoted: place).")
        }
        return ValueError(
            problem, "Below \(quoted: place) there is: \(members.keys.sorted().prefix(20).listed()).")
    }

    /// The dotted paths of everything in a tree, without the elements of lists.
    private static func paths(in tree: JSONValue) -> [String] {
        guard let members = tree.object else { return [] }
        return members.keys.sorted().flatMap { key in
            [key] + paths(in: members[key] ?? .null).map { "\(key).\($0)" }
        }
    }

    // MARK: Roots

    private func plainRoot(_ name: String) throws -> JSONValue {
        if let known = plainRoots[name] { return try known.get() }
        let result = Result { try makeRoot(name) }
        plainRoots[name] = result
        return try result.get()
    }

    private func makeRoot(_ name: String) throws -> JSONValue {
        let inputs = artefacts.inputs
        switch name {
        case "params": return .object(parameters)
        case "config": return inputs.configuration
        case "machine": return inputs.workingMachine
        case "run": return inputs.runValues
        case "runs": return try JSONValue(encoding: inputs.ledger?.runs ?? [])
        case "compare": return try artefacts.comparison().map { try JSONValue(encoding: $0.result) } ?? .null
        case "team": return .array(frontMatter.team)
        default: return try artefacts.catalog().reportValues(path: inputs.writtenDataPath)
        }
    }

    private func tree(of node: ReportNode) throws -> JSONValue {
        if let known = stageTrees[node.directory] { return known }
        let tree = try artefacts.reportValues(of: node)
        stageTrees[node.directory] = tree
        return tree
    }
}
