import Basics
import Configuration
import Jobs
import Results

/// Finds and describes the marks of each photograph, in the worker, which alone links OpenCV.
struct KeypointsStage: Stage {
    struct Inputs: StageInputs {
        let photographs: CatalogInput

        init(_ declare: inout DeclaredInputs) { photographs = declare.photographs() }
    }

    struct Options: StageOptions {
        let match: MatchSettings
        let skipsBroken: Bool

        init(_ declare: inout DeclaredOptions) {
            match = declare(\.match, \.$kind, \.$middle, \.$side, \.$keypoints, \.$contrast, \.$upright)
            skipsBroken = declare(\.$skipsBroken)
        }
    }

    let name = StageName.keypoints
    let version = 1
    let outputs = [KeypointFiles.features.name, KeypointFiles.summary.name]
    let usesWorker = true

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let job = KeypointsJob(
            data: inputs.photographs.settings, settings: options.match, skipsBroken: options.skipsBroken,
            output: KeypointFiles.features.url(in: workspace.folder).path)
        let facts = try await workspace.run(.keypoints(job)).decoded(as: KeypointsJob.Facts.self)
        let summary = KeypointSummary(photographs: facts.photographs, keypoints: facts.keypoints)
        try workspace.write(summary, to: KeypointFiles.summary)
        return try JSONValue(encoding: summary)
    }
}
