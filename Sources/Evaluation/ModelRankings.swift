import Basics
import Foundation

/// The rankings by one model of an ensemble alone.
public struct ModelRankings: Sendable, Equatable {
    public let member: String
    /// The fold that it was trained on.
    public let fold: Int
    /// Its share in the ensemble's similarity.
    public let weight: Double
    public let rankings: Rankings

    /// Names rankings.
    public init(member: String, fold: Int, weight: Double, rankings: Rankings) {
        self.member = member
        self.fold = fold
        self.weight = weight
        self.rankings = rankings
    }

    private static let header = ["member", "fold", "weight"] + Rankings.header

    /// Writes the rankings of several models into one file, as `neighbors.csv` with three columns before its own.
    public static func write(_ models: [ModelRankings], to url: URL) throws {
        let rows = models.flatMap { model in
            model.rankings.rows.map { [model.member, String(model.fold), "\(model.weight)"] + $0 }
        }
        try AtomicFile.write(CSVTable.text(header: header, rows: rows), to: url)
    }

    /// Reads what ``write(_:to:)`` wrote.
    ///
    /// - Throws: ``FileError``.
    public static func read(_ url: URL) throws -> [ModelRankings] {
        let table = try CSVTable.read(url)
        let (member, fold) = (try table.column("member"), try table.column("fold"))
        let weight = try table.column("weight")
        func model(_ row: Int) -> [String] { [table.rows[row][member], table.rows[row][fold]] }
        let starts = table.rows.indices.filter { $0 == 0 || model($0) != model($0 - 1) }
        return try zip(starts, starts.dropFirst() + [table.rows.count]).map { start, end in
            ModelRankings(
                member: table.rows[start][member], fold: Int(table.rows[start][fold]) ?? 0,
                weight: Double(table.rows[start][weight]) ?? 1,
                rankings: try Rankings(table, rows: start..<end))
        }
    }
}
