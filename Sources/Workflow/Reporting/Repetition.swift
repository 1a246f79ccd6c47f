import Basics
import Configuration
import Foundation
import Reports

/// Does the work of a stage again for a run of a record, in a folder of verify's own.
struct Repetition {
    let project: Project
    /// Receives the outputs, below itself.
    let folder: URL

    /// The configuration that made a run.
    ///
    /// - Throws: ``ConfigurationError``.
    func configuration(of run: RenderRecord.Run) throws -> Configuration {
        try Configuration(parsing: run.configuration.text, path: "record.json", root: project.configuration.root)
    }

    /// What a result is made of and the run has no result of, by name: it was damaged or missing when the document was
    /// rendered, or was taken out of the record.
    ///
    /// - Throws: ``ConfigurationError``.
    func missing(for node: ReportNode, _ run: RenderRecord.Run) throws -> [String] {
        guard let own = node.workflowNode else { return [] }
        let present = Set(run.nodes.compactMap(\.workflowNode))
        return NodeGraph(try configuration(of: run)).upstream(of: own).filter { !present.contains($0) }.map(\.name)
    }

    /// The folder with what a stage gives, made once.
    ///
    /// - Parameter reads: Which of the run's results the stage is given.
    /// - Throws: What the stage throws; ``FileError``.
    func outputs(
        of stage: any Stage, as node: ReportNode, _ run: RenderRecord.Run, reads: (Node) -> Bool = { _ in true }
    ) async throws -> URL {
        let target = folder.appending(path: node.place)
        guard !FileManager.default.fileExists(atPath: target.path) else { return target }
        do {
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: target.path, reason: FileError.reason(of: error))
        }
        let upstream = run.nodes.compactMap { node in
            node.workflowNode.map { (node: $0, folder: node.directory) }
        }
        let context = StageContext(
            node: Node(stage.name, member: node.member, seed: node.seed, fold: node.fold), stage: stage,
            configuration: try configuration(of: run), folder: target, worker: project.worker, backend: nil,
            weights: project.weights, upstream: upstream.filter { reads($0.node) }, buildsOnImport: false,
            progress: { _ in }, message: { _ in })
        _ = try await stage.perform(context)
        return target
    }
}

extension ReportNode {
    /// The node of the workflow, nil for a stage that there is not.
    var workflowNode: Node? {
        StageName(rawValue: stage).map { Node($0, member: member, seed: seed, fold: fold) }
    }
}
