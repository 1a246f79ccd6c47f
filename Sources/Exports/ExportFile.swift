import Basics
import Foundation

/// What `whalebook export` writes, each for another tool and into its own folder.
public enum ExportForm: String, Sendable, CaseIterable {
    /// ``FiftyOneDataset``.
    case fiftyone
    /// ``MatchList``.
    case wildbook
    /// ``EventFile``.
    case tensorboard
    /// ``CroissantMetadata``.
    case croissant
}

/// A file of an export. Its contents are made in parts, so that a large catalogue need not fit into memory.
public struct ExportFile {
    /// The names of the folders in the export's folder that lead to it, and its own name.
    public let path: [String]
    private let body: (_ append: (Data) throws -> Void) throws -> Void

    /// Declares a file; `body` passes its contents on, part by part.
    init(_ path: String..., body: @escaping (_ append: (Data) throws -> Void) throws -> Void) {
        self.path = path
        self.body = body
    }

    /// Declares a file of known contents.
    init(_ path: String..., contents: Data) {
        self.path = path
        body = { append in try append(contents) }
    }

    /// Writes it next to `url` and renames it into place.
    ///
    /// - Throws: ``FileError``.
    public func write(to url: URL) throws {
        try AtomicFile.stream(to: url) { file in try body { try file.write(contentsOf: $0) } }
    }

    /// The whole contents.
    ///
    /// - Throws: ``FileError`` of a photograph.
    func contents() throws -> Data {
        var contents = Data()
        try body { contents.append($0) }
        return contents
    }
}
