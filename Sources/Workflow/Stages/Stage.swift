import Basics
import Catalog
import Configuration
import Foundation
import Jobs
import Options
import Results

/// A stage of the workflow: its inputs, its outputs and its work.
///
/// Its work receives only its ``Inputs`` and its ``Options``, so it reads exactly what it declares. The graph of files
/// and the keys of results are made from these declarations.
protocol Stage: Sendable {
    associatedtype Inputs: StageInputs
    associatedtype Options: StageOptions

    var name: StageName { get }
    /// Raise this when the same inputs would give a different result.
    var version: Int { get }
    /// The files it writes.
    var outputs: [String] { get }
    /// The files that it writes only if its inputs have the data for them.
    var optionalOutputs: [String] { get }
    /// Whether the result depends on libtorch.
    var usesBackend: Bool { get }
    /// Whether a worker does its work, and not the runner's own process.
    var usesWorker: Bool { get }
    /// Whether it continues from its folder after an interruption.
    var resumes: Bool { get }
    /// Whether several processes always share its work; its record then has their number.
    var isShared: Bool { get }

    /// Does the work: writes every one of ``outputs`` into the workspace.
    ///
    /// - Returns: Facts about the work to keep.
    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue
}

extension Stage {
    var usesBackend: Bool { false }
    var usesWorker: Bool { usesBackend }
    var resumes: Bool { false }
    var isShared: Bool { false }
    var optionalOutputs: [String] { [] }

    /// The files of results upstream and the parts of the data that it declares, by default those of a typical
    /// configuration.
    func inputs(_ configuration: Configuration? = nil) -> (files: [StageName: [String]], data: Set<DataPart>) {
        var declared = DeclaredInputs(configuration: configuration, weights: nil, upstream: [])
        _ = Inputs(&declared)
        return (declared.files, declared.data)
    }

    /// The options that it declares, as dotted paths; `*` is the node's member, or every member if the node has none.
    func options(_ configuration: Configuration) -> [String] {
        var declared = DeclaredOptions(configuration: configuration)
        _ = Options(&declared)
        return declared.paths
    }

    /// Does the work of a node; `upstream` has the nodes that it depends on, with the folders of their results.
    ///
    /// - Returns: Facts about the work to keep.
    func perform(
        _ configuration: Configuration, weights: Weights, upstream: [(node: Node, folder: URL)],
        _ workspace: Workspace
    ) async throws -> JSONValue {
        var inputs = DeclaredInputs(configuration: configuration, weights: weights, upstream: upstream)
        var options = DeclaredOptions(configuration: configuration)
        return try await perform(Inputs(&inputs), Options(&options), workspace)
    }
}

extension StageName {
    /// The stage with this name.
    var stage: any Stage {
        switch self {
        case .split: SplitStage()
        case .measure: MeasureStage()
        case .keypoints: KeypointsStage()
        case .train: TrainStage()
        case .embed: EmbedStage()
        case .bridge: AdapterStage()
        case .background: BackgroundStage()
        case .search: SearchStage()
        case .match: MatchStage()
        case .fuse: FuseStage()
        case .expand: ExpandStage()
        case .evaluate: EvaluateStage()
        case .sweep: SweepStage()
        case .explain: ExplainStage()
        case .reduce: ReduceStage()
        }
    }
}

/// The surroundings of a node's work.
struct Workspace: Sendable {
    let node: Node
    /// The folder that receives the outputs.
    let folder: URL
    let worker: Worker
    let backend: Backend?
    /// The graphics card that the node runs on; nil on a CPU.
    let card: Int?
    let precision: Precision
    /// How often the work writes checkpoints, from which it can continue.
    let checkpoints: CheckpointSettings
    /// Whether some of the node's inputs were imported.
    let buildsOnImport: Bool
    let progress: @Sendable (RunProgress) -> Void
    let message: @Sendable (String) -> Void

