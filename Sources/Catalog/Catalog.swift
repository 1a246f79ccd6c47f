import Basics
import Foundation

/// A folder of photographs in the competition's layout: `metadata.csv` and the images it names.
public struct Catalog: Sendable {
    /// The folder.
    public let directory: URL
    /// The photographs, in the order of `metadata.csv`.
    public let photographs: [Photograph]
    private let positions: [String: Int]
    private let lines: [Int]

    static let columns = ["image_id", "path", "height", "width", "viewpoint", "date"]
    static let trainingColumns = ["timestamp", "whale_id", "encounter_id"]

    /// Reads `metadata.csv` and checks every row; the images themselves are not opened.
    ///
    /// - Throws: ``FileError``, or ``CatalogError`` with every problem found: a missing image, a path that leaves the
    ///   folder, an unknown viewpoint, a duplicate `image_id`, a size that is not a positive whole number.
    public static func read(_ directory: URL) throws -> Catalog {
        let url = directory.appending(path: "metadata.csv")
        let table = try CSVTable.read(url)
        let required = try columns.map(table.column)
        let optional = trainingColumns.map { table.header.firstIndex(of: $0) }
        var problems = ProblemList()
        var photographs: [Photograph] = []
        var lines: [Int] = []
        var positions: [String: Int] = [:]
        for (row, cells) in table.rows.enumerated() {
            let line = table.line(ofRow: row)
            let id = cells[required[0]]
            func text(_ index: Int?) -> String? { index.flatMap { cells[$0].isEmpty ? nil : cells[$0] } }
            if id.isEmpty {
                problems.add(table.path, line: line, "the row has no image_id", "Give every photograph a name.")
            } else if let earlier = positions[id] {
                problems.add(
                    table.path, line: line, "image_id '\(id)' stands already on line \(lines[earlier])",
                    "Keep one row for each photograph.")
            }
            let path = cells[required[1]]
            problems.check(path: path, of: id, in: directory, table: table.path, line: line)
            guard let height = Int(cells[required[2]]), let width = Int(cells[required[3]]), height > 0, width > 0
            else {
                let size = "\(cells[required[2]])' x '\(cells[required[3]])"
                problems.add(
                    table.path, line: line, "the size '\(size)' of '\(id)' is no pair of positive numbers",
                    "Write height and width in pixels.")
                continue
            }
            let viewpoint = Viewpoint(cells[required[4]])
            if let near = viewpoint.likelySlip {
                problems.add(
                    table.path, line: line, "unknown viewpoint '\(cells[required[4]])' of '\(id)'",
                    "Did you mean '\(near)'?")
                continue
            }
            positions[id] = positions[id] ?? photographs.count
            lines.append(line)
            photographs.append(
                Photograph(
                    id: id, path: path, height: height, width: width, viewpoint: viewpoint,
                    date: text(required[5]), timestamp: text(optional[0]), whaleID: text(optional[1]),
                    encounterID: text(optional[2])))
        }
        if table.rows.isEmpty {
            problems.add(table.path, line: 1, "there is no photograph", "Add a row for each photograph.")
        }
        try problems.throwIfAny()
        return Catalog(directory: directory, photographs: photographs, positions: positions, lines: lines)
    }

    private init(directory: URL, photographs: [Photograph], positions: [String: Int], lines: [Int]) {
        self.directory = directory
        self.photographs = photographs
        self.positions = positions
        self.lines = lines
    }

    /// Creates a catalogue of photographs that lie below `directory`; their ids differ.
    public init(directory: URL, photographs: [Photograph]) {
        let positions = Dictionary(photographs.enumerated().map { ($1.id, $0) }) { first, _ in first }
        self.init(
            directory: directory, photographs: photographs, positions: positions,
            lines: Array(2..<(2 + photographs.count)))
    }

    /// The position of a photograph in ``photographs``, or nil for an id the catalogue does not have.
    public func position(of id: String) -> Int? { positions[id] }

    /// The photograph of that id, or nil.
    public subscript(id: String) -> Photograph? { positions[id].map { photographs[$0] } }

    /// What is to be loaded of a photograph.
    public func file(of photograph: Photograph) -> PhotographFile {
        PhotographFile(id: photograph.id, url: directory.appending(path: photograph.path), box: photograph.box)
    }

    /// The animals with at least one photograph, sorted.
    public var whales: [String] { Set(photographs.compactMap(\.whaleID)).sorted() }

    /// Makes sure that every photograph says which animal it shows and in which encounter.
    ///
    /// - Throws: ``CatalogError`` that lists every row without.
    public func requireLabels(encounters: Bool) throws {
        var problems = ProblemList()
        let path = directory.appending(path: "metadata.csv").path
        for (photograph, line) in zip(photographs, lines) {
            if photograph.whaleID == nil {
                problems.add(
                    path, line: line, "'\(photograph.id)' has no whale_id",
                    "Name the animal, or take the row out: only 'embed' and 'search' do without.")
            }
            if encounters, photograph.encounterID == nil {
                problems.add(
                    path, line: line, "'\(photograph.id)' has no encounter_id",
                    "Name the encounter, or set split.kind: image.")
            }
        }
        try problems.throwIfAny()
    }

    /// Writes `metadata.csv` with all nine columns.
    public func writeMetadata() throws {
        let rows = photographs.map { photograph in
            [
                photograph.id, photograph.path, photograph.height.map(String.init) ?? "",
                photograph.width.map(String.init) ?? "",
                photograph.viewpoint.rawValue, photograph.date ?? "", photograph.timestamp ?? "",
                photograph.whaleID ?? "", photograph.encounterID ?? "",
            ]
        }
        let text = CSVTable.text(header: Self.columns + Self.trainingColumns, rows: rows)
        try AtomicFile.write(text, to: directory.appending(path: "metadata.csv"))
    }
}

extension ProblemList {
    fileprivate mutating func check(path: String, of id: String, in directory: URL, table: String, line: Int) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if path.hasPrefix("/") || parts.contains("..") || path.isEmpty {
            add(
                table, line: line, "the path '\(path)' of '\(id)' leaves the folder",
                "Write it relative to \(directory.path), without '..'.")
        } else if !FileManager.default.isReadableFile(atPath: directory.appending(path: path).path) {
            add(
                table, line: line, "the image '\(path)' of '\(id)' is missing",
                "Put the file there, or take the row out.")
        }
    }
}
