import Evaluation

extension QueryRow {
    static let form = CSVForm<Self>([
        "scenario", "query_id", "query_image_id", "whale_id", "viewpoint", "relevant", "average_precision",
        "average_precision_before", "first_hit_rank", "cause",
    ]) { cells in
        QueryRow(
            scenario: cells.text(), id: cells.text(), imageID: cells.text(), whaleID: cells.text(),
            viewpoint: cells.text(), relevant: try cells.integer(), averagePrecision: try cells.number(0...1),
            averagePrecisionBefore: try cells.optionalNumber(0...1),
            firstHitRank: try cells.optionalInteger(1...Int(Int32.max)), cause: cells.text())
    } encode: { row in
        [
            row.scenario, row.id, row.imageID, row.whaleID, row.viewpoint, String(row.relevant),
            "\(row.averagePrecision)", row.averagePrecisionBefore.map { "\($0)" } ?? "",
            row.firstHitRank.map(String.init) ?? "", row.cause,
        ]
    }
}

extension CauseRow {
    static let form = CSVForm<Self>(["scenario", "query_id", "query_image_id", "cause", "order", "evidence"]) { cells in
        CauseRow(
            scenario: cells.text(), queryID: cells.text(), imageID: cells.text(), cause: try cells.choice(),
            order: try cells.integer(1...1000), evidence: cells.text())
    } encode: { row in
        [row.scenario, row.queryID, row.imageID, row.cause.rawValue, String(row.order), row.evidence]
    }
}

extension NoveltySample {
    static let form = CSVForm<Self>([
        "part", "query_id", "query_image_id", "whale_id", "own_image_id", "own_score", "other_image_id",
        "other_whale_id", "other_score",
    ]) { cells in
        let part = try cells.choice(of: Part.self)
        let (query, image, whale) = (cells.text(), cells.text(), cells.text())
        // Rounding can give slightly more than 1.
        func match(_ image: String, _ whale: String, _ score: Double?) throws -> Match? {
            if image.isEmpty { return nil }
            guard let score else { throw cells.malformed("\(quoted: image) has no score") }
            return Match(imageID: image, whaleID: whale, score: score)
        }
        let own = try (cells.text(), cells.optionalNumber(-2...2))
        let other = try (cells.text(), cells.text(), cells.optionalNumber(-2...2))
        return NoveltySample(
            part: part, queryID: query, imageID: image, whaleID: whale, own: try match(own.0, whale, own.1),
            other: try match(other.0, other.1, other.2))
    } encode: { row in
        func score(_ match: Match?) -> String { match.map { "\($0.score)" } ?? "" }
        return [
            row.part.rawValue, row.queryID, row.imageID, row.whaleID, row.own?.imageID ?? "", score(row.own),
            row.other?.imageID ?? "", row.other?.whaleID ?? "", score(row.other),
        ]
    }
}
