import Basics
import Catalog
import Configuration
import Evaluation
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

/// Checks the rankings of a run: against its ranks, and against a search that is made anew where its embeddings are.
struct RankingRepetition {
    let repetition: Repetition
    let origins: Origins

    /// Scores that another processor adds up in other steps, and query extension spreads, differ by less.
    private static let rounding: Float = 1e-4

    /// Adds what is wrong with the searches of every run of a record.
    ///
    /// - Throws: ``CancellationError``; ``FileError`` where files ran out.
    func check(_ record: RenderRecord, _ verification: inout Verification) async throws {
        for run in record.runs {
            for node in run.nodes where [.search, .expand].contains(node.stage) {
                do {
                    try await check(node, run, &verification)
                } catch let error as CancellationError {
                    throw error
                } catch let error as FileError where error.isExhaustion {
                    throw error
                } catch {
                    let words = origins.words(of: error) ?? visibleLines(of: error)
                    verification.join([Finding(file: node.place, problem: "cannot be made anew: \(words)")])
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

        let vectors = upstream.filter { [.embed, .bridge].contains($0.stage) }
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

    /// Where a search differs from what its embeddings give. Files that follow from the rankings are only compared where
    /// those are the same to the last digit: on another processor they may not be.
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
            findings.append(Finding(file: "\(node.place)/\(name)", problem: "is not what the embeddings give"))
        }
        return findings
    }

    /// How rankings differ by more than rounding does: the first query, and how many.
    private static func problem(_ found: [Rankings.Query], _ expected: [Rankings.Query]) -> String? {
        guard found.map(\.id) == expected.map(\.id) else { return "has other queries than the embeddings give" }
        let differing = zip(found, expected).filter { found, expected in
            guard found.answers.count == expected.answers.count else { return true }
            let scores = Dictionary(expected.answers.map { ($0.imageID, $0.score) }) { first, _ in first }
            let last = expected.answers.last?.score ?? 0
            return zip(found.answers, expected.answers).contains { one, other in
                // Where scores are alike the order may be another; one that fell out stood at the end.
                abs(one.score - other.score) > rounding || abs(one.score - (scores[one.imageID] ?? last)) > rounding
            }
        }
        guard let first = differing.first else { return nil }
        return
            "is not what the embeddings give for \(NumberText.counted(differing.count, "query", "queries")), the first "
            + "\(quoted: first.0.id)"
    }
}
