import Basics
import Catalog
import Results

/// The first name of an inline value: the type of the values below it, and how to read them.
struct ValueRoot<Source> {
    /// The form of the values.
    let shape: () throws -> JSONShape
    let read: (Source) throws -> JSONValue

    /// A root with one type; nil is a value that does not exist yet.
    init<Value: Codable>(_ value: @escaping (Source) throws -> Value?) {
        shape = { try JSONShape(of: Value.self) }
        read = { try value($0).map { try JSONValue(encoding: $0) } ?? .null }
    }

    /// A root whose values the author, the configuration or the machine determines.
    init(open value: @escaping (Source) throws -> JSONValue) {
        shape = { .anything }
        read = value
    }
}

/// A result of a stage, with the reader of its files.
struct StageResult {
    let artefacts: Artefacts
    let node: ReportNode

    func read<Contents: Sendable>(_ file: ResultFile<Contents>) throws -> Contents {
        try artefacts.read(file, of: node)
    }

    /// The leaks of a split in sentences; nil if they cannot be counted, for which the table of leaks gives the reason.
    var leaks: String? {
        let measures = artefacts.inputs.nodes.first { $0.stage == .measure }
        guard let audit = try? artefacts.audit(node, measures: measures) else { return nil }
        guard audit.warnings.isEmpty else { return audit.warnings.joined(separator: " ") }
        let unknown = audit.unknown.isEmpty ? "" : "; not checked: \(audit.unknown.map(\.noun).listed())"
        return "The check for leaks found none\(unknown)."
    }
}

extension StageName {
    /// The inline values below the stage's name: its JSON file with counts of its tables, and `node.…`.
    var values: ValueRoot<StageResult> {
        func root<Contents: Codable>(
            _ contents: @escaping (StageResult) throws -> Contents
        ) -> ValueRoot<StageResult> {
            ValueRoot { Joined(try contents($0), NodeValues($0.node)) }
        }
        return switch self {
        case .split: root { SplitValues(try $0.read(SplitFiles.split).rows, leaks: $0.leaks) }
        case .train:
            root {
                Joined(
                    try $0.read(TrainFiles.description),
                    HistoryValues(try $0.artefacts.readIfPresent(TrainFiles.history, of: $0.node)))
            }
        case .evaluate:
            root {
                let evaluation = try $0.read(EvaluateFiles.evaluation)
                return Joined(evaluation, EvaluateValues(evaluation, try $0.read(EvaluateFiles.queries)))
            }
        case .sweep:
            root {
                Joined(
                    try $0.read(SweepFiles.summary),
                    SweepValues(try $0.read(SweepFiles.choices), $0.artefacts.inputs.configuration))
            }
        case .explain: root { try $0.read(ExplainFiles.summary) }
        case .reduce: root { try $0.read(ReduceFiles.summary) }
        case .bridge: root { try $0.read(AdapterFiles.summary) }
        case .background: root { try $0.read(BackgroundFiles.summary) }
        case .keypoints: root { try $0.read(KeypointFiles.summary) }
        case .match: root { try $0.read(MatchFiles.summary) }
        case .fuse: root { FusionValues(try $0.read(FuseFiles.fusion)) }
        case .measure, .embed, .search, .expand: root { _ in NoValues() }
        }
    }
}

/// A root that is not a stage.
enum PlainRoot: String, CaseIterable {
    case params, config, method, machine, run, runs, compare, data, team

    /// What plain roots are read from.
    struct Source {
        let artefacts: Artefacts
        let frontMatter: FrontMatter
        let parameters: [String: JSONValue]
    }

    /// Whether the document's author writes the values.
    var isAuthors: Bool { self == .params || self == .team }

    /// The inline values below the name.
    var values: ValueRoot<Source> {
        switch self {
        case .params: ValueRoot(open: { .object($0.parameters) })
        case .config: ValueRoot(open: { $0.artefacts.inputs.configuration })
        case .method: ValueRoot { MethodValues($0.artefacts.inputs) }
        case .machine: ValueRoot(open: { $0.artefacts.inputs.workingMachine })
        case .run: ValueRoot { RunValues($0.artefacts.inputs) }
        case .runs: ValueRoot { $0.artefacts.inputs.ledger?.runs ?? [] }
        case .compare:
            ValueRoot { source in
                try source.artefacts.comparison().map { try Joined($0.result, CompareValues($0, source.artefacts)) }
            }
        case .data:
            ValueRoot { DataValues(try $0.artefacts.catalog(), path: $0.artefacts.inputs.writtenDataPath) }
        case .team: ValueRoot(open: { .array($0.frontMatter.team) })
        }
    }
}
