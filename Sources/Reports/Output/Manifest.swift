import Basics
import Foundation

/// Which files rendering wrote beside a document; nothing that is not listed is ever removed.
struct Manifest: Equatable {
    /// Paths relative to the folder of the document.
    var files: Set<String>

    static let name = "manifest.json"

    /// Reads a manifest; a missing or unreadable one lists nothing.
    static func read(_ url: URL) -> Manifest {
        let files = (try? JSONValue.read(url))?["files"]?.array?.compactMap(\.string) ?? []
        // What leads elsewhere is not ours, whatever a manifest says.
        return Manifest(files: Set(files.filter { !$0.hasPrefix("/") && !$0.split(separator: "/").contains("..") }))
    }

    /// Writes the manifest, sorted.
    func write(to url: URL) throws {
        try AtomicFile.write(
            JSONValue.object(["files": .array(files.sorted().map(JSONValue.string))]).text, to: url)
    }

    /// Removes the files that `current` no longer lists, and the folders that become empty.
    func removeFiles(notIn current: Manifest, from folder: URL) {
        for file in files.subtracting(current.files).sorted() {
            let url = folder.appending(path: file)
            guard (try? FileManager.default.removeItem(at: url)) != nil else { continue }
            // Fails for a folder that still holds something, which is as it should be.
            rmdir(url.deletingLastPathComponent().path)
        }
    }
}
