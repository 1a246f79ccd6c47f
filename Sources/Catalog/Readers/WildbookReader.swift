import Basics
import Foundation

/// A spreadsheet that Wildbook imports or exports, saved as CSV next to its photographs: one row for each encounter.
///
/// Columns, ignoring case: `Encounter.mediaAsset0`, `Encounter.mediaAsset1` and so on, each a photograph's path
/// relative to the CSV file. Optional: `MarkedIndividual.individualID`, else `Encounter.individualID`, else
/// `Name0.value`; `Encounter.year`, `.month`, `.day`, `.hour`, `.minutes`, or `Encounter.dateInMilliseconds` (since
/// 1970, UTC); `Annotation0.ViewPoint` of photograph 0 and so on, else `Encounter.viewpoint`, where `up` is read as
/// `top`; `Annotation0.bbox` and so on, `[x, y, width, height]` in pixels; `Occurrence.occurrenceID`, else
/// `Encounter.occurrenceID`, else the row, for the encounter.
///
/// A photograph's id is its path, with its box, if any, as `#xywh=…` (W3C Media Fragments 1.0), so it does not depend
/// on other rows.
///
/// Source: Wildbook's documentation of bulk import, and the columns of its encounter export.
enum WildbookReader: LayoutReader {
    static let sought = "CSV file with a column Encounter.mediaAsset0"

    static func isHeader(_ names: Set<String>) -> Bool {
        names.contains { $0.lowercased() == "encounter.mediaasset0" }
    }

    static func metadata(in listing: FolderListing) throws -> [String] { try listing.tables(where: isHeader) }

    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws {
        for url in folder.urls {
            let table = try CSVTable.read(url)
            let columns = try Columns(table)
            table.forEachRow { row in
                let place = PhotographRecords.Place(path: table.path, line: row.line)
                let paths = columns.assets.map { row.text($0.path) }
                guard let first = paths.lazy.compactMap(\.self).first else { return }
                let time = columns.time(of: row, at: place, &records)
                let whale = NobodyNames.animal(columns.individual.lazy.compactMap(row.text).first)
                let encounter = columns.occurrence.lazy.compactMap(row.text).first ?? first
                for (path, asset) in zip(paths, columns.assets) {
                    guard let path else { continue }
                    let box = records.box(row.text(asset.box), of: path, at: place)
                    let fragment = box.map { "#xywh=\($0.x),\($0.y),\($0.width),\($0.height)" } ?? ""
                    let viewpoint = row.text(asset.viewpoint) ?? row.text(columns.viewpoint) ?? ""
                    records.add(
                        Photograph(
                            id: path + fragment, path: path, box: box, viewpoint: Viewpoint(fromAbove: viewpoint),
                            date: time?.date, timestamp: time?.timestamp, whaleID: whale, encounterID: encounter),
                        at: place)
                }
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

        private static let parts = ["year", "month", "day", "hour", "minutes"]

        init(_ table: CSVTable) throws {
            var positions: [String: Int] = [:]
            for (position, name) in table.header.enumerated() {
                guard let earlier = positions.updateValue(position, forKey: name.lowercased()) else { continue }
                throw FileError.malformed(
                    path: table.path, line: 1,
                    problem: "the columns \(quoted: table.header[earlier]) and \(quoted: name) have the same meaning",
                    remedy: "Keep one of them.")
            }
            assets = (0..<table.header.count).lazy.map { number in
                (
                    positions["encounter.mediaasset\(number)"], positions["annotation\(number).viewpoint"],
                    positions["annotation\(number).bbox"]
                )
            }.prefix { $0.0 != nil }.compactMap { asset in asset.0.map { ($0, asset.1, asset.2) } }
            individual = ["markedindividual.individualid", "encounter.individualid", "name0.value"].map {
                positions[$0]
            }
            occurrence = ["occurrence.occurrenceid", "encounter.occurrenceid"].map { positions[$0] }
            viewpoint = positions["encounter.viewpoint"]
            date = Self.parts.map { positions["encounter.\($0)"] }
            milliseconds = positions["encounter.dateinmilliseconds"]
        }

        /// The time of a row's encounter; nil if missing, or invalid and recorded as a problem.
        func time(
            of row: TableRow, at place: PhotographRecords.Place, _ records: inout PhotographRecords
        ) -> CaptureTime? {
            if let text = row.text(milliseconds) {
                if let number = Int64(text), let time = CaptureTime(millisecondsSince1970: number) { return time }
                records.add(
                    problem: "Encounter.dateInMilliseconds is \(quoted: text)",
                    remedy: "Write milliseconds since 1970, or leave the cell empty.", at: place)
                return nil
            }
            let texts = date.map(row.text)
            guard texts.contains(where: { $0 != nil }) else { return nil }
            // A spreadsheet may write whole numbers as 8.0.
            let numbers = texts.map { $0.flatMap { Double($0) }.flatMap { Int(exactly: $0) } }
            let isNumeric = zip(texts, numbers).allSatisfy { ($0 == nil) == ($1 == nil) }
            let clock = numbers[3].map { ($0 % 24, numbers[4] ?? 0, 0) }
            if isNumeric, let year = numbers[0],
                let time = CaptureTime(
                    year: year, month: numbers[1], day: numbers[2], clock: numbers[2] == nil ? nil : clock)
            {
                return time
            }
            let written = zip(Self.parts, texts).compactMap { name, text in text.map { "\(name) \($0)" } }
            records.add(
                problem: "this date does not exist: \(written.listed())",
                remedy: "Write Encounter.year, .month, .day, .hour and .minutes as whole numbers.", at: place)
            return nil
        }
    }
}

extension CaptureTime {
    /// The second in UTC; nil outside the years 1 to 9999.
    fileprivate init?(millisecondsSince1970 milliseconds: Int64) {
        // `Date` is exact in the years 1 to 9999.
        guard (-62_135_596_800_000...253_402_300_799_999).contains(milliseconds) else { return nil }
        let date = Date(timeIntervalSince1970: (Double(milliseconds) / 1000).rounded(.down))
        self.init(date.formatted(.iso8601))
    }
}
