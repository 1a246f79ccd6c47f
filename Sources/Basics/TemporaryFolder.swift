import Foundation
import Synchronization

/// A folder that only this user can read, for files to delete after the work or when the process ends.
public final class TemporaryFolder: Sendable {
    /// The folders that exist.
    private static let present = Mutex<Set<String>>([])

    /// The folder's location.
    public let url: URL

    /// Makes the folder.
    ///
    /// - Parameter name: The start of the folder's name.
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public init(_ name: String) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(name)-\(UUID().uuidString)")
        let path = url.path
        let code = Self.present.withLock { present -> Int32 in
            guard mkdir(path, 0o700) == 0 else { return errno }
            present.insert(path)
            return 0
        }
        guard code == 0 else {
            throw FileError.unwritable(path: path, reason: SystemWords.of(code))
        }
    }

    /// Removes the folder and its contents, unless ``keep()`` was called.
    public func remove() {
        Self.present.withLock { present in
            guard present.remove(url.path) != nil else { return }
            try? FileManager.default.removeItem(at: url)
        }
    }

    /// Keeps the folder, so that it can be inspected.
    public func keep() { Self.present.withLock { _ = $0.remove(url.path) } }

    /// Removes the folders of all unfinished work before the process ends.
    public static func removeAll() {
        // The lock keeps another exit path from ending the process before everything is removed.
        present.withLock { present in
            for path in present {
                // Other threads still run: a file in the folder's place keeps them from creating it again.
                let moved = path + ".removed"
                guard rename(path, moved) == 0 else { continue }
                let place = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
                try? FileManager.default.removeItem(atPath: moved)
                if place >= 0 { unlink(path) }
            }
            present = []
        }
    }
}
