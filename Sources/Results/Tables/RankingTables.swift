import Basics
import Catalog
import Evaluation
import Foundation

/// One photograph returned for a query: a row of `neighbors.csv`.
private struct RankedAnswer {
    let scenario: String
    let queryID: String
    let imageID: String
    let rank: Int
    let answer: Rankings.Answer

    static let form = CSVForm<RankedAnswer>([
        "scenario", "query_id", "query_image_id", "rank", "database_image_id", "score", "relevant",
    ]) { cells in
        let (scenario, query, image, rank) = (
            cells.text(), cells.text(), cells.text(), try cells.integer(1...1_000_000)
        )
        return RankedAnswer(
            scenario: scenario, queryID: query, imageID: image, rank: rank,
            answer: .init(
                imageID: cells.text(),
                score: try cells.value("a finite number") { Float($0).flatMap { $0.isFinite ? $0 : nil } },
                isRelevant: try cells.value("1, 0 or empty") { ["1": true, "0": false, "": Bool?.none][$0] }))
    } encode: { row in
        [
            row.scenario, row.queryID, row.imageID, String(row.rank), row.answer.imageID, "\(row.answer.score)",
            row.answer.isRelevant.map { $0 ? "1" : "0" } ?? "",
        ]
    }

    /// The queries of some rows; a query without matches has no row.
    static func rankings(_ rows: [(line: Int, row: RankedAnswer)], path: String, madeBy stage: StageName) throws
        -> Rankings
    {
        var queries: [Rankings.Query] = []
        var answers: [Rankings.Answer] = []
        for (place, (line, row)) in rows.enumerated() {
            guard row.rank == answers.count + 1 else {
                throw FileError.malformed(
                    path: path, line: line,
                    problem:
                        "query \(quoted: row.queryID) has rank \(row.rank) instead of rank \(answers.count + 1)",
                    remedy: stage.remedy)
            }
            answers.append(row.answer)
            guard place + 1 == rows.count || rows[place + 1].row.queryID != row.queryID else { continue }
            queries.append(.init(scenario: row.scenario, id: row.queryID, imageID: row.imageID, answers: answers))
            answers = []
        }
        return Rankings(queries: queries)
    }
}

extension Rankings.Query {
    /// The photographs returned for a query of a scenario.
    ///
    /// `found` has positions in the scenario's database with their scores, the best first, `whales` the animal of each
    /// photograph, if it is known.
    public init(
        _ query: Scenario.Query, of scenario: Scenario, found: some Sequence<(place: Int, score: Float)>,
        whales: [String: String]
    ) {
        let whale = whales[query.imageID]
        self.init(
            scenario: scenario.id, id: query.id, imageID: query.imageID,
            answers: found.map { place, score in
                let id = scenario.database[place]
                let other = whales[id]
                return Rankings.Answer(
                    imageID: id, score: score, isRelevant: whale == nil || other == nil ? nil : whale == other)
            })
    }
}

extension Rankings {
    fileprivate var rows: [RankedAnswer] {
        queries.flatMap { query in
            query.answers.enumerated().map { position, answer in
                RankedAnswer(
                    scenario: query.scenario, queryID: query.id, imageID: query.imageID, rank: position + 1,
                    answer: answer)
            }
        }
    }
}

extension ResultFile where Contents == Rankings {
    /// Declares a file in the form of `neighbors.csv`.
    init(rankings stage: StageName, _ name: String) {
        self.init(
            stage, name,
            read: { url in
                let table = try CSVTable.read(url)
                return try RankedAnswer.rankings(
                    RankedAnswer.form.read(table, remedy: stage.remedy), path: table.path, madeBy: stage)
            }, write: { try RankedAnswer.form.write($0.rows, to: $1) })
    }
}

/// One photograph returned by one model of an ensemble: a row of `neighbors.csv` with three more columns at its start.
private struct ModelAnswer {
    let member: String
    let fold: Int
    let weight: Double
    let answer: RankedAnswer

    static let form = CSVForm<ModelAnswer>(["member", "fold", "weight"] + RankedAnswer.form.columns) { cells in
        ModelAnswer(
            member: cells.text(), fold: try cells.integer(), weight: try cells.number(0...1e9),
            answer: try RankedAnswer.form.row(&cells))
    } encode: { row in
        [row.member, String(row.fold), "\(row.weight)"] + RankedAnswer.form.cells(of: row.answer)
    }
}

