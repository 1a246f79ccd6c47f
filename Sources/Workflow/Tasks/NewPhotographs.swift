import Algorithms
import Basics
import Catalog
import Foundation
import Imaging

/// Photographs that are not in a catalogue: files, and the pictures in folders.
struct NewPhotographs {
    /// The files in the given order, those of a folder by name; each once.
    let urls: [URL]

    /// Finds the pictures. A file given by name is used whatever its extension; hidden files in folders are left out.
    ///
    /// - Throws: ``FileError`` for a missing file, and for a folder without pictures.
    init(_ paths: [URL]) throws {
        var urls: [URL] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder) else {
                throw FileError.unreadable(path: path.path, reason: "no such file or directory")
            }
            let found = isFolder.boolValue ? try Self.pictures(in: path) : [path]
            guard !found.isEmpty else { throw FileError.unreadable(path: path.path, reason: "it contains no picture") }
            urls += found
        }
        self.urls = urls.uniqued(on: \.standardizedFileURL.path)
    }

    private static func pictures(in folder: URL) throws -> [URL] {
        let names: [String]
        do {
            names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        } catch {
            throw FileError.unreadable(path: folder.path, reason: FileError.reason(of: error))
        }
        return names.filter { name in
            let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
            return !isHidden && PictureName(name) == .readable
        }.sorted().map { folder.appending(path: $0) }
    }

    /// The photographs that cannot be decoded, with the reason.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    static func broken(among urls: [URL]) throws -> [BrokenPhotograph] {
        try PhotographCheck.broken(among: urls.map { PhotographFile(id: $0.path, url: $0, box: nil) })
    }

    /// Makes a catalogue of the photographs, by links to their files; the id of each is its path.
    ///
    /// - Throws: ``FileError``.
    static func catalog(of urls: [URL], in folder: URL) throws -> Catalog {
        let photographs = urls.enumerated().map { number, url in
            Photograph(id: url.path, path: "\(number).\(url.pathExtension.lowercased())")
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (photograph, url) in zip(photographs, urls) {
                let target = folder.appending(path: photograph.path)
                try FileManager.default.copyItem(at: url.resolvingSymlinksInPath(), to: target)
            }
        } catch {
            throw FileError.unwritable(path: folder.path, reason: FileError.reason(of: error))
        }
        let catalog = Catalog(directory: folder, photographs: photographs)
        try catalog.writeMetadata()
        return catalog
    }
}
