import Basics
import Foundation

/// A folder of photographs and their metadata, in any ``Layout``.
public struct Catalog: Sendable {
    /// The folder.
    public let directory: URL
    /// The photographs, in the order of the metadata.
    public let photographs: [Photograph]
    /// The layout of the metadata, for remedies.
    let layout: Layout
    private let positions: [String: Int]
    /// What happens to a photograph whose file ends early.
    private let salvage: Salvage
    /// Each photograph's place in the metadata.
    let places: [PhotographRecords.Place]

    /// Reads a folder's metadata and checks every photograph; the images themselves are not opened.
    ///
    /// - Parameters:
    ///   - directory: The folder; the paths of photographs start there.
    ///   - layout: The folder's layout; nil to detect it from its files.
    ///   - patterns: The meaning of names in the layout ``Layout/folders``.
    ///   - nobody: The words that name no animal.
    ///   - links: The folders outside that links may lead to, by their absolute paths.
    ///   - salvage: What happens to a photograph whose file ends early.
    ///   - files: Whether the images must exist.
    /// - Returns: The catalogue, with photographs in the order of the metadata.
    /// - Throws: ``FileError`` or ``LayoutError`` if nothing can be read, or ``CatalogError`` with every problem found:
    ///   a missing image, a path or link that leaves the folder, a duplicate id, an invalid date, box or size.
    /// - Complexity: O(photographs), about 10 microseconds each with the files, a third of that without.
    public static func read(
        _ directory: URL, layout: Layout? = nil, patterns: PatternChoice = .automatic,
        nobody: NobodyNames = .standard, links: [String] = [], salvage: Salvage = .off, files: FileCheck = .present
    ) throws -> Catalog {
        let folder = try CatalogFolder(
            directory, layout: layout, patterns: patterns, nobody: nobody, links: links, salvage: salvage)
        return try read(folder, files: files)
    }

    /// Reads a folder of known layout; see ``read(_:layout:patterns:nobody:links:salvage:files:)``.
    public static func read(_ folder: CatalogFolder, files: FileCheck = .present) throws -> Catalog {
        let records = try records(of: folder, files: files)
        try records.problems.throwIfAny()
        return Catalog(folder, records)
    }

    static func records(of folder: CatalogFolder, files: FileCheck) throws -> PhotographRecords {
        var records = PhotographRecords(
            images: ImageFolder(folder.directory, links: folder.links, check: files), nobody: folder.nobody)
        try folder.layout.reader.read(folder, into: &records)
        records.noteRelocated()
        records.noteHeadings()
        if records.photographs.isEmpty, records.problems.isEmpty {
            records.problems.add(
                folder.urls.first?.path ?? folder.directory.path, line: folder.layout == .competition ? 1 : nil,
                "there are no photographs", "Add a row for each photograph.")
        }
        return records
    }

    /// The photographs in the metadata, despite any problems, except those whose path leaves the folder. For callers
    /// that only need the files; ``read(_:files:)`` reports the problems.
    ///
    /// - Throws: ``FileError``.
    public static func photographsNamed(in folder: CatalogFolder) throws -> [Photograph] {
        // Paths are the ids, so no file is opened.
        if folder.layout == .folders {
            return try PictureTree(folder.directory, links: folder.links).pictures.map { Photograph(id: $0, path: $0) }
        }
        return try records(of: folder, files: .unchecked).photographs.filter {
            !$0.path.isEmpty && !ImageFolder.leaves($0.path)
        }
    }

    init(_ folder: CatalogFolder, _ records: PhotographRecords) {
        self.init(
            directory: folder.directory, layout: folder.layout, photographs: records.photographs,
            positions: records.positions, places: records.places, salvage: folder.salvage)
    }

    private init(
        directory: URL, layout: Layout, photographs: [Photograph], positions: [String: Int],
        places: [PhotographRecords.Place], salvage: Salvage = .off
    ) {
        self.directory = directory
        self.layout = layout
        self.photographs = photographs
        self.positions = positions
        self.places = places
        self.salvage = salvage
    }

