import Basics
import Digests
import Foundation
import Results

/// A folder with the small files of the results that documents used, laid out like the store, for verifying the
/// documents without the store.
public struct ReferenceFolder: Sendable {
    public let url: URL

    /// Names a folder.
    public init(_ url: URL) { self.url = url }

    /// Vectors, marks and weights are large, and documents read nothing from them.
    private static let large = [".npy", ".bin", ".safetensors"]

    /// Whether a file of a result is too large to keep.
    public static func leavesOut(_ file: String) -> Bool { large.contains { file.hasSuffix($0) } }

    /// The folder of a result, held open; nil if there is none.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, also for a symbolic link in the path.
    public func result(of node: ReportNode) throws -> HeldFolder? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let folder = try HeldFolder(url)
        guard folder.kind(of: node.stage.rawValue) != nil else { return nil }
        let stage = try folder.folder(node.stage.rawValue)
        return stage.kind(of: node.key) == nil ? nil : try stage.folder(node.key)
    }

    /// Whether a manifest's path is that of a result's file.
    private static func isOwn(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        return names.count == 3 && StageName(rawValue: String(names[0])) != nil
    }

    /// Copies the results' small files, and removes those of earlier results that the folder's manifest lists.
    ///
    /// - Throws: ``FileError``.
    public func keep(_ results: [ReportNode]) throws {
        let files = results.flatMap { node in
            node.files.keys.filter { name in !Self.leavesOut(name) }.map { (node, $0) }
        }
        let manifestURL = url.appending(path: Manifest.name)
        let earlier = Manifest.read(manifestURL, owning: Self.isOwn)
        let current = Manifest(files: Set(files.map { "\($0.place)/\($1)" }))
        try Manifest(files: earlier.files.union(current.files)).write(to: manifestURL)
        for (node, name) in files {
            let folder = try HeldFolder(url).makingFolder(node.stage.rawValue).makingFolder(node.key)
            try folder.write(HeldFolder(node.directory).contents(of: name), to: name)
        }
        earlier.removeFiles(notIn: current, from: url)
        try current.write(to: manifestURL)
    }
}

extension ReportNode {
    /// The files in a folder that differ from those of the result when the document was rendered.
    ///
    /// With `isWhole`, every file must exist; a reference leaves the large ones out.
    ///
    /// - Throws: ``FileError`` if there are no more file descriptors.
    public func changedFiles(in folder: HeldFolder, isWhole: Bool) throws -> [Finding] {
        try files.sorted { $0.key < $1.key }.compactMap { name, digest in
            func finding(_ problem: String) -> Finding { Finding(file: "\(folder.path)/\(name)", problem: problem) }
            switch folder.kind(of: name) {
            case nil: return isWhole || !ReferenceFolder.leavesOut(name) ? finding("is missing") : nil
            case .file:
                let found = try FileError.attempt { try Digest.ofContents(of: name, in: folder) }
                return found == digest ? nil : finding("is not the file that the document used")
            case .link: return finding("is a symbolic link, but the document used a file. Put the file there")
            case .folder: return finding("is a folder, but the document used a file. Put the file there")
            case .other:
                return finding("is a pipe or a device, but the document used a file. Put the file there")
            }
        }
    }

    /// Whether a folder has every file that rendering the documents again needs.
    public func isUsable(in folder: HeldFolder) -> Bool {
        files.keys.allSatisfy { ReferenceFolder.leavesOut($0) || folder.kind(of: $0) == .file }
    }
}
