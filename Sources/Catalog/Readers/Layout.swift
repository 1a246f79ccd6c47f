import Basics
import Options

/// The supported layouts of a folder of photographs. Each reader documents what it expects.
public enum Layout: String, OptionChoice {
    /// The competition's and Whalebook's: ``CompetitionReader``.
    case competition
    /// COCO as Wild Me and LILA publish it: ``COCOReader``.
    case coco
    /// A data frame of the Python package wildlife-datasets: ``WildlifeDatasetsReader``.
    case wildlifeDatasets = "wildlife-datasets"
    /// A spreadsheet that Wildbook imports or exports: ``WildbookReader``.
    case wildbook
    /// A folder for each individual: ``FolderReader``.
    case folders

    var reader: any LayoutReader.Type {
        switch self {
        case .competition: CompetitionReader.self
        case .coco: COCOReader.self
        case .wildlifeDatasets: WildlifeDatasetsReader.self
        case .wildbook: WildbookReader.self
        case .folders: FolderReader.self
        }
    }
}

/// A folder whose layout cannot be determined.
public enum LayoutError: Error, Equatable, CustomStringConvertible {
    case none(directory: String)
    /// Nothing that can be read, but files that look like metadata, each with what is wrong with it.
    case unreadable(directory: String, findings: [String])
    case absent(layout: Layout, directory: String)
    case ambiguous(directory: String, found: [Layout: [String]])
    case several(layout: Layout, directory: String, files: [String])

    public var description: String {
        switch self {
        case .none(let directory):
            """
            \(directory) is not a catalogue: it has no metadata.csv, no other layout's files and no folders of \
            photographs. Layouts are: \(Layout.allCases.map(\.rawValue).joined(separator: ", ")).
            """
        case .unreadable(let directory, let findings):
            "\(directory) is not a catalogue that can be read: \(findings.listed(5, by: "; "))."
        case .absent(let layout, let directory):
            "\(directory) has no \(layout.reader.sought). Check the folder, or choose another layout."
        case .ambiguous(let directory, let found):
            """
            \(directory) fits more than one layout: \
            \(found.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.key.rawValue) (\($0.value.listed()))" }.joined(separator: ", ")). \
            Choose one with --layout, or in whalebook.yaml with data: {folder: …, layout: …}.
            """
        case .several(let layout, let directory, let files):
            """
            \(directory) has several files of layout \(layout.rawValue): \(files.listed()). Keep one, or move the \
            others out of the folder.
            """
        }
    }
}

extension LayoutError {
    /// The error for a folder without a layout, which says what is wrong with files that look like metadata.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    static func unknown(_ listing: FolderListing) throws -> LayoutError {
        let sheets = listing.names.filter(SheetName.isSheet).map { name in
            "\(name) is a spreadsheet; save it as 'CSV UTF-8 (comma delimited)' in the same folder"
        }
        let tables = try listing.names.filter { name in
            [".csv", ".tsv", ".txt"].contains { name.lowercased().hasSuffix($0) }
        }.compactMap { name in try finding(name, in: listing) }
        let findings = sheets + tables
        let path = listing.directory.path
        return findings.isEmpty ? .none(directory: path) : .unreadable(directory: path, findings: findings)
    }

    private static func finding(_ name: String, in listing: FolderListing) throws -> String? {
        let file = listing.directory.appending(path: name).path
        guard let head = try FileError.attempt({ try RegularFile.head(of: file, count: 1 << 16) }) else { return nil }
        let isTable = name.lowercased().hasSuffix(".csv")
        let header: [String]
        do {
            header = try CSVTable.sheetHeader(head, path: name)
        } catch FileError.malformed(_, _, let problem, let remedy) where isTable {
            // The description ends with a full stop, as the remedy does.
            return "\(name) has a header that cannot be read: \(problem). \(remedy.dropLast())"
        } catch {
            return nil
        }
        let names = Set(header)
        if names.isSuperset(of: CompetitionReader.columns) {
            return "\(name) has the columns of metadata.csv; give it this name"
        }
        if !isTable, WildbookReader.isHeader(names) || WildlifeDatasetsReader.isHeader(names) {
            return "\(name) does not end in .csv; rename it"
        }
        guard isTable, header.count > 1 else { return nil }
        let known = ["metadata.csv", WildlifeDatasetsReader.sought, WildbookReader.sought].joined(separator: ", ")
        return "\(name) has the columns \(header.listed(5)), but a layout needs one of these: \(known)"
    }
}
