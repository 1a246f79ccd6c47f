import Basics
import Foundation
import Results
import Subprocess
import SystemPackage

/// The folders of a project's documents and of the sources that they quote.
///
/// A configuration need not be at the top: `configs/other.yaml` belongs to the project around it.
public struct ProjectLayout: Sendable, Equatable {
    /// The nearest folder around the configuration that is a repository or a package, else the configuration's folder.
    public let root: URL
    /// The folder of Swift sources for `code` cells: the project's own, else the one that this program was built from.
    public let sources: URL

    /// Finds the folders around a configuration's folder and the program.
    public init(of folder: URL, executable: URL) {
        let around = Self.ancestors(of: folder)
        root = around.first { Self.has([".git"], in: $0) || Self.has(["Package.swift"], in: $0) } ?? folder
        let places = around + Self.ancestors(of: executable.deletingLastPathComponent())
        let home = places.first { Self.has(["Package.swift", "Sources/Workflow"], in: $0) } ?? root
        sources = home.appending(path: "Sources")
    }

    /// The documents that are rendered by default.
    ///
    /// - Throws: ``WorkflowError/noDocuments(_:)``; ``FileError`` if too many files are open.
    public func documents() throws -> [URL] {
        let folder = root.appending(path: "reports")
        let all = try FileError.attempt { try FileManager.default.contentsOfDirectory(atPath: folder.path) } ?? []
        let names = all.filter { $0.hasSuffix(".book.md") }.sorted()
        guard !names.isEmpty else { throw WorkflowError.noDocuments(folder.path) }
        return names.map { folder.appending(path: $0) }
    }

    /// The folder with the small files of the results that committed documents were made from.
    public var reference: URL { root.appending(path: "reports/reference") }

    private static func ancestors(of folder: URL) -> [URL] {
        let components = folder.standardizedFileURL.pathComponents
        return (1...components.count).reversed().map { count in
            URL(filePath: NSString.path(withComponents: Array(components.prefix(count))), directoryHint: .isDirectory)
        }
    }

    private static func has(_ names: [String], in folder: URL) -> Bool {
        names.allSatisfy { FileManager.default.fileExists(atPath: folder.appending(path: $0).path) }
    }
}

/// The documents that come with the program: the write-up with its appendix, the failures, and the report after a
/// retrain.
public enum BuiltInDocuments {
    /// Their file names.
    public static var names: [String] { DocumentTexts.texts.map(\.name) }

    /// Writes the documents that a folder lacks; overwrites nothing.
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

    /// Writes them into `reports/` if a project has no document.
    ///
    /// - Returns: The files written; empty if there is a document.
    /// - Throws: ``FileError``.
    public static func writeWhereMissing(in layout: ProjectLayout) throws -> [URL] {
        do {
            _ = try layout.documents()
            return []
        } catch WorkflowError.noDocuments(let folder) {
            return try write(into: URL(filePath: folder))
        }
    }
}
