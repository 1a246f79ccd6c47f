import Foundation

/// A lock held by one process at a time; the system releases it when that process ends.
///
/// It is advisory and uses `flock`, like Python's `filelock`.
public final class FileLock: Sendable {
    /// The open file, in which the holder may leave information.
    public let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// Takes the lock, or returns nil if another process holds it; creates the file and its folder if missing.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public static func attempt(at url: URL) throws -> FileLock? {
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: folder.path, reason: FileError.reason(of: error))
        }
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let isLink = errno == ELOOP
            throw FileError.unwritable(
                path: url.path,
                reason: isLink ? SystemWords.link : SystemWords.of())
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink <= 1 else {
            close(descriptor)
            throw FileError.unwritable(path: url.path, reason: "it is not a regular file, or it has hard links")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return FileLock(descriptor: descriptor)
    }

    deinit {
        // A starting child has a copy of the descriptor until it executes, so closing this one is not enough.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
