import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Reports
import Results

/// Repeats the work of a stage for a run of a record, in a folder of `verify`.
struct Repetition {
    let project: Project
    /// The folder that receives the outputs, in subfolders.
    let folder: URL

    /// The configuration of a run.
    ///
    /// - Throws: ``ConfigurationError``.
    func configuration(of run: RenderRecord.Run) throws -> Configuration {
        try Configuration(parsing: run.configuration.text, path: "record.json", root: project.configuration.root)
    }

    /// The names of a result's inputs that the run lacks: they were damaged or missing when the document was rendered,
    /// or were removed from the record.
    ///
    /// - Throws: ``ConfigurationError``.
    func missing(for node: ReportNode, _ run: RenderRecord.Run) throws -> [String] {
        let present = Set(run.nodes.map(\.node))
        return NodeGraph(try configuration(of: run)).upstream(of: node.node).filter { !present.contains($0) }
            .map(\.name)
    }

    /// The folder with the outputs of a node's stage, made once; `reads` chooses the run's results that the stage
    /// receives.
    ///
    /// - Throws: Errors of the stage; ``FileError``.
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
            node: node.node, folder: target, worker: project.worker, backend: nil, card: nil,
            precision: configuration.precision, checkpoints: configuration.checkpoints, buildsOnImport: false,
            progress: { _ in }, message: { _ in })
        do {
            _ = try await node.stage.stage.perform(
                configuration, weights: project.weights, upstream: upstream, workspace)
        } catch {
            // A partial result must not be mistaken for a complete one.
            try? FileManager.default.removeItem(at: target)
            throw error
        }
        return target
    }
}

/// Checks the rankings of a run: against its ranks, and against a new search if its embeddings are present.
struct RankingRepetition {
    let repetition: Repetition
    let origins: Origins

    /// Scores differ by less than this if another processor sums in a different order and query extension amplifies it.
    private static let rounding: Float = 1e-4

    /// Adds the findings for the searches of every run of a record.
    ///
    /// - Throws: `CancellationError`; ``FileError`` if too many files are open.
    func check(_ record: RenderRecord, _ verification: inout Verification) async throws {
        for run in record.runs {
            for node in run.nodes where [.search, .fuse, .expand].contains(node.stage) {
                do {
                    try await check(node, run, &verification)
                } catch let error as CancellationError {
                    throw error
                } catch let error as FileError where error.isExhaustion {
                    throw error
                } catch {
                    let words = origins.words(of: error) ?? visibleLines(of: error)
                    verification.join([Finding(file: node.place, problem: "cannot be recomputed: \(words)")])
                }
            }
        }
    }

    private func check(
        _ node: ReportNode, _ run: RenderRecord.Run, _ verification: inout Verification
    ) async throws {
        let configuration = try repetition.configuration(of: run)
        let waited = Set(NodeGraph(configuration).upstream(of: node.node))
        let upstream = run.nodes.filter { waited.contains($0.node) }
        guard let split = upstream.first(where: { $0.stage == .split }) else {
            verification.leaveOut("the rankings of \(node.name): its split is not in the record")
            return
        }
        let whales = try SplitFiles.split.read(in: split.directory).whales
        let scenarios = try SplitFiles.scenarios.read(in: split.directory).scenarios
        verification.join(
            try RankingCheck(scenarios: scenarios, whales: whales, count: configuration.search.k).findings(node))

        let vectors = upstream.filter { [.embed, .bridge, .keypoints, .match].contains($0.stage) }
        let isHere =
            vectors.contains { $0.stage == .embed }
            && vectors.allSatisfy { result in
                result.files.keys.allSatisfy {
                    FileManager.default.fileExists(atPath: result.directory.appending(path: $0).path)
                }
            }
        guard isHere else {
            verification.leaveOut("the search of \(node.name): its embeddings are not here")
            return
        }
        let made = try await repetition.outputs(of: node, run, reads: waited.contains)
        verification.join(try differences(node, from: made))
    }

    /// The differences between a search and a new one from its embeddings. Files that follow from the rankings are
    /// compared only if the rankings agree to the last digit: on another processor they may not.
    private func differences(_ node: ReportNode, from made: URL) throws -> [Finding] {
        var findings: [Finding] = []
        var isSame = true
        for (file, _) in RankingCheck.pairs(node.stage) where node.files[file.name] != nil {
            let (found, expected) = (file.url(in: node.directory), file.url(in: made))
            guard try FileError.contents(of: found) != FileError.contents(of: expected) else { continue }
            isSame = false
            if let problem = Self.problem(
                try file.read(in: node.directory).queries, try file.read(in: made).queries)
            {
                findings.append(Finding(file: "\(node.place)/\(file.name)", problem: problem))
            }
        }
        guard isSame else { return findings }
        for name in node.files.keys.sorted() {
            let expected = try FileError.attempt { try FileError.contents(of: made.appending(path: name)) }
            guard try FileError.contents(of: node.directory.appending(path: name)) != expected else { continue }
            findings.append(Finding(file: "\(node.place)/\(name)", problem: "does not follow from the embeddings"))
        }
        return findings
    }

    /// The difference between rankings beyond rounding: the first query, and how many there are.
    private static func problem(_ found: [Rankings.Query], _ expected: [Rankings.Query]) -> String? {
        guard found.map(\.id) == expected.map(\.id) else { return "has different queries from the embeddings" }
        let differing = zip(found, expected).filter { found, expected in
            guard found.answers.count == expected.answers.count else { return true }
            let scores = Dictionary(expected.answers.map { ($0.imageID, $0.score) }) { first, _ in first }
            let last = expected.answers.last?.score ?? 0
            return zip(found.answers, expected.answers).contains { one, other in
                // Photographs with equal scores may be in another order; one that is missing was at the end.
                abs(one.score - other.score) > rounding || abs(one.score - (scores[one.imageID] ?? last)) > rounding
            }
        }
        guard let first = differing.first else { return nil }
        return
            "does not follow from the embeddings for \(NumberText.counted(differing.count, "query", "queries")), the "
            + "first \(quoted: first.0.id)"
    }
}
