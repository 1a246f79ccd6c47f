import Basics
import Digests
import Foundation

/// The digests of the photographs, and the state of their files before they were read.
///
/// While the key is the same and no file has another inode, size or time, the digests are known without opening a file:
/// a look at thousands of files takes milliseconds.
struct PhotographMemory {
    /// The digest of everything else that matters: the metadata, or ``FolderLook/key``.
    let key: String
    /// The value of ``DataManifest/metadata``.
    let metadata: String
    /// The value of ``DataManifest/photographs``.
    let photographs: String
    private let stamps: String
    private let paths: Data

    private static let digestLength = 64

    /// Remembers digests, and the state of the files before they were read.
    init(key: String, metadata: String, photographs: String, files: StampedFiles) {
        self.key = key
        self.metadata = metadata
        self.photographs = photographs
        stamps = files.digest
        paths = files.paths
    }

    /// Reads the memory; nil if there is none or a bit of it changed.
    ///
    /// - Throws: ``StoreError``; ``FileError`` if too many files are open.
    init?(in store: Store) throws {
        guard let data = try store.remembered(store.photographMemory) else { return nil }
        let length = Self.digestLength
        guard data.count >= 5 * length else { return nil }
        let heads = (0..<5).map { String(decoding: data.dropFirst($0 * length).prefix(length), as: UTF8.self) }
        guard heads[0] == Digest.of(data.dropFirst(length)) else { return nil }
        (key, metadata, photographs, stamps) = (heads[1], heads[2], heads[3], heads[4])
        paths = data.dropFirst(5 * length)
    }

    /// Whether it describes folders without metadata files.
    var isOfFolders: Bool { key != metadata }

    /// Whether every file is unchanged since it was read.
    func holds(in folder: URL) -> Bool { StampedFiles(paths, in: folder).map(holds) == true }

    /// Whether it describes these files in their present state.
    func holds(_ files: StampedFiles) -> Bool { files.paths == paths && files.digest == stamps }

    func write(in store: Store) throws {
        let body = Data((key + metadata + photographs + stamps).utf8) + paths
        try store.write(
            Data(Digest.of(body).utf8) + body, to: store.photographMemory)
    }
}