    /// Creates a catalogue of photographs below `directory` with distinct ids.
    public init(directory: URL, photographs: [Photograph]) {
        let positions = Dictionary(photographs.enumerated().map { ($1.id, $0) }) { first, _ in first }
        // Their place once they are written.
        let path = directory.appending(path: "metadata.csv").path
        self.init(
            directory: directory, layout: .competition, photographs: photographs, positions: positions,
            places: photographs.indices.map { .init(path: path, line: $0 + 2) })
    }

    /// The position of a photograph in ``photographs``, or nil for an id the catalogue does not have.
    public func position(of id: String) -> Int? { positions[id] }

    /// The photograph with this id, or nil.
    public subscript(id: String) -> Photograph? { positions[id].map { photographs[$0] } }

    /// The file and box to load for a photograph.
    public func file(of photograph: Photograph) -> PhotographFile {
        PhotographFile(
            id: photograph.id, url: directory.appending(path: photograph.path), box: photograph.box,
            theta: photograph.theta, sides: photograph.pictureSides, outline: photograph.outline, salvage: salvage)
    }

    /// The animals with at least one photograph, sorted.
    public var whales: [String] { Set(photographs.compactMap(\.whaleID)).sorted() }

    /// The form of `metadata.csv` in the competition's layout: its nine columns, and columns for boxes, their turns,
    /// orientations, outlines and the metadata's own split if any photograph has one; and the cells of a photograph.
    public var metadataForm: (columns: [String], cells: (Photograph) -> [String]) {
        let extra: [(name: String, cell: (Photograph) -> String?)] = [
            (CompetitionReader.box, { $0.box?.text }),
            (CompetitionReader.theta, { $0.theta == 0 ? nil : "\($0.theta)" }),
            (CompetitionReader.heading, { $0.heading?.rawValue }),
            (CompetitionReader.outline, { $0.outline.map { String(decoding: $0.text, as: UTF8.self) } }),
            (CompetitionReader.split, \.split),
        ].filter { column in photographs.contains { column.1($0) != nil } }
        let columns = CompetitionReader.columns + CompetitionReader.trainingColumns + extra.map(\.name)
        return (
            columns,
            { photograph in
                [
                    photograph.id, photograph.path, photograph.height.map(String.init) ?? "",
                    photograph.width.map(String.init) ?? "", photograph.viewpoint.rawValue, photograph.date ?? "",
                    photograph.timestamp ?? "", photograph.whaleID ?? "", photograph.encounterID ?? "",
                ] + extra.map { $0.cell(photograph) ?? "" }
            }
        )
    }

    /// Writes `metadata.csv` in the form of ``metadataForm``.
    public func writeMetadata() throws {
        let (columns, cells) = metadataForm
        let text = CSVTable.text(header: columns, rows: photographs.lazy.map(cells))
        try AtomicFile.write(text, to: directory.appending(path: "metadata.csv"))
    }
}

/// The problems of a catalogue's files, found in one pass.
public struct CatalogError: ErrorWithLines, Equatable, CustomStringConvertible {
    /// All problems; the first ones have messages.
    public let list: ProblemList

    /// Creates an error from problems.
    public init(_ list: ProblemList) { self.list = list }

    /// The first problems.
    public var problems: [FileProblem] { list.problems }

    public var lines: [String] { list.lines }
    public var description: String { list.description }
}

extension ProblemList {
    func throwIfAny() throws {
        if !isEmpty { throw CatalogError(self) }
    }
}

extension Catalog {
    /// What a use of the photographs requires of the metadata.
    public enum Requirement: Sendable, Hashable {
        /// Every photograph names its animal.
        case whale
        /// Every photograph of a named animal names its encounter.
        case encounter
        /// Every photograph of a named animal has a full date.
        case day
        /// The column `split` exists and holds only known roles.
        case split
    }

