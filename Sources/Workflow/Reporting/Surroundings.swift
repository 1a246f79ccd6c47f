import Basics
import Foundation

/// Where a project's documents and the sources that they quote lie.
///
/// A configuration need not lie at the top: `configs/other.yaml` belongs to the project around it.
public struct Surroundings: Sendable, Equatable {
    /// The nearest folder around the configuration that is a repository or a package, else the configuration's own.
    public let root: URL
    /// The folder of Swift sources for `code` cells: the project's own, else those that this program was built from.
    public let sources: URL

    /// Looks around a configuration's folder and the program's.
    public init(of folder: URL, executable: URL) {
        let around = Self.ancestors(of: folder)
        root = around.first { Self.has([".git"], in: $0) || Self.has(["Package.swift"], in: $0) } ?? folder
        let places = around + Self.ancestors(of: executable.deletingLastPathComponent())
        let home = places.first { Self.has(["Package.swift", "Sources/Workflow"], in: $0) } ?? root
        sources = home.appending(path: "Sources")
    }

    /// The documents that are rendered where nobody names any.
    ///
    /// - Throws: ``WorkflowError/noDocuments(_:)``; ``FileError`` where files ran out.
    public func documents() throws -> [URL] {
        let folder = root.appending(path: "reports")
        let all = try FileError.attempt { try FileManager.default.contentsOfDirectory(atPath: folder.path) } ?? []
        let names = all.filter { $0.hasSuffix(".book.md") }.sorted()
        guard !names.isEmpty else { throw WorkflowError.noDocuments(folder.path) }
        return names.map { folder.appending(path: $0) }
    }

    /// Where the small files of the results lie that committed documents were made of.
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
