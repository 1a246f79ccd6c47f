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
    /// Links to folders that were not followed: they could lead outside or form a cycle.
    private(set) var links: [String] = []
    /// Folders too deep to be read.
    private(set) var deep: [String] = []
    /// Files and folders whose names are not UTF-8, with the wrong bytes replaced.
    private(set) var nameless: [String] = []
    /// Files whose names are not those of pictures.
    private(set) var others: [String] = []

    /// Deeper folders are skipped; real collections are never this deep.
    private static let deepest = 16
    /// The number of names in a note.
    private static let shown = 3

    private let places: LinkPlaces
    /// The folders around the one that is read, so that a link does not lead back into them.
    private var around: [Inode] = []

    private struct Inode: Equatable {
        let device: dev_t
        let number: ino_t
    }

    /// Lists the folders, also those outside that are `followed` through links; no file is opened.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a folder that cannot be listed.
    init(_ directory: URL, links followed: [String] = []) throws {
        self.directory = directory
        places = LinkPlaces(directory.path, followed)
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
        var status = stat()
        guard fstat(folder, &status) == 0 else { return }
        let own = Inode(device: status.st_dev, number: status.st_ino)
        guard !around.contains(own) else {
            links.append(path)
            return
        }
        around.append(own)
        defer { around.removeLast() }
        for entry in entries(of: stream, path).sorted(by: { $0.name < $1.name }) {
            let inner = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
            switch Self.kind(entry, in: folder) {
            case nil: continue
            case .folder where depth < Self.deepest: try visit(inner, in: folder, depth: depth + 1)
            case .folder: deep.append(inner)
            case .linkedFolder:
                guard depth < Self.deepest,
                    places.containOutside(LinkPlaces.resolved("\(directory.path)/\(inner)"))
                else {
                    links.append(inner)
                    continue
                }
                try visit(inner, in: folder, depth: depth + 1)
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

    /// The visible entries and their types as the folder lists them, without names that are not UTF-8.
    private mutating func entries(of stream: OpaquePointer, _ path: String) -> [(name: String, type: Int)] {
        var entries: [(name: String, type: Int)] = []
        while let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if bytes.first == UInt8(ascii: ".") { continue }
            if let name = String(validating: bytes, as: UTF8.self) {
                entries.append((name, Int(entry.pointee.d_type)))
            } else {
                nameless.append((path.isEmpty ? "" : path + "/") + String(decoding: bytes, as: UTF8.self))
            }
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
            Self.note(
                loose, "picture in no animal's folder", "pictures in no animal's folder",
                ": put each in one, or in 'unknown' if the animal is unknown"),
            Self.note(others.filter(SheetName.isSheet), "spreadsheet", "spreadsheets", ": save it as CSV in UTF-8"),
            Self.note(
                others.filter { !SheetName.isSheet($0) }, "file without the name of a picture",
                "files without the name of a picture"),
        ].compactMap(\.self) + unreached
    }

    /// The links and folders that were not read, with counts and the first names.
    var unreached: [String] {
        [
            Self.note(
                links, "link to a folder", "links to folders", ": to follow them, list in data.links where they lead"),
            Self.note(
                deep, "folder more than \(Self.deepest) levels deep", "folders more than \(Self.deepest) levels deep"),
            Self.note(nameless, "file whose name is not UTF-8", "files whose names are not UTF-8", ": rename them"),
        ].compactMap(\.self)
    }

    /// A note on some files: their number, the first names, and what can be done; nil if there are none.
    static func note(_ names: [String], _ one: String, _ many: String, _ advice: String = "") -> String? {
        names.isEmpty ? nil : "\(NumberText.counted(names.count, one, many)) (\(names.listed(shown)))\(advice)"
    }
}

/// Whether a file's name is a spreadsheet's.
enum SheetName {
    private static let endings = [".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"]

    static func isSheet(_ name: String) -> Bool {
        let name = name.lowercased()
        return endings.contains { name.hasSuffix($0) }
    }
}
