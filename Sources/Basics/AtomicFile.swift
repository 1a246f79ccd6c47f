import Foundation

/// Writes files so that a reader, or a crash, never meets half of one.
public enum AtomicFile {
    /// Writes `data` beside `url` and renames it into place; makes the folder where it is missing.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``; an earlier file at `url` is then untouched.
    public static func write(_ data: Data, to url: URL) throws {
        let folder = url.deletingLastPathComponent()
        let process = ProcessInfo.processInfo.processIdentifier
        let partial = folder.appending(path: ".\(url.lastPathComponent).\(process).partial")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try data.write(to: partial)
            guard rename(partial.path, url.path) == 0 else {
                throw FileError.unwritable(path: url.path, reason: String(cString: strerror(errno)))
            }
        } catch {
            try? FileManager.default.removeItem(at: partial)
            throw error as? FileError ?? FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
        }
    }

    /// Writes `text` as UTF-8, as ``write(_:to:)-(Data,_)`` does.
    public static func write(_ text: String, to url: URL) throws {
        try write(Data(text.utf8), to: url)
    }
}
