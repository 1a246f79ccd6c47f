import Basics
import Foundation

/// A folder for each individual, without metadata: `INDIVIDUAL/photo.jpg`, or `INDIVIDUAL/ENCOUNTER/photo.jpg`.
///
/// The individual's name is that of the first folder; `unknown` means nobody. The encounter is the second folder, and
/// unknown where there is none. A photograph's id is its path. Files beside the individuals' folders, hidden ones and
/// files that are no pictures by their names are passed over; pictures of kinds that cannot be read are told.
enum FolderReader: LayoutReader {
    static let sought = "folders with photographs"

    private static let readable: Set<String> = ["jpg", "jpeg", "jpe", "png"]
    private static let otherPictures: Set<String> = [
        "bmp", "gif", "heic", "heif", "jp2", "tif", "tiff", "webp", "cr2", "nef", "arw", "dng",
    ]

    /// No file describes this layout.
    static func metadata(in listing: FolderListing) -> [String] { [] }

    /// Whether two folders hold photographs, themselves or one folder deeper: a single one may be the images of a layout
    /// whose metadata are missing.
    static func fits(_ listing: FolderListing) -> Bool {
        let individuals = listing.names.lazy.filter { name in
            let folder = listing.directory.appending(path: name)
            guard let names = try? FolderListing.names(in: folder) else { return false }
            return names.contains { kind(of: $0) == .readable }
                || names.contains { inner in
                    let names = try? FolderListing.names(in: folder.appending(path: inner))
                    return names?.contains { kind(of: $0) == .readable } == true
                }
        }
        return individuals.dropFirst().first != nil
    }

    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws {
        for path in try paths(in: folder.directory) {
            let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            let place = PhotographRecords.Place(path: folder.directory.appending(path: path).path, line: nil)
            if kind(of: path) == .other {
                records.add(
                    problem: "this kind of picture cannot be read", remedy: "Save it as JPEG or PNG.", at: place)
                continue
            }
            if parts.count > 3 {
                records.add(
                    problem: "the photograph lies more than two folders deep",
                    remedy: "Lay it as INDIVIDUAL/photo.jpg or INDIVIDUAL/ENCOUNTER/photo.jpg.", at: place)
            }
            let whale = parts[0] == "unknown" ? nil : parts[0]
            // Two animals may both have an encounter '2020'; they need not have met.
            let encounter = parts.count == 3 ? "\(parts[0])/\(parts[1])" : nil
            records.add(Photograph(id: path, path: path, whaleID: whale, encounterID: encounter), at: place)
        }
    }

    /// All pictures in folders below, of readable kinds and others, sorted by their bytes.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a folder that cannot be listed.
    static func paths(in directory: URL) throws -> [String] {
        var result: [String] = []
        func visit(_ path: String, depth: Int) throws {
            let url = path.isEmpty ? directory : directory.appending(path: path)
            for name in try FolderListing.names(in: url) {
                let inner = path.isEmpty ? name : "\(path)/\(name)"
                var status = stat()
                // A link to a folder is not followed: it could lead out, or back up.
                guard lstat(directory.appending(path: inner).path, &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    if depth < deepest { try visit(inner, depth: depth + 1) }
                } else if depth > 0, kind(of: name) != .none {
                    result.append(inner)
                }
            }
        }
        try visit("", depth: 0)
        return result.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Deeper folders are not looked into: so deep nobody lays photographs.
    private static let deepest = 16

    private enum Kind { case readable, other, none }

    private static func kind(of name: String) -> Kind {
        guard let dot = name.lastIndex(of: ".") else { return .none }
        let ending = name[name.index(after: dot)...].lowercased()
        return readable.contains(ending) ? .readable : otherPictures.contains(ending) ? .other : .none
    }
}
