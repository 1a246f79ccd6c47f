import Basics
import Catalog
import Evaluation
import Foundation
import Reports

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
            for node in run.nodes {
                guard let name = StageName(rawValue: node.stage), [.search, .expand].contains(name) else { continue }
                let stage = Stages.stage(name)
                do {
                    try await check(node, stage, run, &verification)
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
        _ node: ReportNode, _ stage: any Stage, _ run: RenderRecord.Run, _ verification: inout Verification
    ) async throws {
        let configuration = try repetition.configuration(of: run)
        guard let own = node.workflowNode else { return }
        let waited = Set(NodeGraph(configuration).upstream(of: own))
        let upstream = run.nodes.filter { $0.workflowNode.map(waited.contains) == true }
        guard let split = upstream.first(where: { $0.stage == StageName.split.rawValue }) else {
            verification.leaveOut("the rankings of \(node.name): its split is not in the record")
            return
        }
        let parts = try Split.read(split.directory.appending(path: SplitStage.splitFile))
        let scenarios = try ScenarioSet.read(split.directory.appending(path: SplitStage.scenarioFile)).scenarios
        let whales = Dictionary(parts.rows.filter { !$0.whaleID.isEmpty }.map { ($0.imageID, $0.whaleID) }) {
            first, _ in first
        }
        verification.join(
            try RankingCheck(scenarios: scenarios, whales: whales, count: configuration.search.k).findings(node))

        let vectors = upstream.filter { [StageName.embed, .bridge].map(\.rawValue).contains($0.stage) }
        let isHere =
            vectors.contains { $0.stage == StageName.embed.rawValue }
            && vectors.allSatisfy { result in
                result.files.keys.allSatisfy {
                    FileManager.default.fileExists(atPath: result.directory.appending(path: $0).path)
                }
            }
        guard isHere else {
            verification.leaveOut("the search of \(node.name): its embeddings are not here")
            return
        }
        let made = try await repetition.outputs(of: stage, as: node, run, reads: waited.contains)
        verification.join(try differences(node, from: made))
    }

    /// Where a search differs from what its embeddings give. Files that follow from the rankings are only compared where
    /// those are the same to the last digit: on another processor they may not be.
    private func differences(_ node: ReportNode, from made: URL) throws -> [Finding] {
        var findings: [Finding] = []
        var isSame = true
        for (neighbours, _) in RankingCheck.pairs where node.files[neighbours] != nil {
            let (found, expected) = (node.directory.appending(path: neighbours), made.appending(path: neighbours))
            guard try FileError.contents(of: found) != FileError.contents(of: expected) else { continue }
            isSame = false
            if let problem = Self.problem(try Rankings.read(found).queries, try Rankings.read(expected).queries) {
                findings.append(Finding(file: "\(node.place)/\(neighbours)", problem: problem))
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
