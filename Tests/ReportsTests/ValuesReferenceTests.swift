import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

/// The paths that the types give, against the values of the pod and of the reference run.
struct ValuesReferenceTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The trees of values by root: of the pod, of the reference run, and of results that neither has.
    private static func trees() throws -> [(name: String, tree: JSONValue)] {
        let pod = try Pod()
        try pod.addEarlierRun()
        let artefacts = Artefacts(pod.inputs)
        let source = PlainRoot.Source(
            artefacts: artefacts, frontMatter: Document(parsing: "", url: pod.root).frontMatter, parameters: [:])
        var trees = try PlainRoot.allCases.map { ($0.rawValue, try $0.values.read(source)) }
        func add(_ node: ReportNode) throws {
            let result = StageResult(artefacts: artefacts, node: node)
            trees.append((node.stage.rawValue, try node.stage.values.read(result)))
        }
        for node in pod.inputs.nodes { try add(node) }
        func node(_ stage: StageName, _ folder: URL) -> ReportNode {
            ReportNode(Node(stage), key: "", outputDigest: "", directory: folder)
        }
        let reference = root.appending(path: "reports/reference")
        for stage in StageName.allCases {
            let folder = reference.appending(path: stage.rawValue)
            for key in (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? [] {
                let found = node(stage, folder.appending(path: key))
                try add(found)
                guard stage == .evaluate else { continue }
                let rare = pod.root.appending(path: "store/rare")
                try pod.writeRareResults(to: rare, evaluation: found.directory)
                for stage in [StageName.train, .bridge, .explain, .evaluate] { try add(node(stage, rare)) }
            }
        }
        return trees
    }

    /// The paths of values without members, as ``JSONShape/paths`` writes them; null is a value.
    private static func paths(_ tree: JSONValue, _ shape: JSONShape?, _ path: String) -> [String] {
        guard let members = tree.object, shape != .anything else { return [path] }
        return members.sorted { $0.key < $1.key }.flatMap { name, value -> [String] in
            var written = name
            if case .byName = shape { written = JSONShape.name }
            return paths(value, shape?[name], "\(path).\(written)")
        }
    }

    @Test func `The types have every path of real values, and real values every path of the types`() throws {
        let shapes = Dictionary(uniqueKeysWithValues: try ValuesReference.shapes().map { ($0.name, $0.shape) })
        let known = Set(
            shapes.flatMap { name, shape in
                shape.paths.map { $0.path.isEmpty ? name : "\(name).\($0.path)" }
            })
        var found: Set<String> = []
        for (name, tree) in try Self.trees() {
            guard let shape = shapes[name] else { continue }
            for path in Self.paths(tree, shape, name) {
                // An absent value stands for everything below it, and an empty dictionary has nothing.
                let hasMembers = known.contains { $0.hasPrefix(path + ".") }
                #expect(known.contains(path) || hasMembers, "\(path) is not a path of the type")
                found.insert(path)
            }
        }
        let missing = known.subtracting(found).sorted()
        #expect(missing.isEmpty, "no result has \(missing.joined(separator: ", "))")
    }

    @Test func `A value has the kind that its type gives it`() throws {
        let shapes = Dictionary(uniqueKeysWithValues: try ValuesReference.shapes().map { ($0.name, $0.shape) })
        func check(_ tree: JSONValue, _ shape: JSONShape, _ path: String) {
            let agrees =
                switch (shape, tree) {
                case (_, .null), (.text, .string), (.number, .number), (.truth, .bool), (.list, .array),
                    (.members, .object), (.byName, .object), (.anything, _):
                    true
                case (.wholeNumber, .number): tree.integer != nil
                default: false
                }
            #expect(agrees, "\(path) is \(tree.canonicalText.prefix(80)), not \(shape.kind ?? "an object")")
            for (name, value) in tree.object ?? [:] {
                if let inner = shape[name] { check(value, inner, "\(path).\(name)") }
            }
        }
        for (name, tree) in try Self.trees() { if let shape = shapes[name] { check(tree, shape, name) } }
    }

    @Test func `Only the settings of a model are open below a type`() throws {
        let open = try ValuesReference.shapes().flatMap { name, shape in
            shape.paths.filter { $0.kind == JSONShape.anything.kind }.map { "\(name).\($0.path)" }
        }
        #expect(open == ["train.configuration.member", "train.configuration.train"])
    }

    @Test func `The reference of inline values matches the types`() throws {
        try Golden.check(try ValuesReference.text(), page: "values-reference.md")
    }
}

extension Pod {
    /// Writes what only some configurations have: a bridge between views, an ensemble, photographs left out, and a
    /// model trained for another number of epochs than the configured one. The other measures come from the evaluation
    /// in the folder `source`.
    fileprivate func writeRareResults(to folder: URL, evaluation source: URL) throws {
        let rows = (0..<12).map { animal in
            AdapterRow(
                direction: animal.isMultiple(of: 2) ? .topLateral : .lateralTop, scenario: "s", queryID: "q\(animal)",
                imageID: "p\(animal)", whaleID: "w\(animal)", plain: [2], bridged: [1])
        }
        var evaluation = try EvaluateFiles.evaluation.read(in: source)
        evaluation.bridge = AdapterEffect([(1, rows), (2, rows)], resamples: 100, seed: 1)
        evaluation.members = []
        evaluation.summed = evaluation.pooled.summary
        evaluation.contract.brokenPhotographs = 1
        try EvaluateFiles.evaluation.write(evaluation, in: folder)
        try EvaluateFiles.queries.write(EvaluateFiles.queries.read(in: source), in: folder)
        var summary = AdapterSummary(animals: 3, photographs: 12)
        summary.loss = 0.25
        summary.absence = "too few animals"
        try AdapterFiles.summary.write(summary, in: folder)
        var description = try TrainFiles.description.read(in: root.appending(path: "store/train"))
        description.epochs = 5
        description.licence = "cc-by-nc-4.0"
        try TrainFiles.description.write(description, in: folder)
        try ExplainFiles.summary.write(
            ExplainSummary(
                queries: 0, pairs: 0, map: "last", fit: .crop, cropShare: 0.9, height: nil, width: nil, animals: nil),
            in: folder)
    }
}