extension ResultFile where Contents == [ModelRankings] {
    /// Declares a file with the rankings of several models, one after the other.
    init(modelRankings stage: StageName, _ name: String) {
        self.init(
            stage, name,
            read: { url in
                let table = try CSVTable.read(url)
                let rows = try ModelAnswer.form.read(table, remedy: stage.remedy)
                let starts = rows.indices.filter {
                    $0 == 0
                        || (rows[$0].row.member, rows[$0].row.fold) != (rows[$0 - 1].row.member, rows[$0 - 1].row.fold)
                }
                return try zip(starts, starts.dropFirst() + [rows.count]).map { start, end in
                    let first = rows[start].row
                    return ModelRankings(
                        member: first.member, fold: first.fold, weight: first.weight,
                        rankings: try RankedAnswer.rankings(
                            rows[start..<end].map { ($0.line, $0.row.answer) }, path: table.path, madeBy: stage))
                }
            },
            write: { models, url in
                try ModelAnswer.form.write(
                    models.lazy.flatMap { model in
                        model.rankings.rows.map {
                            ModelAnswer(member: model.member, fold: model.fold, weight: model.weight, answer: $0)
                        }
                    }, to: url)
            })
    }
}

extension RightRanks.Row {
    static let form = CSVForm<Self>(["scenario", "query_id", "database_image_id", "rank", "rank_in_view"]) { cells in
        let row = RightRanks.Row(
            scenario: cells.text(), queryID: cells.text(), imageID: cells.text(),
            rank: try cells.integer(1...Int(Int32.max)), rankInView: try cells.integer(1...Int(Int32.max)))
        guard row.rankInView <= row.rank else {
            throw cells.malformed("rank_in_view \(row.rankInView) is above rank \(row.rank)")
        }
        return row
    } encode: { row in
        [row.scenario, row.queryID, row.imageID, String(row.rank), String(row.rankInView)]
    }
}

extension ResultFile where Contents == RightRanks {
    /// Declares a file in the form of `ranks.csv`.
    init(ranks stage: StageName, _ name: String) {
        self.init(
            stage, name, read: { RightRanks(rows: try RightRanks.Row.form.read($0, madeBy: stage)) },
            write: { try RightRanks.Row.form.write($0.rows, to: $1) })
    }
}

extension CSVCells {
    /// The next cell as ranks with blanks between them.
    fileprivate mutating func ranks() throws -> [Int] {
        try value("ranks, each from 1") { text in
            let ranks = text.split(separator: " ").map { Int($0) ?? 0 }
            return ranks.isEmpty || ranks.contains { $0 < 1 } ? nil : ranks
        }
    }

    /// The cell of ranks.
    fileprivate static func text(ofRanks ranks: [Int]) -> String { ranks.map(String.init).joined(separator: " ") }
}

extension BackgroundRow {
    static let form = CSVForm<Self>([
        "scenario", "query_id", "query_image_id", "whale_id", "candidates", "everything_ranks", "animal_ranks",
        "background_ranks",
    ]) { cells in
        let row = BackgroundRow(
            scenario: cells.text(), queryID: cells.text(), imageID: cells.text(), whaleID: cells.text(),
            candidates: try cells.integer(1...Int(Int32.max)), everything: try cells.ranks(),
            animal: try cells.ranks(), background: try cells.ranks())
        let lists = BackgroundEffect.Sight.allCases.map(row.ranks)
        guard lists.allSatisfy({ $0.count == lists[0].count && ($0.last ?? 1) <= row.candidates }) else {
            throw cells.malformed("the ranks differ in number or exceed the candidates")
        }
        return row
    } encode: { row in
        [row.scenario, row.queryID, row.imageID, row.whaleID, String(row.candidates)]
            + BackgroundEffect.Sight.allCases.map { CSVCells.text(ofRanks: row.ranks($0)) }
    }
}

extension LateralityRow {
    static let form = CSVForm<Self>([
        "image_id", "whale_id", "mirrored", "same_animal", "other_animals", "other_side", "same_encounter",
    ]) { cells in
        // Cosines exceed 1 by rounding.
        LateralityRow(
            imageID: cells.text(), whaleID: cells.text(), mirrored: try cells.optionalNumber(-2...2),
            sameAnimal: try cells.optionalNumber(-2...2), otherAnimals: try cells.optionalNumber(-2...2),
            otherSide: try cells.optionalNumber(0...1), sameEncounter: try cells.optionalNumber(0...1))
    } encode: { row in
        [row.imageID, row.whaleID]
            + [row.mirrored, row.sameAnimal, row.otherAnimals, row.otherSide, row.sameEncounter].map {
                $0.map { "\($0)" } ?? ""
            }
    }
}

extension AdapterRow {
    static let form = CSVForm<Self>([
        "direction", "scenario", "query_id", "query_image_id", "whale_id", "plain_ranks", "bridged_ranks",
    ]) { cells in
        let row = AdapterRow(
            direction: try cells.choice(), scenario: cells.text(), queryID: cells.text(), imageID: cells.text(),
            whaleID: cells.text(), plain: try cells.ranks(), bridged: try cells.ranks())
        guard row.plain.count == row.bridged.count else {
            throw cells.malformed("the numbers of plain and bridged ranks differ")
        }
        return row
    } encode: { row in
        [
            row.direction.rawValue, row.scenario, row.queryID, row.imageID, row.whaleID,
            CSVCells.text(ofRanks: row.plain), CSVCells.text(ofRanks: row.bridged),
        ]
    }
}
