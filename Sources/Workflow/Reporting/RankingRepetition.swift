import Basics
import Catalog
import Evaluation
import Foundation
import Reports
import Results

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
