import Foundation

/// What decides how folders of photographs are read, beside the settings: while it is the same and none of its files has
/// changed, another reading finds the same.
public struct FolderEvidence: Sendable, Equatable {
    /// The files whose contents count, relative to the folder: the pictures, and what may be metadata or boxes.
    public let files: [String]
    /// The pictures of kinds that cannot be read: their names count.
    public let names: [String]

    private static let metadataEndings = [".csv", ".json"]

    /// Lists a folder; no file is opened. Nil where links lead to other folders, which may change unseen.
    ///
    /// - Throws: `FileError.unreadable(path:reason:)` for a folder that cannot be listed.
    public init?(_ directory: URL) throws {
        let tree = try PictureTree(directory)
        guard tree.links.isEmpty else { return nil }
        let metadata = tree.others.filter { name in
            let name = name.lowercased()
            return Self.metadataEndings.contains { name.hasSuffix($0) }
        }
        files = tree.pictures + metadata
        names = tree.unreadable
    }
}
