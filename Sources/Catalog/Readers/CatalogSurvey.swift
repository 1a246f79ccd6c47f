import Basics
import Foundation

/// Everything that can be read of a folder, and everything that is wrong with it.
public struct CatalogSurvey: Sendable {
    /// The folder, as it was read.
    public let folder: CatalogFolder
    /// Every photograph that the metadata name, with or without a problem; the ids may repeat.
    public let catalog: Catalog
    /// In the order of the metadata.
    public let problems: ProblemList
    /// Positions of the photographs whose files are there and inside of the folder.
    public let present: [Int]
    /// What of the folder was passed over, and why, by count and first names.
    public let notes: [String]
    private let places: [PhotographRecords.Place]

    /// Reads a folder's metadata and looks for the files.
    ///
    /// - Throws: ``FileError`` where the metadata cannot be taken apart.
    public init(_ folder: CatalogFolder) throws {
        let records = try Catalog.records(of: folder, files: .present)
        self.folder = folder
        notes = records.notes
        catalog = Catalog(folder, records)
        problems = records.problems
        places = records.places
        present = records.photographs.indices.filter { !records.flawed.contains($0) }
    }

    /// A problem with the photograph at a position, told where the metadata name it.
    public func problem(ofPhotographAt position: Int, _ problem: String, _ remedy: String) -> FileProblem {
        FileProblem(path: places[position].path, line: places[position].line, problem: problem, remedy: remedy)
    }

    /// Refuses a folder that has problems.
    ///
    /// - Throws: ``CatalogError`` with all of them.
    public func throwProblems() throws {
        try problems.throwIfAny()
    }
}