    /// The seed of random draws; 0 if the node has none.
    var seed: Int { node.seed ?? 0 }
    /// The fold for validation; 0 if the node has none.
    var fold: Int { node.fold ?? 0 }
    /// The device that the node runs on.
    var device: DeviceChoice { card.map { .card($0) } ?? .cpu }

    /// Writes an output.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    func write<Contents>(_ contents: Contents, to file: ResultFile<Contents>) throws {
        try file.write(contents, in: folder)
    }

    /// Runs a job of the worker, with its log next to the outputs; `place` maps the job's progress to the node's.
    func run(
        _ job: Job, place: @Sendable @escaping (RunProgress) -> RunProgress = { $0 }
    ) async throws -> JSONValue {
        try await worker.run(job, log: folder.appending(path: Store.logName)) { event in
            switch event {
            case .progress(let done, let total, let unit, let rate, let note):
                progress(place(RunProgress(done: done, total: total, unit: unit, rate: rate, note: note)))
            case .message(let text): message(text)
            case .finished, .failed: break
            }
        }
    }
}

/// The options that a stage reads: each property declares one, or a section.
protocol StageOptions: Sendable {
    /// Declares and reads everything.
    init(_ declare: inout DeclaredOptions)
}

/// Collects the options that a stage declares, and reads them.
struct DeclaredOptions {
    private let configuration: Configuration
    private(set) var paths: [String] = []

    init(configuration: Configuration) { self.configuration = configuration }

    /// Declares an option, or a whole section, of the configuration.
    mutating func callAsFunction<Value>(_ option: KeyPath<Settings, Located<Value>>) -> Value {
        let located = configuration.settings[keyPath: option]
        paths.append(located.path.pattern)
        return located.value
    }

    /// Declares some options of a section.
    ///
    /// - Returns: The section with these options; the others have their defaults.
    mutating func callAsFunction<Section: OptionGroup, each Value>(
        _ section: KeyPath<Settings, Section>, _ options: repeat KeyPath<Section, Located<each Value>>
    ) -> Section {
        let all = configuration.settings[keyPath: section]
        var names: Set<String> = []
        for option in repeat each options {
            let path = all[keyPath: option].path
            paths.append(path.pattern)
            names.insert(path.name)
        }
        return all.restricted(to: names)
    }

    /// Declares some options of the node's member, or of every member if the node has none.
    ///
    /// - Returns: Each member, by its name, with these options; the others have their defaults.
    mutating func members<each Value>(
        _ options: repeat KeyPath<MemberSettings, Located<each Value>>
    ) -> [String: MemberSettings] {
        // A member's name tells it from others and is no setting.
        var names: Set<String> = ["name"]
        let members = configuration.train.members
        for option in repeat each options {
            guard let path = members.first?[keyPath: option].path else { continue }
            paths.append(path.pattern)
            names.insert(path.name)
        }
        return Dictionary(members.map { ($0.name, $0.restricted(to: names)) }) { first, _ in first }
    }

    /// Declares whether members are trained.
    ///
    /// - Returns: The names of the trained members.
    mutating func trainedMembers() -> Set<String> {
        let train = callAsFunction(\.train, \.$kind)
        return Set(members(\.$train).values.filter(train.trains).map(\.name))
    }

    /// Declares the options that shape the network of the node's member: backbone, input, pooling and neck.
    ///
    /// - Returns: Each member, by its name, with only these options.
    mutating func networks() -> [String: MemberSettings] {
        members(
            \.$backbone, \.$side, \.$chosenFit, \.$cropShare, \.$interpolation, \.$mean, \.$deviation, \.$features,
            \.$pooling, \.$neck)
    }
}

extension [String: MemberSettings] {
    /// The member of a node.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` for a node without a member of the configuration.
    func own(_ node: Node) throws -> MemberSettings {
        guard let member = node.member.flatMap({ self[$0] }) else {
            throw WorkflowError.notRun(node: node.name, reason: "the configuration has no such member")
        }
        return member
    }
}
