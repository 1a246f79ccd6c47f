import Basics
import Foundation

/// The documents that come with the program: the write-up, the failures, and the report after a retrain.
public enum BuiltInDocuments {
    /// Their file names.
    public static var names: [String] { DocumentTexts.texts.map(\.name) }

    /// Writes those that a folder lacks; nothing is overwritten.
    ///
    /// - Returns: The files written.
    /// - Throws: ``FileError``.
    public static func write(into folder: URL) throws -> [URL] {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: folder.path, reason: FileError.reason(of: error))
        }
        return try DocumentTexts.texts.compactMap { name, text in
            let file = folder.appending(path: name)
            guard !FileManager.default.fileExists(atPath: file.path) else { return nil }
            try AtomicFile.write(text, to: file)
            return file
        }
    }

    /// Writes them into `reports/` where a project has no document at all.
    ///
    /// - Returns: The files written; none where there is a document.
    /// - Throws: ``FileError``.
    public static func writeWhereMissing(in surroundings: Surroundings) throws -> [URL] {
        do {
            _ = try surroundings.documents()
            return []
        } catch WorkflowError.noDocuments(let folder) {
            return try write(into: URL(filePath: folder))
        }
    }
}
