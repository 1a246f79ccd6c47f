import Basics

/// A data frame of the Python package wildlife-datasets as `DataFrame.to_csv` writes it: one CSV file in the folder.
///
/// Columns: `image_id`; `identity`, `unknown` or empty if unnamed; `path`, relative to the folder. Optional: `bbox`,
/// `[x, y, width, height]` in pixels of the stored image; `orientation`, the viewpoint, where `up` and `above` are read
/// as `top`; `date`, with or without a time; `split`, or `original_split`; `encounter_id`, or `encounter`. If no column
/// names the encounter, an animal's photographs of one day form one.
///
/// Source: Čermák, Picek, Adam, Papafitsoros, WACV 2024; `WildlifeDataset` of the package, version 1.0.
enum WildlifeDatasetsReader: LayoutReader {
    static let sought = "CSV file with the columns image_id, identity and path"

    static func isHeader(_ names: Set<String>) -> Bool { names.isSuperset(of: ["identity", "path"]) }

    static func metadata(in listing: FolderListing) throws -> [String] { try listing.tables(where: isHeader) }

    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws {
        for url in folder.urls {
            let table = try CSVTable.readSheet(url)
            let required = try ["image_id", "identity", "path"].map(table.column)
            func optional(_ names: String...) -> Int? {
                names.lazy.compactMap { table.header.firstIndex(of: $0) }.first
            }
            let (box, viewpoint, date) = (optional("bbox"), optional("orientation"), optional("date"))
            let (split, encounter) = (optional("split", "original_split"), optional("encounter_id", "encounter"))
            records.reserve(table.rows.count)
            table.forEachRow { row in
                let place = PhotographRecords.Place(path: table.path, line: row.line)
                let id = row.cells[required[0]]
                let whale = records.animal(row.text(required[1]))
                let time = records.time(row.text(date), of: id, at: place)
                records.add(
                    Photograph(
                        id: id, path: records.located(row.cells[required[2]]),
                        box: records.box(row.text(box), of: id, at: place),
                        viewpoint: Viewpoint(fromAbove: row.text(viewpoint) ?? ""), date: time?.date,
                        timestamp: time?.timestamp, whaleID: whale,
                        encounterID: row.text(encounter) ?? time?.encounter(of: whale), split: row.text(split)),
                    at: place)
            }
        }
    }
}

extension Viewpoint {
    /// The viewpoint with this name, where `up` and `above` are read as ``top``.
    init(fromAbove name: String) {
        let viewpoint = Viewpoint(name)
        self = ["up", "above"].contains(viewpoint.rawValue) ? .top : viewpoint
    }
}

extension CaptureTime {
    /// The name of an encounter known only by animal and day; nil if the day or the animal is unknown.
    func encounter(of whale: String?) -> String? {
        guard let whale, isDay else { return nil }
        return "\(whale) \(date)"
    }
}
