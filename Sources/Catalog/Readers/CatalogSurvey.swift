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
    /// What was read, but probably means something else, such as one animal in two spellings.
    public let warnings: ProblemList
    /// The words in place of an animal's name, as written, each with its number of photographs.
    public let nobody: [String: Int]
    /// Positions of the photographs whose files exist inside the folder.
    public let present: [Int]
    /// What was skipped and why, with counts and the first names.
    public let notes: [String]
    /// What was read in another way than usual, such as paths that are written differently from their files.
    public let remarks: [String]
    private let places: [PhotographRecords.Place]

    /// Reads a folder's metadata and checks that the files exist.
    ///
    /// - Throws: ``FileError`` if the metadata cannot be parsed.
    public init(_ folder: CatalogFolder) throws {
        let records = try Catalog.records(of: folder, files: .present)
        self.folder = folder
        notes = records.notes + (try UnreadPictures.notes(folder, records.photographs))
        remarks = records.remarks
        warnings = records.warnings
        nobody = records.nobody
        catalog = Catalog(folder, records)
        problems = records.problems
        places = records.places
        present = records.photographs.indices.filter { !records.flawed.contains($0) }
    }

    /// The words in place of an animal's name with their numbers of photographs, for people; nil if there are none.
    public var nobodyNote: String? {
        guard !nobody.isEmpty else { return nil }
        let counts = nobody.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key.trimmingBlanks.shortened()) \($0.value)" }
        return "\(counts.listed()): read as unnamed; data.nobody lists such words"
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

/// The pictures in a folder that its metadata do not name.
private enum UnreadPictures {
    /// What was not read and why, with counts and the first names; empty for ``Layout/folders``, whose reader knows.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    static func notes(_ folder: CatalogFolder, _ photographs: [Photograph]) throws -> [String] {
        guard folder.layout != .folders,
            let tree = try FileError.attempt({ try PictureTree(folder.directory, links: folder.links) })
        else { return [] }
        let named = Set(photographs.map { $0.path.hasPrefix("./") ? String($0.path.dropFirst(2)) : $0.path })
        let unnamed = (tree.loose + tree.pictures + tree.unreadable).filter { !named.contains($0) }
        let owner = "that \(folder.files.listed(1)) does not name"
        let note = PictureTree.note(unnamed, "picture \(owner)", "pictures \(owner)")
        return [note].compactMap(\.self) + tree.unreached
    }
}
