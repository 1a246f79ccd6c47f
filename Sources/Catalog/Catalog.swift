import Basics
import Foundation

/// A folder of photographs and what its metadata say of them, whatever their ``Layout``.
public struct Catalog: Sendable {
    /// The folder.
    public let directory: URL
    /// The photographs, in the order of the metadata.
    public let photographs: [Photograph]
    /// How its metadata are written, for the remedies of what they lack.
    let layout: Layout
    private let positions: [String: Int]
    /// Where each photograph stands in the metadata.
    let places: [PhotographRecords.Place]

    /// Reads a folder's metadata and checks every photograph; the images themselves are not opened.
    ///
    /// - Parameters:
    ///   - layout: How the folder is laid out; nil to tell by what lies in it.
    ///   - patterns: What names mean where folders are all there is.
    ///   - files: Whether the images must be there.
    /// - Throws: ``FileError`` or ``LayoutError`` where nothing can be read, or ``CatalogError`` with every problem found:
    ///   a missing image, a path or link that leaves the folder, a duplicate id, a date, box or size that is none.
    /// - Complexity: O(photographs), about 10 microseconds each with the files, a third of it without.
    public static func read(
        _ directory: URL, layout: Layout? = nil, patterns: PatternChoice = .automatic, files: FileCheck = .present
    ) throws -> Catalog {
        try read(CatalogFolder(directory, layout: layout, patterns: patterns), files: files)
    }

    /// Reads a folder whose layout is settled; see ``read(_:layout:files:)``.
    public static func read(_ folder: CatalogFolder, files: FileCheck = .present) throws -> Catalog {
        let records = try records(of: folder, files: files)
        try records.problems.throwIfAny()
        return Catalog(folder, records)
    }

    static func records(of folder: CatalogFolder, files: FileCheck) throws -> PhotographRecords {
        var records = PhotographRecords(images: ImageFolder(folder.directory, check: files))
        try folder.layout.reader.read(folder, into: &records)
        if records.photographs.isEmpty, records.problems.isEmpty {
            records.problems.add(
                folder.urls.first?.path ?? folder.directory.path, line: folder.layout == .competition ? 1 : nil,
                "there is no photograph", "Add a row for each photograph.")
        }
        return records
    }

    /// The photographs that the metadata name, whatever else may be wrong with them; those whose path leaves the folder
    /// are left out. For whoever only looks at files: ``read(_:files:)`` says what is wrong.
    ///
    /// - Throws: ``FileError``.
    public static func photographsNamed(in folder: CatalogFolder) throws -> [Photograph] {
        // Their paths name them; nothing need be read of the files.
        if folder.layout == .folders {
            return try PictureTree(folder.directory).pictures.map { Photograph(id: $0, path: $0) }
        }
        return try records(of: folder, files: .unchecked).photographs.filter {
            !$0.path.isEmpty && !ImageFolder.leaves($0.path)
        }
    }

    init(_ folder: CatalogFolder, _ records: PhotographRecords) {
        self.init(
            directory: folder.directory, layout: folder.layout, photographs: records.photographs,
            positions: records.positions, places: records.places)
    }

    private init(
        directory: URL, layout: Layout, photographs: [Photograph], positions: [String: Int],
        places: [PhotographRecords.Place]
    ) {
        self.directory = directory
        self.layout = layout
        self.photographs = photographs
        self.positions = positions
        self.places = places
    }

    /// Creates a catalogue of photographs that lie below `directory`; their ids differ.
    public init(directory: URL, photographs: [Photograph]) {
        let positions = Dictionary(photographs.enumerated().map { ($1.id, $0) }) { first, _ in first }
        // Where they will stand once they are written.
        let path = directory.appending(path: "metadata.csv").path
        self.init(
            directory: directory, layout: .competition, photographs: photographs, positions: positions,
            places: photographs.indices.map { .init(path: path, line: $0 + 2) })
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

    /// Writes `metadata.csv` in the competition's layout: its nine columns, and those for boxes and the metadata's own
    /// split where a photograph has one.
    public func writeMetadata() throws {
        let extra: [(name: String, cell: (Photograph) -> String?)] = [
            (CompetitionReader.box, { $0.box?.text }), (CompetitionReader.split, \.split),
        ].filter { column in photographs.contains { column.1($0) != nil } }
        let rows = photographs.lazy.map { photograph in
            [
                photograph.id, photograph.path, photograph.height.map(String.init) ?? "",
                photograph.width.map(String.init) ?? "", photograph.viewpoint.rawValue, photograph.date ?? "",
                photograph.timestamp ?? "", photograph.whaleID ?? "", photograph.encounterID ?? "",
            ] + extra.map { $0.cell(photograph) ?? "" }
        }
        let header = CompetitionReader.columns + CompetitionReader.trainingColumns + extra.map(\.name)
        try AtomicFile.write(CSVTable.text(header: header, rows: rows), to: directory.appending(path: "metadata.csv"))
    }
}
