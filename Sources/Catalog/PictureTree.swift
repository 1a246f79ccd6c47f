import Basics
import Foundation

/// The pictures in the folders of a directory, and what was passed over.
struct PictureTree {
    let directory: URL
    /// Pictures below the first folders, sorted by their bytes.
    private(set) var pictures: [String] = []
    /// Pictures of kinds that cannot be read.
    private(set) var unreadable: [String] = []
    /// Pictures that lie in no animal's folder.
    private(set) var loose: [String] = []
    /// Links to folders, which could lead out or back up.
    private(set) var links: [String] = []
    /// Files that are no pictures by their names.
    private(set) var others: [String] = []

    /// Deeper folders are not looked into: so deep nobody lays photographs.
    private static let deepest = 16
    /// As many names as a note tells.
    private static let shown = 3

    /// - Throws: ``FileError/unreadable(path:reason:)`` for a folder that cannot be listed.
    init(_ directory: URL) throws {
        self.directory = directory
        try visit("", depth: 0)
        let before: (String, String) -> Bool = { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        pictures.sort(by: before)
        unreadable.sort(by: before)
    }

    private mutating func visit(_ path: String, depth: Int) throws {
        let url = path.isEmpty ? directory : directory.appending(path: path)
        for name in try FolderListing.names(in: url) {
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            let full = directory.appending(path: inner).path
            var status = stat()
            guard lstat(full, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                if depth < Self.deepest { try visit(inner, depth: depth + 1) }
                continue
            }
            var target = stat()
            if status.st_mode & S_IFMT == S_IFLNK, stat(full, &target) == 0, target.st_mode & S_IFMT == S_IFDIR {
                links.append(inner)
                continue
            }
            switch PictureName(name) {
            case .none: others.append(inner)
            case .readable, .other:
                if depth == 0 {
                    loose.append(inner)
                } else if PictureName(name) == .other {
                    unreadable.append(inner)
                } else {
                    pictures.append(inner)
                }
            }
        }
    }

    /// What was passed over and why, by count and first names; a file that is read is none of it.
    func notes(besides read: String?) -> [String] {
        let others = others.filter { $0 != read }
        return [
            (loose, "lie in no animal's folder: put each into one, 'unknown' where nobody knows the animal"),
            (links, "are links to folders, which are not followed"),
            (others, "are no pictures by their names"),
        ].filter { !$0.0.isEmpty }.map { names, why in
            "\(names.count) \(why) (\(names.listed(Self.shown)))"
        }
    }
}
