import Basics
import Digests
import Foundation

/// What was found out of the photographs, and the files as they were before all of them were read.
///
/// While what else decides is the same and no file has another inode, size or time, the digests are known without opening
/// any of them: a look at thousands of files takes milliseconds.
struct PhotographMemory {
    /// The digest of what decides beside the files: that of the metadata, or ``FolderLook/key``.
    let key: String
    /// As ``DataManifest/metadata`` has it.
    let metadata: String
    /// As ``DataManifest/photographs`` has it.
    let photographs: String
    private let stamps: String
    private let paths: Data

    private static let digestLength = 64

    /// - Parameter files: As they stood before they were read.
    init(key: String, metadata: String, photographs: String, files: StampedFiles) {
        self.key = key
        self.metadata = metadata
        self.photographs = photographs
        stamps = files.digest
        paths = files.paths
    }

    /// Reads the memory; nil where there is none or it is not, bit for bit, what was written.
    ///
    /// - Throws: ``StoreError``; ``FileError`` where files ran out.
    init?(in store: Store) throws {
        guard let data = try store.remembered(store.photographMemory) else { return nil }
        let length = Self.digestLength
        guard data.count >= 5 * length else { return nil }
        let heads = (0..<5).map { String(decoding: data.dropFirst($0 * length).prefix(length), as: UTF8.self) }
        guard heads[0] == Digest.of(data.dropFirst(length)) else { return nil }
        (key, metadata, photographs, stamps) = (heads[1], heads[2], heads[3], heads[4])
        paths = data.dropFirst(5 * length)
    }

    /// Whether it is of folders that no file describes.
    var isOfFolders: Bool { key != metadata }

    /// Whether every file is still the one that was read.
    func holds(in folder: URL) -> Bool { StampedFiles(paths, in: folder).map(holds) == true }

    /// Whether it is of these files as they stand.
    func holds(_ files: StampedFiles) -> Bool { files.paths == paths && files.digest == stamps }

    func write(in store: Store) throws {
        let body = Data((key + metadata + photographs + stamps).utf8) + paths
        try store.write(
            Data(Digest.of(body).utf8) + body, to: store.photographMemory)
    }
}
