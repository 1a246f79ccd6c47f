import Basics
import Foundation

/// Where a sample comes to be: in a folder of its own until it is whole.
struct SampleFolder {
    /// Where the files are written; beside ``directory``, so that a move is enough in the end.
    let partial: URL
    private let directory: URL

    /// - Throws: ``SampleError/folderTaken(path:)``, or ``FileError/unwritable(path:reason:)``.
    init(_ directory: URL) throws {
        let directory = directory.standardizedFileURL
        self.directory = directory
        partial = directory.deletingLastPathComponent().appending(path: "\(directory.lastPathComponent).partial")
        try Self.require(free: directory)
        try Self.require(free: partial)
        try Self.attempt(directory) {
            if FileManager.default.fileExists(atPath: partial.path) { try FileManager.default.removeItem(at: partial) }
            try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
        }
        try AtomicFile.write("", to: partial.appending(path: Self.partialMark))
    }

    /// Tells a half-drawn sample from a folder that merely has such a name.
    private static let partialMark = ".whalebook-sample"

    /// Gives the whole sample its name, in place of an earlier one.
    func finish() throws {
        try Self.attempt(directory) {
            try FileManager.default.removeItem(at: partial.appending(path: Self.partialMark))
            if FileManager.default.fileExists(atPath: directory.path) {
                try FileManager.default.removeItem(at: directory)
            }
            try FileManager.default.moveItem(at: partial, to: directory)
        }
    }

    /// A folder that is missing, empty or our own may be replaced.
    private static func require(free folder: URL) throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        guard let files, files.isEmpty || files.contains(partialMark) || files.contains(SamplePod.recordName),
            !holdsForeignFiles(folder)
        else {
            throw SampleError.folderTaken(path: folder.path)
        }
    }

    /// Whether a file is none of a sample's, such as a photograph that somebody put there: it must not go with it.
    private static func holdsForeignFiles(_ folder: URL) -> Bool {
        let images = #/images(/train\d+\.jpg)?/#, lists = #/(queries|databases)(/[a-z-]+\.csv)?/#
        let tables = #/[a-z_]+\.csv|sample\.json|\.[^/]+|images/\.[^/]+/#
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return files.contains { file in
            file.wholeMatch(of: images) == nil && file.wholeMatch(of: lists) == nil
                && file.wholeMatch(of: tables) == nil
        }
    }

    private static func attempt(_ url: URL, _ body: () throws -> Void) throws {
        do { try body() } catch {
            throw FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
        }
    }
}
