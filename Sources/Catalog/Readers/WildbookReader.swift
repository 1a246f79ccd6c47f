import Basics
import Foundation

/// A spreadsheet that Wildbook imports or exports, saved as CSV next to its photographs: one row for each encounter.
///
/// Columns, ignoring case: `Encounter.mediaAsset0`, `Encounter.mediaAsset1` and so on, of which some may be missing,
/// each a photograph's path relative to the CSV file. Optional: `MarkedIndividual.individualID`, else
/// `Encounter.individualID`, else `Name0.value`; `Encounter.year`, `.month`, `.day`, `.hour`, `.minutes`, else
/// `Encounter.dateInMilliseconds` (see ``WildbookDate``); `Annotation0.ViewPoint` of photograph 0 and so on, else
/// `Encounter.viewpoint`, where `up` is read as `top`; `Annotation0.bbox` and so on, `[x, y, width, height]` in pixels;
/// `Occurrence.occurrenceID`, else `Encounter.occurrenceID`, else the row, for the encounter.
///
/// A photograph's id is its path, with its box, if any, as `#xywh=…` (W3C Media Fragments 1.0), so it does not depend
/// on other rows.
///
/// Source: Wildbook's documentation of bulk import, and the columns of its encounter export.
enum WildbookReader: LayoutReader {
    static let sought = "CSV file with columns Encounter.mediaAsset0 and so on"

    static func isHeader(_ names: Set<String>) -> Bool { names.contains { assetNumber($0) != nil } }

    /// The number of a photograph's column; nil for other columns.
    private static func assetNumber(_ column: String) -> Int? {
        let name = column.lowercased(), prefix = "encounter.mediaasset"
        return name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)).flatMap { $0 >= 0 ? $0 : nil } : nil
    }

    static func metadata(in listing: FolderListing) throws -> [String] { try listing.tables(where: isHeader) }

    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws {
        for url in folder.urls {
            let table = try CSVTable.readSheet(url)
            let columns = try Columns(table)
            var bare = 0
            table.forEachRow { row in
                let place = PhotographRecords.Place(path: table.path, line: row.line)
                let paths = columns.assets.map { row.text($0.path) }
                guard let first = paths.lazy.compactMap(\.self).first else {
                    bare += 1
                    return
                }
                let time = columns.time(of: row, at: place, &records)
                let count = paths.count { $0 != nil }
                let names = columns.individual.compactMap(row.text)
                let name = names.first { !folder.nobody.contains($0) } ?? names.first
                let whale = records.animal(name, photographs: count)
                let encounter = columns.occurrence.lazy.compactMap(row.text).first ?? first
                for (path, asset) in zip(paths, columns.assets) {
                    guard let path else { continue }
                    let box = records.box(row.text(asset.box), of: path, at: place)
                    let fragment = box.map { "#xywh=\($0.x),\($0.y),\($0.width),\($0.height)" } ?? ""
                    let viewpoint = row.text(asset.viewpoint) ?? row.text(columns.viewpoint) ?? ""
                    records.add(
                        Photograph(
                            id: path + fragment, path: records.located(path), box: box,
                            viewpoint: Viewpoint(fromAbove: viewpoint), date: time?.date, timestamp: time?.timestamp,
                            whaleID: whale, encounterID: encounter),
                        at: place)
                }
            }
            if bare > 0 {
                let rows = NumberText.counted(bare, "row", "rows")
                records.notes.append("\(rows) of \(url.lastPathComponent) without a photograph")
            }
        }
    }

    private struct Columns {
        let assets: [(path: Int, viewpoint: Int?, box: Int?)]
        let individual: [Int?]
        let occurrence: [Int?]
        let viewpoint: Int?
        private let date: [Int?]
        private let milliseconds: Int?

        init(_ table: CSVTable) throws {
            var positions: [String: Int] = [:]
            for (position, name) in table.header.enumerated() {
                guard let earlier = positions.updateValue(position, forKey: name.lowercased()) else { continue }
                throw FileError.malformed(
                    path: table.path, line: 1,
                    problem: "the columns \(quoted: table.header[earlier]) and \(quoted: name) have the same meaning",
                    remedy: "Keep one of them.")
            }
            assets = table.header.enumerated().compactMap { position, name in
                WildbookReader.assetNumber(name).map { (number: $0, position: position) }
            }.sorted { $0.number < $1.number }.map { number, position in
                (position, positions["annotation\(number).viewpoint"], positions["annotation\(number).bbox"])
            }
            individual = ["markedindividual.individualid", "encounter.individualid", "name0.value"].map {
                positions[$0]
            }
            occurrence = ["occurrence.occurrenceid", "encounter.occurrenceid"].map { positions[$0] }
            viewpoint = positions["encounter.viewpoint"]
            date = WildbookDate.parts.map { positions["encounter.\($0)"] }
            milliseconds = positions["encounter.dateinmilliseconds"]
        }

        /// The time of a row's encounter; nil if missing, or invalid and recorded as a problem.
        func time(
            of row: TableRow, at place: PhotographRecords.Place, _ records: inout PhotographRecords
        ) -> CaptureTime? {
            do throws(WildbookDate.Flaw) {
                return try WildbookDate.time(parts: date.map(row.text), milliseconds: row.text(milliseconds))
            } catch {
                records.add(problem: error.problem, remedy: error.remedy, at: place)
                return nil
            }
        }
    }
}
