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
    private let places: LinkPlaces
    private var locator: PathLocator
    /// The number of missing photographs for which a near name was sought.
    private var sought = 0
    /// Whether each folder seen so far is inside the root after following links.
    private var inside: [Substring: Bool] = [:]

    /// Begins with no photographs; links may lead to the folders `links` outside.
    init(_ directory: URL, links: [String] = [], check: FileCheck) {
        self.directory = directory.path
        self.check = check
        places = LinkPlaces(directory.path, links)
        locator = PathLocator(directory)
    }

    /// The path of the file that a path in the metadata means, and whether it is written so: see ``PathLocator``.
    mutating func located(_ path: String, in folders: [String]) -> (path: String, isAsWritten: Bool) {
        Self.leaves(path) || path.isEmpty ? ((folders.first ?? "") + path, true) : locator.located(path, in: folders)
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
        guard lstat(full, &status) == 0 else {
            return flaw("is missing", nearName(path) + "Put the file there, or remove the row.")
        }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        if isLink, stat(full, &status) != 0 {
            return flaw("is a link to a file that is missing", Self.remedy(forLink: full))
        }
        guard folderIsInside(path), !isLink || places.contain(LinkPlaces.resolved(full)) else {
            let target = LinkPlaces.resolved(full).map { URL(filePath: $0).deletingLastPathComponent().path }
            return flaw(
                "leaves the folder through a link",
                "Put the file itself in \(directory), or allow the link with --links or data.links: "
                    + "[\((target ?? "FOLDER").shortened())].")
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
        let found = places.contain(LinkPlaces.resolved("\(directory)/\(folder)"))
        inside[folder] = found
        return found
    }

    /// A question about the nearest name of a file; empty if there is none, or if it was asked often enough.
    private mutating func nearName(_ path: String) -> String {
        guard sought < ProblemList.limit else { return "" }
        sought += 1
        return locator.nearest(to: path).map { "Did you mean \(quoted: $0)? " } ?? ""
    }

    /// What to do about a link without its file, which programs that keep large files elsewhere leave behind.
    private static func remedy(forLink path: String) -> String {
        let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? ""
        if target.contains(".git/annex/objects/") { return "Get the file with 'git annex get', or remove the row." }
        return "Put the file there, or remove the row."
    }
}

/// The folders that photographs may lie in after following links: the catalogue's, and those of `data.links`.
struct LinkPlaces {
    private let root: String
    private let links: [String]

    /// Resolves the folders, given by absolute paths; one that does not exist holds nothing.
    init(_ directory: String, _ links: [String]) {
        root = Self.resolved(directory) ?? directory
        self.links = links.compactMap(Self.resolved)
    }

    /// Whether a path without links is in one of the folders.
    func contain(_ path: String?) -> Bool {
        path.map { path in ([root] + links).contains { Self.holds($0, path) } } == true
    }

    /// Whether a path without links is in one of the folders outside the catalogue's.
    func containOutside(_ path: String?) -> Bool {
        path.map { path in links.contains { Self.holds($0, path) } } == true
    }

    private static func holds(_ folder: String, _ path: String) -> Bool {
        path == folder || path.utf8.starts(with: (folder == "/" ? folder : folder + "/").utf8)
    }

    /// The path with every link followed; nil if nothing is there.
    static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
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
