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
