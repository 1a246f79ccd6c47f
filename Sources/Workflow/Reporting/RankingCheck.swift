import Basics
import Catalog
import Evaluation
import Foundation
import Reports
import Results

/// Checks the rankings of a run against its scenarios, its animals and the ranks of right matches. `neighbors.csv` has
/// the photographs returned, `ranks.csv` the ranks of all right matches, so a change to one contradicts the other.
struct RankingCheck {
    let scenarios: [Scenario]
    let whales: [String: String]
    /// The number of photographs that the run returns for a query.
    let count: Int

    /// The pairs of a stage's files that describe the same rankings.
    static func pairs(_ stage: StageName) -> [(neighbours: ResultFile<Rankings>, ranks: ResultFile<RightRanks>)] {
        switch stage {
        case .search: [(SearchFiles.neighbours, SearchFiles.ranks)]
        case .fuse:
            [
                (FuseFiles.neighbours, FuseFiles.ranks), (FuseFiles.localNeighbours, FuseFiles.localRanks),
                (FuseFiles.untrainedNeighbours, FuseFiles.untrainedRanks),
            ]
        case .expand:
            [
                (ExpandFiles.neighbours, ExpandFiles.ranks),
                (ExpandFiles.untrainedNeighbours, ExpandFiles.untrainedRanks),
            ]
        default: []
        }
    }

    /// One finding for each wrong pair: the first wrong query and how many there are.
    func findings(_ node: ReportNode) throws -> [Finding] {
        try Self.pairs(node.stage).flatMap { neighbours, ranks -> [Finding] in
            let folder = node.directory
            guard neighbours.exists(in: folder) else { return [] }
            let flaws = flaws(
                try neighbours.read(in: folder).queries,
                ranks.exists(in: folder) ? try ranks.read(in: folder).byQuery : nil)
            guard let first = flaws.first else { return [] }
            let more = flaws.count > 1 ? " (and \(NumberText.counted(flaws.count - 1, "other", "others")))" : ""
            return [
                Finding(
                    file: "\(node.place)/\(neighbours.name)",
                    problem: "query \(quoted: first.query) \(first.problem)\(more)")
            ]
        }
    }

    private func flaws(
        _ queries: [Rankings.Query], _ ranks: [String: [RightRanks.Row]]?
    ) -> [(query: String, problem: String)] {
        let found = Dictionary(queries.map { ($0.id, $0) }) { first, _ in first }
        let asked = scenarios.flatMap { scenario in scenario.queries.map { (scenario, $0) } }
        var flaws = Set(found.keys).subtracting(asked.map(\.1.id)).sorted().map { ($0, "is in no scenario") }
        let repeated = Dictionary(grouping: queries, by: \.id).filter { $0.value.count > 1 }
        flaws += repeated.keys.sorted().map { ($0, "is listed twice") }
        for scenario in scenarios {
            let database = Set(scenario.database)
            let byWhale = Dictionary(grouping: database) { whales[$0] ?? "" }
            for query in scenario.queries {
                let own = database.contains(query.imageID) ? 1 : 0
                let answers = found[query.id]
                if let problem = problem(answers, to: query, of: scenario, database, available: database.count - own) {
                    flaws.append((query.id, problem))
                } else if let ranks {
                    let right = whales[query.imageID].map { Set(byWhale[$0] ?? []).subtracting([query.imageID]) } ?? []
                    let rows = ranks[query.id] ?? []
                    if let problem = problem(rows, right, answers?.answers ?? [], available: database.count - own) {
                        flaws.append((query.id, problem))
                    }
                }
            }
        }
        return flaws
    }

