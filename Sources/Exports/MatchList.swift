import Basics
import Catalog
import Evaluation
import Foundation

/// The photographs returned for each query, as a table that a curator reads next to Wildbook: a row for each query and
/// rank.
///
/// Columns that begin with `query.` or `candidate.` continue with the name that the same thing has in Wildbook's bulk
/// import, such as `candidate.MarkedIndividual.individualID`. Without the prefix, Wildbook would import every row as an
/// encounter. Values are as `WildbookReader` reads them.
///
/// Source: Wildbook's documentation of bulk import.
public struct MatchList {
    private let run: ExportedRun

    /// Creates the list of a run's final ranking.
    public init(_ run: ExportedRun) { self.run = run }

    /// The table.
    public var files: [ExportFile] {
        [
            ExportFile(ExportForm.wildbook.rawValue, "matches.csv") { append in
                try append(Data(CSVTable.line(Self.header).utf8))
                for query in run.rankings.queries {
                    try append(Data(rows(of: query).map(CSVTable.line).joined().utf8))
                }
            }
        ]
    }

    private static let header =
        ["scenario", "query_id", "rank", "score", "right", "probability_of_new"]
        + ["query", "candidate"].flatMap { side in ["\(side).image_id"] + fields.map { "\(side).\($0.name)" } }

    /// Wildbook's fields of a photograph.
    private static let fields: [(name: String, value: @Sendable (Photograph) -> String?)] = [
        ("Encounter.mediaAsset0", { $0.path }), ("MarkedIndividual.individualID", { $0.whaleID }),
        ("Occurrence.occurrenceID", { $0.encounterID }), ("Encounter.year", { part($0.date, 0) }),
        ("Encounter.month", { part($0.date, 1) }), ("Encounter.day", { part($0.date, 2) }),
        ("Annotation0.ViewPoint", { viewpoint($0.viewpoint) }), ("Annotation0.bbox", { $0.box?.text }),
    ]

    /// The year, the month or the day of a date, as a number; nil if it is unknown.
    private static func part(_ date: String?, _ position: Int) -> String? {
        guard let parts = date?.split(separator: "-"), parts.indices.contains(position) else { return nil }
        return Int(parts[position]).map(String.init)
    }

    /// Wildbook's name of a viewpoint; nil if it is unknown.
    private static func viewpoint(_ viewpoint: Viewpoint) -> String? {
        switch viewpoint {
        case .unknown: nil
        case .top: "up"
        default: viewpoint.rawValue
        }
    }

    private func rows(of query: Rankings.Query) -> [[String]] {
        let own = cells(of: query.imageID)
        let probability = run.probabilitiesOfNew[query.id].map { NumberText.fixed($0, 4) } ?? ""
        return query.answers.enumerated().map { position, answer in
            [
                query.scenario, query.id, String(position + 1), "\(answer.score)",
                answer.isRelevant.map { $0 ? "1" : "0" } ?? "", probability,
            ] + own + cells(of: answer.imageID)
        }
    }

    private func cells(of imageID: String) -> [String] {
        let photograph = run.catalog[imageID]
        return [imageID] + Self.fields.map { field in photograph.flatMap(field.value) ?? "" }
    }
}
