import Basics
import Foundation

/// How far the files of the photographs are looked at.
public enum FileCheck: Sendable {
    /// Each must be there and inside of the folder, links followed; whether it can be read shows when it is.
    case present
    /// Only the paths are read; the files may be missing.
    case unchecked
}

/// Checks the paths of photographs against a folder.
struct ImageFolder {
    private let directory: String
    private let check: FileCheck
    /// The folder with every link followed, for comparison.
    private let root: String
    /// Whether folders that were met lie inside of the root once links are followed.
    private var inside: [Substring: Bool] = [:]

    init(_ directory: URL, check: FileCheck) {
        self.directory = directory.path
        self.check = check
        root = Self.resolved(directory.path) ?? directory.path
    }

    /// What is wrong with a photograph's path or file, or nil.
    mutating func flaw(of photograph: Photograph) -> (problem: String, remedy: String)? {
        let path = photograph.path
        func flaw(_ problem: String, _ remedy: String) -> (String, String) {
            ("the image \(quoted: path) of \(quoted: photograph.id) \(problem)", remedy)
        }
        if path.isEmpty { return ("\(quoted: photograph.id) has no path", "Write where its image lies.") }
        if Self.leaves(path) {
            return (
                "the path \(quoted: path) of \(quoted: photograph.id) leaves the folder",
                "Write it relative to \(directory), without '..'."
            )
        }
        guard check == .present else { return nil }
        let full = "\(directory)/\(path)"
        var status = stat()
        guard lstat(full, &status) == 0 else { return flaw("is missing", "Put the file there, or take the row out.") }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        if isLink, stat(full, &status) != 0 {
            return flaw("is a link to a file that is missing", "Put the file there, or take the row out.")
        }
        guard folderIsInside(path), !isLink || isInside(Self.resolved(full)) else {
            return flaw("leaves the folder through a link", "Put the file itself into \(directory).")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return flaw("is no file", "Name a picture's file.") }
        return nil
    }

    /// Whether a path is absolute, climbs, or would be cut short by a zero byte.
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

/// Words that stand where an animal's name would, and mean nobody.
enum NobodyNames {
    private static let words: Set<String> = [
        "", "na", "n/a", "nan", "nil", "none", "null", "nobody", "unknown", "unidentified", "unnamed", "?", "-", "--",
        "____",
    ]

    /// Whether a name means nobody, whatever its case and the blanks around it.
    static func contains(_ name: String) -> Bool { words.contains(name.trimmed.lowercased()) }

    /// The animal's name; nil where there is none, or it means nobody.
    static func animal(_ name: String?) -> String? { name.flatMap { contains($0) ? nil : $0 } }
}

extension String {
    /// The text without white space at its ends.
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

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
