import Basics
import Foundation

/// Access to the store's folders and files: from `.whalebook` by name, and never through a link.
///
/// `.whalebook` itself may be a link, which somebody made to keep the store elsewhere. The store makes every folder
/// below it, so a link there leads outside the store and is refused.
extension Store {
    /// One of the store's folders, held open; nil if it does not exist yet.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)``.
    func held(_ url: URL) throws -> HeldFolder? { try reach(url, making: false) }

    /// One of the store's folders, held open; it is made if it does not exist yet.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    @discardableResult
    func making(_ url: URL) throws -> HeldFolder {
        guard let held = try reach(url, making: true) else {
            throw FileError.unwritable(path: url.path, reason: SystemWords.of(ENOENT))
        }
        return held
    }

    /// The bytes of one of the store's files; nil if it does not exist.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)``, also for a link.
    func contents(of file: URL) throws -> Data? {
        let name = file.lastPathComponent
        guard let folder = try held(file.deletingLastPathComponent()), folder.kind(of: name) != nil else { return nil }
        return try folder.contents(of: name)
    }

    /// The bytes of a file that only saves work; nil also if it cannot be read.
    ///
    /// - Throws: ``StoreError``; ``FileError`` if too many files are open.
    func remembered(_ file: URL) throws -> Data? {
        do {
            return try contents(of: file)
        } catch let error as FileError where !error.isExhaustion {
            return nil
        }
    }

    /// Writes one of the store's files under a temporary name and renames it; makes its folder if necessary.
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

/// An error about one of the store's folders.
public enum StoreError: Error, Equatable, CustomStringConvertible {
    case link(path: String)
    case noFolder(path: String)
    /// `.whalebook` is a link whose target does not exist.
    case lostLink(path: String)

    public var description: String {
        switch self {
        case .link(let path):
            """
            \(path) is a symbolic link, but must be a folder of the store. Replace the link by a folder. To keep the \
            store on another disk, make .whalebook itself the link.
            """
        case .noFolder(let path):
            "\(path) is not a folder, but the store keeps one there. Move it away."
        case .lostLink(let path):
            "\(path) is a symbolic link to a folder that does not exist. Make that folder, or remove the link."
        }
    }
}
