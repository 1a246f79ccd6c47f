import Basics
import Foundation

/// How the files of the photographs are checked.
public enum FileCheck: Sendable {
    /// Each must exist inside the folder after following links. It is not opened.
    case present
    /// Only the paths are checked; the files may be missing.
    case unchecked
}

/// Checks the paths of photographs against a folder.
struct ImageFolder {
    private let directory: String
    private let check: FileCheck
    /// The folder with every link followed, for comparison.
    private let root: String
    /// Whether each folder seen so far is inside the root after following links.
    private var inside: [Substring: Bool] = [:]

    init(_ directory: URL, check: FileCheck) {
        self.directory = directory.path
        self.check = check
        root = Self.resolved(directory.path) ?? directory.path
    }

    /// The problem and remedy for a photograph's path or file, or nil.
    mutating func flaw(of photograph: Photograph) -> (problem: String, remedy: String)? {
        let path = photograph.path
        func flaw(_ problem: String, _ remedy: String) -> (String, String) {
            ("the image \(quoted: path) of \(quoted: photograph.id) \(problem)", remedy)
        }
        if path.isEmpty { return ("\(quoted: photograph.id) has no path", "Write the path of its image.") }
        if Self.leaves(path) {
            return (
                "the path \(quoted: path) of \(quoted: photograph.id) leaves the folder",
                "Write it relative to \(directory), without '..'."
            )
        }
        guard check == .present else { return nil }
        let full = "\(directory)/\(path)"
        var status = stat()
        guard lstat(full, &status) == 0 else { return flaw("is missing", "Put the file there, or remove the row.") }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        if isLink, stat(full, &status) != 0 {
            return flaw("is a link to a file that is missing", "Put the file there, or remove the row.")
        }
        guard folderIsInside(path), !isLink || isInside(Self.resolved(full)) else {
            return flaw("leaves the folder through a link", "Put the file itself in \(directory).")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return flaw("is not a file", "Write the path of a picture.") }
        return nil
    }

    /// Whether a path is absolute, contains `..`, or would be cut short by a zero byte.
    static func leaves(_ path: String) -> Bool {
        path.utf8.first == UInt8(ascii: "/") || path.utf8.contains(0)
            || path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    }

    private mutating func folderIsInside(_ path: String) -> Bool {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return true }
        let folder = path[..<slash]
        if let known = inside[folder] { return known }
        let found = isInside(Self.resolved("\(directory)/\(folder)"))
        inside[folder] = found
        return found
    }

    private func isInside(_ path: String?) -> Bool {
        guard let path else { return false }
        return path == root || path.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}

/// Words used in place of a name for an unnamed animal.
enum NobodyNames {
    private static let words: Set<String> = [
        "", "na", "n/a", "nan", "nil", "none", "null", "nobody", "unknown", "unidentified", "unnamed", "?", "-", "--",
        "____",
    ]

    /// Whether a name is one of these words, ignoring case and surrounding white space.
    static func contains(_ name: String) -> Bool { words.contains(name.trimmed.lowercased()) }

    /// The animal's name; nil if missing or one of these words.
    static func animal(_ name: String?) -> String? { name.flatMap { contains($0) ? nil : $0 } }
}

extension String {
    /// The text without leading and trailing white space.
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

/// The files that determine the result of reading folders of photographs with the same settings: while the lists and
/// the listed files do not change, neither does the result.
public struct FolderEvidence: Sendable, Equatable {
    /// The files whose contents count, relative to the folder: pictures, and possible metadata or box files.
    public let files: [String]
    /// The pictures of unsupported types, of which only the names count.
    public let names: [String]

    private static let metadataEndings = [".csv", ".json"]

    /// Lists a folder without opening files; nil if it has links to other folders, which may change unnoticed.
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
