import Basics
import Foundation

/// Everything read from a folder, and every problem found in it.
public struct CatalogSurvey: Sendable {
    /// The folder that was read.
    public let folder: CatalogFolder
    /// Every photograph in the metadata, with or without a problem; ids may repeat.
    public let catalog: Catalog
    /// In the order of the metadata.
    public let problems: ProblemList
    /// Positions of the photographs whose files exist inside the folder.
    public let present: [Int]
    /// What was skipped and why, with counts and the first names.
    public let notes: [String]
    private let places: [PhotographRecords.Place]

    /// Reads a folder's metadata and checks that the files exist.
    ///
    /// - Throws: ``FileError`` if the metadata cannot be parsed.
    public init(_ folder: CatalogFolder) throws {
        let records = try Catalog.records(of: folder, files: .present)
        self.folder = folder
        notes = records.notes
        catalog = Catalog(folder, records)
        problems = records.problems
        places = records.places
        present = records.photographs.indices.filter { !records.flawed.contains($0) }
    }

    /// A problem with the photograph at a position, located in the metadata.
    public func problem(ofPhotographAt position: Int, _ problem: String, _ remedy: String) -> FileProblem {
        FileProblem(path: places[position].path, line: places[position].line, problem: problem, remedy: remedy)
    }

    /// Throws if the folder has problems.
    ///
    /// - Throws: ``CatalogError`` with all of them.
    public func throwProblems() throws {
        try problems.throwIfAny()
    }
}
