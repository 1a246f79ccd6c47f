import Basics
import Evaluation

extension ExplainedPair {
    static let form = CSVForm<Self>([
        "scenario", "query_id", "query_image_id", "answer", "rank", "database_image_id",
    ]) { cells in
        ExplainedPair(
            scenario: cells.text(), queryID: cells.text(), queryImageID: cells.text(), kind: try cells.choice(),
            rank: try cells.integer(1...Int(Int32.max)), imageID: cells.text())
    } encode: { row in
        [row.scenario, row.queryID, row.queryImageID, row.kind.rawValue, String(row.rank), row.imageID]
    }
}

extension HeatMapRow {
    static let form = CSVForm<Self>(
        [
            "image_id", "partner_image_id", "similarity", "height", "width", "values", "animal_heat", "animal_area",
        ], optional: ["animal_heat", "animal_area"]
    ) { cells in
        let (image, partner, similarity) = (cells.text(), cells.text(), try cells.number())
        let (height, width) = (try cells.integer(1...10_000), try cells.integer(1...10_000))
        let values = try cells.value("\(height) x \(width) numbers from 0 to 1") { text in
            let values = text.split(separator: " ").compactMap { Double($0, within: 0...1) }
            return values.count == height * width ? values : nil
        }
        let (heat, area) = (try cells.optionalNumber(0...1), try cells.optionalNumber(0...1))
        guard (heat == nil) == (area == nil) else { throw cells.malformed("animal_heat or animal_area is empty") }
        return HeatMapRow(
            imageID: image, partnerImageID: partner, similarity: similarity,
            map: HeatMap(height: height, width: width, scaling: values),
            animal: heat.flatMap { heat in area.map { HeatMapRow.Animal(heat: heat, area: $0) } })
    } encode: { row in
        // The eye cannot distinguish more than four digits.
        [
            row.imageID, row.partnerImageID, "\(row.similarity)", String(row.map.height), String(row.map.width),
            row.map.values.map { NumberText.fixed($0, 4) }.joined(separator: " "),
            row.animal.map { NumberText.fixed($0.heat, 4) } ?? "",
            row.animal.map { NumberText.fixed($0.area, 4) } ?? "",
        ]
    }
}

extension MatchedMark {
    static let form = CSVForm<Self>([
        "query_image_id", "database_image_id", "query_x", "query_y", "query_radius", "database_x", "database_y",
        "database_radius", "similarity", "explained",
    ]) { cells in
        func place(_ cells: inout CSVCells) throws -> MarkPlace {
            MarkPlace(
                x: try cells.number(-0.1...1.1), y: try cells.number(-0.1...1.1), radius: try cells.number(0...10))
        }
        let (query, database) = (cells.text(), cells.text())
        return MatchedMark(
            queryImageID: query, imageID: database,
            match: MarkMatch(
                query: try place(&cells), database: try place(&cells), similarity: try cells.number(-1...1),
                isExplained: try cells.value("1 or 0") { ["1": true, "0": false][$0] }))
    } encode: { row in
        // A hundredth of a pixel.
        let places = [row.match.query, row.match.database].flatMap { [$0.x, $0.y, $0.radius] }
        return [row.queryImageID, row.imageID] + places.map { NumberText.fixed($0, 5) } + [
            NumberText.fixed(row.match.similarity, 4), row.match.isExplained ? "1" : "0",
        ]
    }
}

extension TypicalPhotograph {
    static let form = CSVForm<Self>(["image_id", "similarity"]) { cells in
        TypicalPhotograph(imageID: cells.text(), similarity: try cells.number())
    } encode: { row in
        // More digits than decide between photographs.
        [row.imageID, "\((row.similarity * 1e6).rounded() / 1e6)"]
    }
}

extension FirstMatch {
    static let form = CSVForm<Self>(["scenario", "query_id", "database_image_id", "agreeing", "relevant"]) { cells in
        FirstMatch(
            scenario: cells.text(), queryID: cells.text(), imageID: cells.text(), agreeing: try cells.integer(),
            isCorrect: try cells.value("1, 0 or empty") { ["1": true, "0": false, "": Bool?.none][$0] })
    } encode: { row in
        [
            row.scenario, row.queryID, row.imageID, String(row.agreeing),
            row.isCorrect.map { $0 ? "1" : "0" } ?? "",
        ]
    }
}

extension EmbeddingMap.Row {
    static let form = CSVForm<Self>(["image_id", "pca_1", "pca_2", "tsne_1", "tsne_2"]) { cells in
        EmbeddingMap.Row(
            imageID: cells.text(), components: SIMD2(try cells.number(), try cells.number()),
            neighbourhood: SIMD2(try cells.number(), try cells.number()))
    } encode: { row in
        // More digits than a figure shows.
        [row.imageID]
            + [row.components.x, row.components.y].map { "\(($0 * 1e6).rounded() / 1e6)" }
            + [row.neighbourhood.x, row.neighbourhood.y].map { "\(($0 * 1e4).rounded() / 1e4)" }
    }
}

/// One choice of a sweep, with the number of queries in its mean.
private struct SweptChoice {
    let row: ExpansionSweep.Row
    let queries: Int

    static let form = CSVForm<SweptChoice>(["neighbours", "alpha", "map", "queries"]) { cells in
        SweptChoice(
            row: .init(
                neighbours: try cells.integer(), alpha: try cells.number(0...1e100), map: try cells.number(0...1)),
            queries: try cells.integer())
    } encode: { choice in
        [String(choice.row.neighbours), "\(choice.row.alpha)", "\(choice.row.map)", String(choice.queries)]
    }
}

extension ResultFile where Contents == ExpansionSweep {
    /// Declares a file in the form of `sweep.csv`.
    init(sweep stage: StageName, _ name: String) {
        self.init(
            stage, name,
            read: { url in
                let choices = try SweptChoice.form.read(url, madeBy: stage)
                return ExpansionSweep(rows: choices.map(\.row), queries: choices.last?.queries ?? 0)
            },
            write: { sweep, url in
                try SweptChoice.form.write(sweep.rows.map { SweptChoice(row: $0, queries: sweep.queries) }, to: url)
            })
    }
}
