import Foundation

/// Writes files so that neither a reader nor a crash leaves half a file visible.
public enum AtomicFile {
    /// Writes `data` next to `url` and renames it into place; creates the folder if it is missing.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``; an earlier file at `url` is then untouched.
    public static func write(_ data: Data, to url: URL) throws {
        try write(to: url) { try data.write(to: $0, options: .withoutOverwriting) }
    }

    /// Removes the partial files that killed processes left in a folder.
    public static func sweep(_ folder: HeldFolder) {
        for name in (try? folder.names()) ?? [] where isPartial(name) && folder.kind(of: name) != .folder {
            let process = name.split(separator: ".").dropLast().last.flatMap { pid_t($0) }
            guard let process, kill(process, 0) != 0, errno == ESRCH else { continue }
            try? folder.remove(name)
        }
    }

    /// Whether a name is that of a file being written: `.NAME.PROCESS.partial`.
    public static func isPartial(_ name: String) -> Bool {
        name.wholeMatch(of: /\..+\.[0-9]+\.partial/) != nil
    }

    /// Gives a finished file a second name, or copies it if the file system has no hard links; replaces an existing
    /// file.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public static func link(_ file: URL, to url: URL) throws {
        try write(to: url) { partial in
            do {
                try FileManager.default.linkItem(at: file, to: partial)
            } catch {
                try FileManager.default.copyItem(at: file, to: partial)
            }
        }
    }

    /// Writes `text` as UTF-8, as ``write(_:to:)-(Data,_)`` does.
    public static func write(_ text: String, to url: URL) throws {
        try write(Data(text.utf8), to: url)
    }

    /// Writes a file in parts, for files too large to hold in memory; also renamed into place.
    ///
    /// `body` receives the file, empty and open for writing.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``, or the error of `body` unless it is one of Foundation's.
    public static func stream(to url: URL, _ body: (FileHandle) throws -> Void) throws {
        try write(to: url) { partial in
            try Data().write(to: partial, options: .withoutOverwriting)
            let handle = try FileHandle(forWritingTo: partial)
            defer { try? handle.close() }
            try body(handle)
        }
    }

    private static func write(to url: URL, _ body: (_ partial: URL) throws -> Void) throws {
        let folder = url.deletingLastPathComponent()
        let process = ProcessInfo.processInfo.processIdentifier
        let partial = folder.appending(path: ".\(url.lastPathComponent).\(process).partial")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // Never writes to an existing file, such as a leftover of an earlier process with this id or a planted
            // link.
            unlink(partial.path)
            try body(partial)
            guard rename(partial.path, url.path) == 0 else {
                throw FileError.unwritable(path: url.path, reason: SystemWords.of())
            }
        } catch {
            try? FileManager.default.removeItem(at: partial)
            // Foundation's errors concern the file; any other error has its own message.
            guard FileError.isFoundations(error) else { throw error }
            throw FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
        }
    }
}
