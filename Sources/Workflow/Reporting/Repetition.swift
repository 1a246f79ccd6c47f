import Basics
import Configuration
import Foundation
import Reports
import Results

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
        let present = Set(run.nodes.map(\.node))
        return NodeGraph(try configuration(of: run)).upstream(of: node.node).filter { !present.contains($0) }
            .map(\.name)
    }

    /// The folder with what the stage of a node gives, made once.
    ///
    /// - Parameter reads: Which of the run's results the stage is given.
    /// - Throws: What the stage throws; ``FileError``.
    func outputs(
        of node: ReportNode, _ run: RenderRecord.Run, reads: (Node) -> Bool = { _ in true }
    ) async throws -> URL {
        let target = folder.appending(path: node.place)
        guard !FileManager.default.fileExists(atPath: target.path) else { return target }
        do {
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: target.path, reason: FileError.reason(of: error))
        }
        let upstream = run.nodes.map { (node: $0.node, folder: $0.directory) }.filter { reads($0.node) }
        let configuration = try configuration(of: run)
        let workspace = Workspace(
            node: node.node, folder: target, worker: project.worker, backend: nil, precision: configuration.precision,
            checkpoints: configuration.checkpoints, buildsOnImport: false, progress: { _ in }, message: { _ in })
        do {
            _ = try await node.stage.stage.perform(
                configuration, weights: project.weights, upstream: upstream, workspace)
        } catch {
            // Half of it must not be taken for what was made.
            try? FileManager.default.removeItem(at: target)
            throw error
        }
        return target
    }
}
