import Basics
import Foundation

/// The pictures in the folders of a directory, and what was skipped.
struct PictureTree {
    let directory: URL
    /// Pictures below the first folders, sorted by their bytes.
    private(set) var pictures: [String] = []
    /// Pictures of unsupported types.
    private(set) var unreadable: [String] = []
    /// Pictures outside the animals' folders.
    private(set) var loose: [String] = []
    /// Links to folders, which could lead outside or form a cycle.
    private(set) var links: [String] = []
    /// Files whose names are not those of pictures.
    private(set) var others: [String] = []

    /// Deeper folders are skipped; real collections are never this deep.
    private static let deepest = 16
    /// The number of names in a note.
    private static let shown = 3

    /// Lists the folders; no file is opened.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a folder that cannot be listed.
    init(_ directory: URL) throws {
        self.directory = directory
        try visit("", in: AT_FDCWD, depth: 0)
        let before: (String, String) -> Bool = { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        pictures.sort(by: before)
        unreadable.sort(by: before)
    }

    /// Lists the folder at `path`, relative to ``directory``, and those below it; `outer` is the open folder around it.
    private mutating func visit(_ path: String, in outer: Int32, depth: Int) throws {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) }
        let folder = openat(outer, name ?? directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0, let stream = fdopendir(folder) else {
            let reason = errno == ENOTDIR ? "it is not a folder" : String(cString: strerror(errno)).lowercased()
            throw FileError.unreadable(path: directory.path + (path.isEmpty ? "" : "/\(path)"), reason: reason)
        }
        defer { closedir(stream) }
        for entry in Self.entries(of: stream).sorted(by: { $0.name < $1.name }) {
            let inner = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
            switch Self.kind(entry, in: folder) {
            case nil: continue
            case .folder: if depth < Self.deepest { try visit(inner, in: folder, depth: depth + 1) }
            case .linkedFolder: links.append(inner)
            case .file:
                switch PictureName(entry.name) {
                case .none: others.append(inner)
                case .readable where depth > 0: pictures.append(inner)
                case .other where depth > 0: unreadable.append(inner)
                case .readable, .other: loose.append(inner)
                }
            }
        }
    }

    private enum Kind { case file, folder, linkedFolder }

    /// The visible entries and their types as the folder lists them; names that are not UTF-8 are skipped.
    private static func entries(of stream: OpaquePointer) -> [(name: String, type: Int)] {
        var entries: [(name: String, type: Int)] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.first == UInt8(ascii: ".") ? nil : String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name { entries.append((name, Int(entry.pointee.d_type))) }
        }
        return entries
    }

    /// The kind of an entry, where anything but a folder is a file; nil if it no longer exists.
    private static func kind(_ entry: (name: String, type: Int), in folder: Int32) -> Kind? {
        if entry.type == Int(DT_DIR) { return .folder }
        if entry.type == Int(DT_REG) { return .file }
        // A link, or a file system that does not report types.
        var status = stat()
        guard fstatat(folder, entry.name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        if status.st_mode & S_IFMT == S_IFDIR { return .folder }
        var target = stat()
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        let leadsToFolder = fstatat(folder, entry.name, &target, 0) == 0 && target.st_mode & S_IFMT == S_IFDIR
        return isLink && leadsToFolder ? .linkedFolder : .file
    }

    /// What was skipped and why, with counts and the first names, except the file `read`.
    func notes(besides read: String?) -> [String] {
        let others = others.filter { $0 != read }
        return [
            (loose, "in no animal's folder: put each in one, or in 'unknown' if the animal is unknown"),
            (links, "links to folders, which are not followed"), (others, "without the name of a picture"),
        ].filter { !$0.0.isEmpty }.map { names, why in
            "\(names.count) \(why) (\(names.listed(Self.shown)))"
        }
    }
}
