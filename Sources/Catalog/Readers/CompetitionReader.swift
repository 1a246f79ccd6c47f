import Basics
import Foundation

/// The competition's and Whalebook's layout: `metadata.csv`, with one row for each photograph, and its images.
///
/// Columns: `image_id`; `path`, relative to the folder; `height`, `width` in pixels, both empty if unknown; `viewpoint`
/// (`top`, `left`, `right`, or any other name; empty if unknown); `date`, `YYYY-MM-DD`. Optional: `timestamp`,
/// `YYYY-MM-DD HH:MM:SS`; `whale_id`; `encounter_id`; and, not in the competition, `bbox`, `[x, y, width, height]` in
/// pixels of the stored image, or of the displayed image if `width` and `height` fit only that; `theta`, the box's turn
/// about its centre in radians, clockwise; `segmentation`, the animal's ``Outline`` as JSON; `orientation`, the
/// animal's ``Heading``; and `split`, the photograph's part.
enum CompetitionReader: LayoutReader {
    static let sought = "metadata.csv"
    static let columns = ["image_id", "path", "height", "width", "viewpoint", "date"]
    static let trainingColumns = ["timestamp", "whale_id", "encounter_id"]
    static let box = "bbox", theta = "theta", outline = "segmentation", split = "split"
    static let heading = "orientation"

    /// `metadata.csv`, unless its header belongs to another layout.
    static func metadata(in listing: FolderListing) throws -> [String] {
        guard listing.names.contains("metadata.csv") else { return [] }
        let header = try listing.header(of: "metadata.csv") ?? []
        let isOthers = WildlifeDatasetsReader.isHeader(header) || WildbookReader.isHeader(header)
        return isOthers && !header.contains("whale_id") ? [] : ["metadata.csv"]
    }

    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws {
        let table = try CSVTable.readSheet(folder.directory.appending(path: "metadata.csv"))
        let required = try columns.map(table.column)
        let optional = (trainingColumns + [box, split, theta, outline, heading]).map { table.header.firstIndex(of: $0) }
        records.reserve(table.rows.count)
        table.forEachRow { row in
            let place = PhotographRecords.Place(path: table.path, line: row.line)
            let id = row.cells[required[0]]
            let (height, width) = (row.text(required[2]), row.text(required[3]))
            let sides = (height.flatMap(Int.init(wholeNumber:)) ?? 0, width.flatMap(Int.init(wholeNumber:)) ?? 0)
            if sides.0 < 1 || sides.1 < 1, height != nil || width != nil {
                records.add(
                    problem:
                        "the size \(quoted: height ?? "") x \(quoted: width ?? "") of \(quoted: id) is not two positive numbers",
                    remedy: "Write height and width in pixels.", at: place)
            }
            let viewpoint = Viewpoint(row.cells[required[4]])
            if let near = viewpoint.likelySlip {
                records.add(
                    problem: "unknown viewpoint \(quoted: row.cells[required[4]]) of \(quoted: id)",
                    remedy: "Did you mean \(quoted: "\(near)")?", at: place)
            }
            let day = records.time(row.text(required[5]), of: id, at: place)
            let second = records.time(row.text(optional[0]), of: id, at: place)
            records.add(
                Photograph(
                    id: id, path: records.located(row.cells[required[1]]), height: sides.0 > 0 ? sides.0 : nil,
                    width: sides.1 > 0 ? sides.1 : nil, box: records.box(row.text(optional[3]), of: id, at: place),
                    theta: records.theta(row.text(optional[5]), of: id, at: place),
                    outline: row.text(optional[6]).flatMap {
                        Outline(
                            text: Data($0.utf8),
                            sides: sides.0 > 0 && sides.1 > 0 ? PictureSides(width: sides.1, height: sides.0) : nil,
                            place: "\(table.path):\(row.line)")
                    }, heading: records.heading(row.text(optional[7])), viewpoint: viewpoint,
                    date: day?.date ?? second?.date, timestamp: second?.timestamp,
                    whaleID: records.animal(row.text(optional[1])), encounterID: row.text(optional[2]),
                    split: row.text(optional[4])), at: place)
        }
    }
}

extension PhotographRecords {
    /// Parses a cell as a time; nil if it is empty, or invalid and recorded as a problem.
    mutating func time(_ text: String?, of id: String, at place: Place) -> CaptureTime? {
        guard let text else { return nil }
        if let time = CaptureTime(text) { return time }
        add(
            problem: "\(quoted: text) of \(quoted: id) is not a date",
            remedy: "Write YYYY-MM-DD, optionally followed by HH:MM:SS.",
            at: place)
        return nil
    }

    /// Parses a cell as a box's turn in radians; 0 if it is empty, or invalid and recorded as a problem.
    mutating func theta(_ text: String?, of id: String, at place: Place) -> Double {
        guard let text else { return 0 }
        if let theta = Double(text), theta.isFinite { return theta }
        add(
            problem: "the turn \(quoted: text) of the box of \(quoted: id) is not a number",
            remedy: "Write it in radians.", at: place)
        return 0
    }

    /// Parses a cell as a box; nil if it is empty, or invalid and recorded as a problem.
    mutating func box(_ text: String?, of id: String, at place: Place) -> PixelBox? {
        guard let text else { return nil }
        if let box = PixelBox(parsing: text) { return box }
        add(
            problem: "\(quoted: text) of \(quoted: id) is not a box",
            remedy: "Write [x, y, width, height] in pixels, at least one pixel wide and high.",
            at: place)
        return nil
    }
}
