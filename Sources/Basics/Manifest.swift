import Foundation

/// The files that Whalebook wrote into a folder of the user, in `manifest.json`; no other file there is ever removed.
public struct Manifest: Equatable {
    /// Paths relative to a folder, that of the document or of the export.
    public var files: Set<String>

    /// Lists files.
    public init(files: Set<String>) { self.files = files }

    /// The manifest's own name.
    public static let name = "manifest.json"

    /// Reads a manifest; a missing or unreadable one lists nothing, and paths that Whalebook cannot own are ignored.
    public static func read(_ url: URL, owning isOwn: (String) -> Bool) -> Manifest {
        let files = (try? JSONValue.read(url))?["files"]?.array?.compactMap(\.string) ?? []
        return Manifest(files: Set(files.filter { StoredName.isPath($0) && isOwn($0) }))
    }

    /// Writes the manifest, sorted.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func write(to url: URL) throws {
        try AtomicFile.write(
            JSONValue.object(["files": .array(files.sorted().map(JSONValue.string))]).text, to: url)
    }

    /// Removes the files that `current` no longer lists, and the folders that become empty; never through a link.
    public func removeFiles(notIn current: Manifest, from folder: URL) {
        guard let root = try? HeldFolder(folder) else { return }
        for file in files.subtracting(current.files).sorted() {
            let names = file.split(separator: "/").map(String.init)
            guard let name = names.last, let (above, own) = try? Self.folders(names.dropLast(), in: root),
                (try? own.remove(name)) != nil
            else { continue }
            // Fails for a folder that is not empty, as it should.
            if let above, names.count > 1 { try? above.remove(names[names.count - 2]) }
        }
    }

    /// The folder at the end of some names, and the one above it.
    private static func folders(
        _ names: some Sequence<String>, in root: HeldFolder
    ) throws -> (above: HeldFolder?, own: HeldFolder) {
        try names.reduce((nil, root)) { folders, name in (folders.1, try folders.1.folder(name)) }
    }
}
