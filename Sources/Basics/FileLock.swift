import Foundation

/// A lock that one process at a time has; it ends with the process that holds it, however that ends.
///
/// It is advisory, by `flock`, as Python's `filelock` takes it.
public final class FileLock: Sendable {
    /// The open file, for what its holder may want to leave there.
    public let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// Takes the lock, or returns nil where another holds it; makes the file and its folder where they are missing.
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
            throw FileError.unwritable(path: url.path, reason: "it is not a file of its own")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return FileLock(descriptor: descriptor)
    }

    deinit {
        // A child that was being started has a copy of the descriptor until it begins; closing ours would not do.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
