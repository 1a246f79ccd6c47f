import Basics
import Configuration
import Foundation
import Reports

/// Evaluates runs anew from their rankings, labels and splits, so that nothing rests on the evaluation that they wrote.
struct Recount {
    private let project: Project
    /// Receives the evaluations.
    private let folder: URL

    init(_ project: Project) throws {
        self.project = project
        folder = FileManager.default.temporaryDirectory.appending(path: "whalebook-verify-\(UUID().uuidString)")
    }

    /// Removes the evaluations.
    func end() { try? FileManager.default.removeItem(at: folder) }

    /// A record whose evaluations are counted anew; where one differs from what the run wrote is a finding.
    ///
    /// - Throws: ``FileError`` for a ranking that cannot be read, or what the evaluation throws.
    func recounted(_ record: RenderRecord, findings: inout [Finding]) async throws -> RenderRecord {
        var folders: [String: URL] = [:]
        for run in record.runs {
            guard let node = run.nodes.first(where: { $0.stage == StageName.evaluate.rawValue }),
                folders[node.place] == nil
            else { continue }
            let counted = try await evaluation(of: run, as: node)
            for name in node.files.keys.sorted() {
                guard let found = try? Data(contentsOf: node.directory.appending(path: name)) else { continue }
                findings += FileDifferences.findings(
                    in: "\(node.place)/\(name)", found: found,
                    expected: try FileError.contents(of: counted.appending(path: name)))
            }
            folders[node.place] = counted
        }
        let counted = record.locating { folders[$0.place] ?? $0.directory }
        return try counted.comparing { comparison in
            func run(_ run: ReportComparison.Run) throws -> (entry: RunEntry, folder: URL) {
                (try run.entry.decoded(as: RunEntry.self), try run.folder(of: StageName.evaluate.rawValue))
            }
            let (old, new) = (try run(comparison.old), try run(comparison.new))
            for (entry, folder) in [old, new] {
                let map = try JSONValue.read(folder.appending(path: EvaluateStage.evaluation))[path: "pooled.map"]?
                    .double
                guard map != entry.map else { continue }
                findings.append(
                    Finding(
                        file: "run \(entry.name)",
                        problem: "has mAP@20 \(entry.map ?? .nan) in the ledger, "
                            + "\(map ?? .nan) by its rankings"))
            }
            return try RunComparison(old.entry, new.entry, oldFolder: old.folder, newFolder: new.folder).json
        }
    }

    /// The folder of an evaluation of a run's results.
    private func evaluation(of run: RenderRecord.Run, as node: ReportNode) async throws -> URL {
        let target = folder.appending(path: node.place)
        guard !FileManager.default.fileExists(atPath: target.path) else { return target }
        do {
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: target.path, reason: FileError.reason(of: error))
        }
        let configuration = try Configuration(
            parsing: run.configuration.text, path: node.place, root: project.configuration.root)
        let upstream = run.nodes.compactMap { node in
            StageName(rawValue: node.stage).map {
                (node: Node($0, member: node.member, seed: node.seed, fold: node.fold), folder: node.directory)
            }
        }
        let stage = EvaluateStage()
        let context = StageContext(
            node: Node(stage.name, member: node.member, seed: node.seed, fold: node.fold), stage: stage,
            configuration: configuration, folder: target, worker: project.worker, backend: nil,
            weights: project.weights, upstream: upstream, buildsOnImport: false, progress: { _ in },
            message: { _ in })
        _ = try await stage.perform(context)
        return target
    }
}
