import Basics
import Catalog
import Configuration
import Digests
import Foundation

/// What folders of photographs are read from, where no file describes them: as it stands now, nothing being opened.
struct FolderLook: Equatable {
    /// The digest of what decides beside the files: how this program reads them, the settings and some names.
    let key: String
    let files: StampedFiles

    /// Goes up when the same folders would be read otherwise.
    private static let version = "1"

    /// Nil for another layout, and for folders of which a change could stay unseen.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a folder that cannot be listed.
    init?(_ data: DataSettings) throws {
        let directory = URL(filePath: data.folder)
        guard data.layout == nil || data.layout == .folders, let evidence = try FolderEvidence(directory),
            let files = StampedFiles(evidence.files, in: directory)
        else { return nil }
        // Where the folder lies is not among them.
        let settings = DataSettings(folder: "", layout: data.layout, patterns: data.patterns)
        let parts = [Self.version, try JSONValue(encoding: settings).canonicalText]
        key = Digest.of((parts + evidence.names).joined(separator: "\n"))
        self.files = files
    }

    /// Whether a memory is of what stands here.
    func isRemembered(in memory: PhotographMemory) -> Bool { memory.key == key && memory.holds(files) }
}
