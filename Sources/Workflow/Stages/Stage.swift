import Basics
import Configuration
import Foundation
import Jobs

/// What a stage is: what it reads, what it writes, and how it works.
///
/// All that it reads is declared here, since keys are made of the declarations; ``StageContext`` gives nothing else.
protocol Stage: Sendable {
    var name: StageName { get }
    /// Goes up when the same inputs would give another result.
    var version: Int { get }
    /// The options it reads, as dotted paths; `*` is the node's member, or every member where the node has none.
    var options: [String] { get }
    /// The files it reads from each stage upstream.
    var inputs: [StageName: [String]] { get }
    var data: Set<DataPart> { get }
    /// What it reads of the data beside ``data`` where the configuration has it look.
    func additionalData(_ configuration: Configuration) -> Set<DataPart>
    /// The files it writes.
    var outputs: [String] { get }
    /// The files it writes where its inputs have what they are made of.
    var optionalOutputs: [String] { get }
    /// Whether the result depends on libtorch.
    var usesBackend: Bool { get }
    /// Whether it goes on from what it left in its folder when it was interrupted.
    var resumes: Bool { get }

    /// Does the work: writes every one of ``outputs`` into the context's folder.
    ///
    /// - Returns: What is worth keeping of the run.
    func perform(_ context: StageContext) async throws -> JSONValue
}

extension Stage {
    var usesBackend: Bool { false }
    var resumes: Bool { false }
    var optionalOutputs: [String] { [] }
    func additionalData(_ configuration: Configuration) -> Set<DataPart> { [] }
    /// The digest of the sources that the result depends on, as they were when this program was built.
    var sources: String { StageSources.digests[name.rawValue] ?? "" }
}

/// A part of the data that a stage reads.
enum DataPart: String, Sendable {
    /// `metadata.csv`.
    case metadata
    /// The scenario files that ship with the data.
    case scenarios
    /// The photographs' files.
    case photographs
    /// The members' weights files.
    case weights
}

/// Every stage.
enum Stages {
    static let all: [any Stage] = [
        SplitStage(), MeasureStage(), TrainStage(), EmbedStage(), BridgeStage(), SearchStage(), ExpandStage(),
        EvaluateStage(), SweepStage(), ExplainStage(), ReduceStage(),
    ]

    static func stage(_ name: StageName) -> any Stage {
        // Every name has its stage; a test holds both together.
        all.first { $0.name == name } ?? SplitStage()
    }
}

/// What a stage works with: its node, its inputs, a folder to write to.
struct StageContext: Sendable {
    let node: Node
    let stage: any Stage
    let configuration: Configuration
    /// The folder that receives the outputs.
    let folder: URL
    let worker: Worker
    let backend: Backend?
    let weights: Weights
    /// The nodes upstream with the folders of their results.
    let upstream: [(node: Node, folder: URL)]
    /// Whether some of them were made elsewhere.
    let buildsOnImport: Bool
    let progress: @Sendable (RunProgress) -> Void
    let message: @Sendable (String) -> Void

    /// The one upstream result of a stage.
    func input(_ name: StageName, _ file: String) throws -> URL {
        guard let url = try inputs(name, file).first?.url else {
            throw WorkflowError.missingInput(stage: stage.name.rawValue, upstream: name.rawValue)
        }
        return url
    }

    /// Whether every upstream result of a stage has a file.
    func has(_ name: StageName, _ file: String) throws -> Bool {
        let inputs = try inputs(name, file)
        return !inputs.isEmpty && inputs.allSatisfy { FileManager.default.fileExists(atPath: $0.url.path) }
    }

    /// All upstream results of a stage, in the order of members, seeds and folds.
    ///
    /// - Throws: ``WorkflowError/undeclaredInput(stage:file:)``.
    func inputs(_ name: StageName, _ file: String) throws -> [(node: Node, url: URL)] {
        guard stage.inputs[name]?.contains(file) == true else {
            throw WorkflowError.undeclaredInput(stage: stage.name.rawValue, file: "\(name.rawValue)/\(file)")
        }
        return upstream.filter { $0.node.stage == name }.map { ($0.node, $0.folder.appending(path: file)) }
    }

    /// Where an output goes.
    func output(_ file: String) -> URL { folder.appending(path: file) }

    /// Runs a job of the worker, with its log beside the outputs; `place` fits the job's progress into the node's.
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
