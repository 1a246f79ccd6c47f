import Digests
import Foundation
import Synchronization

/// Some files of a folder, with their stamps at the time of a look.
struct StampedFiles: Sendable, Equatable {
    /// Paths relative to the folder, each terminated by a zero byte, as `openat` needs them.
    private(set) var paths: Data
    private var stamps: [FileStamp]
    /// Whether a change since the look would show in every stamp.
    private(set) var isSettled: Bool

    /// Looks at files; nil if one of them is missing.
    init?(_ paths: [String], in folder: URL) { self.init(Self.bytes(of: paths), in: folder) }

    /// Looks at files whose paths have the form of ``paths``.
    init?(_ paths: Data, in folder: URL) {
        let now = FileStamp.now
        guard let stamps = Self.stamps(of: paths, in: folder) else { return nil }
        self.paths = paths
        self.stamps = stamps
        isSettled = stamps.allSatisfy { $0.isSettled(at: now) }
    }

    /// These files and others of the same folder.
    func appending(_ other: StampedFiles) -> StampedFiles {
        var result = self
        result.paths += other.paths
        result.stamps += other.stamps
        result.isSettled = isSettled && other.isSettled
        return result
    }

    /// Paths in the form of ``paths``.
    static func bytes(of paths: [String]) -> Data {
        var bytes = Data(capacity: paths.reduce(0) { $0 + $1.utf8.count + 1 })
        for path in paths {
            bytes.append(contentsOf: path.utf8)
            bytes.append(0)
        }
        return bytes
    }

    /// One digest of all stamps, in their order.
    var digest: String { stamps.withUnsafeBytes { Digest.of($0) } }

    /// The stamps of all files, read on all processors; nil if a file is missing.
    private static func stamps(of paths: Data, in folder: URL) -> [FileStamp]? {
        let directory = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return nil }
        defer { close(directory) }
        return paths.withUnsafeBytes { bytes in
            var starts: [Int] = []
            var start = 0
            while start < bytes.count, let zero = bytes[start...].firstIndex(of: 0) {
                starts.append(start)
                start = zero + 1
            }
            guard start == bytes.count, let base = bytes.baseAddress else { return start == bytes.count ? [] : nil }
            return stamps(starts.map { base + $0 }, in: directory)
        }
    }

    private static func stamps(_ paths: [UnsafeRawPointer], in directory: Int32) -> [FileStamp]? {
        let parts = max(1, min(ProcessInfo.processInfo.activeProcessorCount, paths.count / 256))
        let found = Mutex([[FileStamp]](repeating: [], count: parts))
        // Safe, because they point into bytes that nothing writes and that outlive the loop.
        nonisolated(unsafe) let paths = paths
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = (paths.count * part / parts)..<(paths.count * (part + 1) / parts)
            let stamps = range.compactMap {
                FileStamp(at: paths[$0].assumingMemoryBound(to: CChar.self), in: directory)
            }
            found.withLock { $0[part] = stamps }
        }
        let stamps = found.withLock { Array($0.joined()) }
        return stamps.count == paths.count ? stamps : nil
    }
}
