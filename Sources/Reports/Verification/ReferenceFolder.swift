import Basics
import Digests
import Foundation

/// A folder with the small files of the results that documents were made of, laid out as the store's: with it the
/// documents can be verified where the store is not.
public struct ReferenceFolder: Sendable {
    public let url: URL

    /// Names a folder.
    public init(_ url: URL) { self.url = url }

    /// Vectors and weights are large, and nothing in a document is read from them.
    private static let large = [".npy", ".safetensors"]

    /// Where the folder has a result.
    public func folder(of node: ReportNode) -> URL { url.appending(path: node.place) }

    /// Copies the results' small files, and removes those of earlier results that the folder's manifest lists.
    ///
    /// - Throws: ``FileError``.
    public func keep(_ results: [ReportNode]) throws {
        let files = results.flatMap { node in
            node.files.keys.filter { name in !Self.large.contains { name.hasSuffix($0) } }.map { (node, $0) }
        }
        let manifestURL = url.appending(path: Manifest.name)
        let earlier = Manifest.read(manifestURL)
        let current = Manifest(files: Set(files.map { "\($0.place)/\($1)" }))
        try Manifest(files: earlier.files.union(current.files)).write(to: manifestURL)
        for (node, name) in files {
            try AtomicFile.write(
                FileError.contents(of: node.directory.appending(path: name)),
                to: folder(of: node).appending(path: name))
        }
        earlier.removeFiles(notIn: current, from: url)
        try current.write(to: manifestURL)
    }
}

extension ReportNode {
    /// The files in a folder that are not those that the result had when the document was rendered.
    ///
    /// - Parameter isWhole: Whether every file must be there; a reference leaves the large ones out.
    public func changedFiles(in folder: URL, isWhole: Bool) -> [Finding] {
        files.sorted { $0.key < $1.key }.compactMap { name, digest in
            let path = folder.appending(path: name).path
            guard FileManager.default.fileExists(atPath: path) else {
                return isWhole ? Finding(file: "\(place)/\(name)", problem: "is missing") : nil
            }
            let found = try? Digest.ofContents(of: path)
            return found == digest
                ? nil : Finding(file: "\(place)/\(name)", problem: "is not the file that the document was made of")
        }
    }
}