    /// Checks that the metadata meet the requirements.
    ///
    /// - Throws: ``CatalogError`` with one problem for each requirement: how many photographs lack it, and the first.
    public func require(_ requirements: Set<Requirement>) throws {
        var problems = ProblemList()
        let needsWhale = requirements.contains(.whale)
        let concerned = photographs.indices.filter { photographs[$0].whaleID != nil || needsWhale }
        func check(_ requirement: Requirement, _ lacking: [Int], _ words: String, _ remedy: @autoclosure () -> String) {
            guard requirements.contains(requirement), let first = lacking.first else { return }
            problems.add(
                places[first].line == nil ? directory.path : places[first].path,
                "\(words) \(lacking.count) of \(photographs.count) photographs (\(listing(lacking)))", remedy())
        }
        check(
            .whale, photographs.indices.filter { photographs[$0].whaleID == nil }, "no animal for",
            """
            Name the animals, remove the photographs, or set split.unknown: leave-out or queries. 'embed' and 'search' \
            need no names.
            """)
        check(
            .encounter, concerned.filter { photographs[$0].encounterID == nil }, "no encounter for",
            "Split by photograph with split.kind: image, or \(layout.encounterRemedy).")
        let dayless = concerned.filter { photographs[$0].day == nil }
        let partial = dayless.first { photographs[$0].date != nil }
        check(
            .day, dayless, "no day for",
            (partial.map { "\(quoted: photographs[$0].date ?? "") of \(quoted: photographs[$0].id) is not a day. " }
                ?? "")
                + "\(layout.dayRemedy), or set a split.kind other than time.")
        requireSplit(requirements, &problems)
        try problems.throwIfAny()
    }

    private func requireSplit(_ requirements: Set<Requirement>, _ problems: inout ProblemList) {
        guard requirements.contains(.split) else { return }
        if photographs.allSatisfy({ $0.split == nil }) {
            let (problem, remedy) = layout.lackOfSplit
            problems.add(hasLines ? places[0].path : directory.path, problem, remedy)
            return
        }
        let wrong = photographs.indices.filter { photographs[$0].columnRole == nil }
        for (word, positions) in Dictionary(grouping: wrong, by: { photographs[$0].split ?? "" }).sorted(by: {
            $0.key < $1.key
        }) {
            problems.add(
                places[positions[0]].path, line: places[positions[0]].line,
                "the column 'split' has \(quoted: word) for \(positions.count) of \(photographs.count) photographs "
                    + "(\(listing(positions)))",
                (Spelling.nearest(to: word, among: Photograph.columnRoles.keys.sorted())
                    .map { "Did you mean \(quoted: $0)? " } ?? "")
                    + "Use train, validation, test or none; an empty field means none.")
        }
    }

    /// Whether photographs are on the lines of a table.
    private var hasLines: Bool { places.first?.line != nil }

    private static let shown = 3

    /// The first photographs by line, or by id if there are no lines.
    private func listing(_ positions: [Int]) -> String {
        let names = positions.lazy.map { places[$0].line.map(String.init) ?? photographs[$0].id }
        let many = positions.count > 1 ? "lines " : "line "
        return (hasLines ? many : "") + names.listed(Self.shown)
    }
}

extension Layout {
    /// How to record the encounter.
    fileprivate var encounterRemedy: String {
        switch self {
        case .competition: "add a column encounter_id"
        case .coco: "write encounter_id into the annotations"
        case .wildlifeDatasets: "add a column encounter_id, or date"
        case .wildbook: "add a column Occurrence.occurrenceID"
        case .folders: "make a folder for each encounter in the animal's folder, or use {encounter} in data.patterns"
        }
    }

    /// How to record the day.
    fileprivate var dayRemedy: String {
        switch self {
        case .competition, .wildlifeDatasets: "Write YYYY-MM-DD in the column date"
        case .coco: "Write YYYY-MM-DD as date_captured of the images"
        case .wildbook: "Fill in Encounter.year, .month and .day"
        case .folders: "Use {date} in data.patterns"
        }
    }

    /// The problem and remedy if no photograph has a split.
    fileprivate var lackOfSplit: (problem: String, remedy: String) {
        switch self {
        case .competition, .wildlifeDatasets:
            (
                "the column 'split' is missing or empty",
                "Add it with train or test for each photograph, or set a split.kind other than column."
            )
        case .coco:
            (
                "no annotation file is named after a split",
                "Name the files annotations/instances_train.json and so on, or set a split.kind other than column."
            )
        case .wildbook: ("the layout \(rawValue) has no split", "Set a split.kind other than column.")
        case .folders:
            (
                "no folder is named after a split",
                "Put the animals' folders into folders train and test, or set a split.kind other than column."
            )
        }
    }
}
