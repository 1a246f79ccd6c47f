import Basics
import Options

/// The ways to lay out a folder of photographs that can be read. Each reader's comment says what it expects.
public enum Layout: String, OptionChoice {
    /// The competition's and our own: ``CompetitionReader``.
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

/// A folder whose layout cannot be told.
public enum LayoutError: Error, Equatable, CustomStringConvertible {
    case none(directory: String)
    case absent(layout: Layout, directory: String)
    case ambiguous(directory: String, found: [Layout: [String]])
    case several(layout: Layout, directory: String, files: [String])

    public var description: String {
        switch self {
        case .none(let directory):
            """
            \(directory) holds no catalogue: neither a metadata.csv nor another layout's files, nor folders of \
            photographs. Layouts are: \(Layout.allCases.map(\.rawValue).joined(separator: ", ")).
            """
        case .absent(let layout, let directory):
            "\(directory) has no \(layout.reader.sought). Check the folder, or name another layout."
        case .ambiguous(let directory, let found):
            """
            \(directory) can be read in more than one way: \
            \(found.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.key.rawValue) (\($0.value.listed()))" }.joined(separator: ", ")). \
            Name the one that counts with --layout, or in whalebook.yaml with data: {folder: …, layout: …}.
            """
        case .several(let layout, let directory, let files):
            """
            \(directory) has several files of the layout \(layout.rawValue): \(files.listed()). \
            Keep one, or move the others out of the folder.
            """
        }
    }
}