    /// The problem of a query's matches alone.
    private func problem(
        _ found: Rankings.Query?, to query: Scenario.Query, of scenario: Scenario, _ database: Set<String>,
        available: Int
    ) -> String? {
        let answers = found?.answers ?? []
        guard answers.count == min(count, available) else {
            return "has \(answers.count) matches instead of \(min(count, available))"
        }
        guard let found else { return nil }
        guard found.scenario == scenario.id, found.imageID == query.imageID else {
            return "has a different photograph from that of the scenario"
        }
        let ids = Set(answers.map(\.imageID))
        guard ids.count == answers.count, ids.isSubset(of: database), !ids.contains(query.imageID) else {
            return "has a match that is not in its database, is its own photograph, or is repeated"
        }
        guard zip(answers, answers.dropFirst()).allSatisfy({ $0.score >= $1.score }) else {
            return "has matches that are not in the order of their scores"
        }
        let whale = whales[query.imageID]
        let isRight = answers.allSatisfy { answer in
            let other = whales[answer.imageID]
            return answer.isRelevant == (whale == nil || other == nil ? nil : whale == other)
        }
        return isRight ? nil : "has a match marked right or wrong in contradiction to the split"
    }

    /// The problem of the ranks of a query's right matches, alone or compared with the photographs returned.
    private func problem(
        _ rows: [RightRanks.Row], _ right: Set<String>, _ answers: [Rankings.Answer], available: Int
    ) -> String? {
        let places = Dictionary(rows.map { ($0.imageID, $0.rank) }) { first, _ in first }
        guard Set(places.keys) == right, places.count == rows.count else {
            return "has ranks of photographs that are not its animal's"
        }
        guard Set(places.values).count == places.count,
            places.values.allSatisfy({ (1...max(available, 1)).contains($0) })
        else { return "has impossible ranks" }
        for (position, answer) in answers.enumerated() where right.contains(answer.imageID) {
            guard places[answer.imageID] == position + 1 else {
                let rank = places[answer.imageID] ?? 0
                return "has \(quoted: answer.imageID) at rank \(position + 1), but its ranks say \(rank)"
            }
        }
        for (image, place) in places.sorted(by: { $0.key < $1.key }) where place <= answers.count {
            guard answers[place - 1].imageID == image else {
                let found = answers[place - 1].imageID
                return "has \(quoted: found) at rank \(place), but its ranks say \(quoted: image)"
            }
        }
        return nil
    }
}

/// Evaluates runs again from their rankings, labels and splits, independently of the evaluation that they wrote.
struct Reevaluation {
    let repetition: Repetition

    /// The record with recomputed evaluations; a difference from the run's own evaluation is a finding.
    ///
    /// - Throws: ``FileError`` for a ranking that cannot be read, or what the evaluation throws.
    func reevaluated(_ record: RenderRecord, _ verification: inout Verification) async throws -> RenderRecord {
        var folders: [String: URL] = [:]
        for run in record.runs {
            guard let node = run.nodes.first(where: { $0.stage == .evaluate }),
                folders[node.place] == nil
            else { continue }
            let missing = try repetition.missing(for: node, run)
            guard missing.isEmpty else {
                verification.join([
                    Finding(
                        file: node.place,
                        problem: "cannot be recomputed: the record has no result of \(missing.listed()). Run "
                            + "'whalebook run', then render again")
                ])
                continue
            }
            let counted = try await repetition.outputs(of: node, run)
            for name in node.files.keys.sorted() {
                let file = node.directory.appending(path: name)
                guard let found = try FileError.attempt({ try FileError.contents(of: file) }) else { continue }
                let made = counted.appending(path: name)
                guard let expected = try FileError.attempt({ try FileError.contents(of: made) }) else {
                    verification.join([
                        Finding(file: "\(node.place)/\(name)", problem: "is not a file that an evaluation writes")
                    ])
                    continue
                }
                verification.join(
                    FileDifferences.findings(in: "\(node.place)/\(name)", found: found, expected: expected))
            }
            folders[node.place] = counted
        }
        let counted = record.locating { folders[$0.place] ?? $0.directory }
        return try counted.comparing { comparison in
            guard let old = comparison.old.entry, let new = comparison.new.entry else { return comparison.result }
            return try RunComparison(
                old, new, oldFolder: comparison.old.folder(of: .evaluate),
                newFolder: comparison.new.folder(of: .evaluate)
            ).summary
        }
    }
}
