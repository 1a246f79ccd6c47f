import Basics
import Digests
import Foundation
import Synchronization

/// The photographs' files as they were when all of them were last read.
///
/// While `metadata.csv` is the same and no file has another inode, size or time, the digest of all photographs is known
/// without reading any of them, nor the list of them: a look at thousands of files takes milliseconds.
struct PhotographMemory {
    /// The digest of `metadata.csv`.
    let metadata: String
    /// The digest of the ``PhotographList``, as ``DataManifest/photographs`` has it.
    let photographs: String
    private let stamps: String
    /// Paths relative to the data folder, each ended by a zero byte: as `openat` takes them.
    private let paths: Data

    private static let digestLength = 64

    /// Looks at files that were just read; nil where one of them is gone or so new that it may still change unseen.
    ///
    /// - Parameter paths: Relative to `folder`.
    init?(metadata: String, photographs: String, paths: [String], in folder: URL) {
        let bytes = Data(paths.map { $0.utf8 + [0] }.joined())
        let now = FileStamp.now
        guard let stamps = Self.stamps(of: bytes, in: folder), stamps.allSatisfy({ $0.isSettled(at: now) }) else {
            return nil
        }
        self.metadata = metadata
        self.photographs = photographs
        self.paths = bytes
        self.stamps = Self.digest(of: stamps)
    }

    /// Reads the memory; nil where there is none or it is damaged.
    ///
    /// - Throws: ``StoreError``; ``FileError`` where files ran out.
    init?(in store: Store) throws {
        guard let data = try store.remembered(store.photographMemory) else { return nil }
        let heads = stride(from: 0, through: 2 * Self.digestLength, by: Self.digestLength).map { start in
            String(decoding: data.dropFirst(start).prefix(Self.digestLength), as: UTF8.self)
        }
        let paths = data.dropFirst(3 * Self.digestLength)
        guard heads.allSatisfy({ $0.utf8.count == Self.digestLength }), paths.last ?? 0 == 0 else { return nil }
        (metadata, photographs, stamps) = (heads[0], heads[1], heads[2])
        self.paths = paths
    }

    /// Whether every file is still the one that was read.
    func holds(in folder: URL) -> Bool {
        Self.stamps(of: paths, in: folder).map(Self.digest) == stamps
    }

    func write(in store: Store) throws {
        try store.write(Data((metadata + photographs + stamps).utf8) + paths, to: store.photographMemory)
    }

    private static func digest(of stamps: [FileStamp]) -> String {
        stamps.withUnsafeBytes(Digest.of)
    }

    /// The stamps of all files, looked at on all processors; nil where one is missing.
    private static func stamps(of paths: Data, in folder: URL) -> [FileStamp]? {
        let directory = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return nil }
        defer { close(directory) }
        let starts = paths.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            $0.startIndex - paths.startIndex
        }
        let parts = max(1, min(ProcessInfo.processInfo.activeProcessorCount, starts.count / 256))
        let found = Mutex([[FileStamp]](repeating: [], count: parts))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = (starts.count * part / parts)..<(starts.count * (part + 1) / parts)
            let stamps = paths.withUnsafeBytes { bytes in
                range.compactMap { index in
                    bytes.baseAddress.flatMap {
                        FileStamp(at: $0.advanced(by: starts[index]).assumingMemoryBound(to: CChar.self), in: directory)
                    }
                }
            }
            found.withLock { $0[part] = stamps }
        }
        let stamps = found.withLock { Array($0.joined()) }
        return stamps.count == starts.count ? stamps : nil
    }
}
