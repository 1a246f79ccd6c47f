import Basics
import Foundation

/// How the store reaches its own folders and files: from `.whalebook` by their names, and never through a link.
///
/// `.whalebook` itself may be a link, which somebody made to keep the store elsewhere. Every folder below it the store
/// makes itself; so a link in the place of one leads to what is not the store's, and is refused.
extension Store {
    /// One of the store's folders, held open; nil where there is none yet.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)``.
    func held(_ url: URL) throws -> HeldFolder? { try reach(url, making: false) }

    /// One of the store's folders, held open and made where there is none yet.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    @discardableResult
    func making(_ url: URL) throws -> HeldFolder {
        guard let held = try reach(url, making: true) else {
            throw FileError.unwritable(path: url.path, reason: SystemWords.of(ENOENT))
        }
        return held
    }

    /// The bytes of one of the store's files; nil where there is none.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)``, also for a link.
    func contents(of file: URL) throws -> Data? {
        let name = file.lastPathComponent
        guard let folder = try held(file.deletingLastPathComponent()), folder.kind(of: name) != nil else { return nil }
        return try folder.contents(of: name)
    }

    /// The bytes of a file that only saves work; nil also where it cannot be read.
    ///
    /// - Throws: ``StoreError``; ``FileError`` where files ran out.
    func remembered(_ file: URL) throws -> Data? {
        do {
            return try contents(of: file)
        } catch let error as FileError where !error.isExhaustion {
            return nil
        }
    }

    /// Writes one of the store's files, beside and renamed; its folder is made where there is none yet.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    func write(_ data: Data, to file: URL) throws {
        try making(file.deletingLastPathComponent()).write(data, to: file.lastPathComponent)
    }

    /// Writes `text` as UTF-8, as ``write(_:to:)-(Data,_)`` does.
    func write(_ text: String, to file: URL) throws { try write(Data(text.utf8), to: file) }

    private func reach(_ url: URL, making: Bool) throws -> HeldFolder? {
        guard var held = try root(making: making) else { return nil }
        for name in url.path.dropFirst(folder.path.count).split(separator: "/").map(String.init) {
            switch held.kind(of: name) {
            case .folder: held = try held.folder(name)
            case nil where making: held = try held.makingFolder(name)
            case nil: return nil
            case .link: throw StoreError.link(path: "\(held.path)/\(name)")
            case .file, .other: throw StoreError.noFolder(path: "\(held.path)/\(name)")
            }
        }
        return held
    }

    private func root(making: Bool) throws -> HeldFolder? {
        if FileManager.default.fileExists(atPath: folder.path) { return try HeldFolder(folder) }
        var status = stat()
        guard lstat(folder.path, &status) != 0 else { throw StoreError.lostLink(path: folder.path) }
        guard making else { return nil }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: folder.path, reason: FileError.reason(of: error))
        }
        return try HeldFolder(folder)
    }
}

/// What stands where the store keeps a folder of its own.
public enum StoreError: Error, Equatable, CustomStringConvertible {
    case link(path: String)
    case noFolder(path: String)
    /// `.whalebook` is a link that leads nowhere.
    case lostLink(path: String)

    public var description: String {
        switch self {
        case .link(let path):
            """
            \(path) is a symbolic link where the store keeps a folder of its own; nothing is read, written or removed \
            beyond it. Put a folder in its place. To keep the store on another disk, make .whalebook itself the link.
            """
        case .noFolder(let path):
            "\(path) is no folder, but the store keeps one of its own there. Move it away."
        case .lostLink(let path):
            "\(path) is a symbolic link to a folder that is not there. Make that folder, or remove the link."
        }
    }
}
