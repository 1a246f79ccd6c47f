import Foundation
import Synchronization

/// A folder that only this user can read, for files that go at the end of the work or with the process.
public final class TemporaryFolder: Sendable {
    /// Those that are there.
    private static let present = Mutex<Set<String>>([])

    /// Where it lies.
    public let url: URL

    /// Makes the folder.
    ///
    /// - Parameter name: What its name begins with.
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

    /// Removes the folder with all that is in it, unless it is to be kept.
    public func remove() {
        Self.present.withLock { present in
            guard present.remove(url.path) != nil else { return }
            try? FileManager.default.removeItem(at: url)
        }
    }

    /// Leaves the folder where it is, for somebody to look into.
    public func keep() { Self.present.withLock { _ = $0.remove(url.path) } }

    /// Removes the folders of all work that is still going on, before the process ends.
    public static func removeAll() {
        // The lock keeps the process from ending by another way before all is gone.
        present.withLock { present in
            for path in present {
                // Other threads go on until the end: a file in the folder's place keeps them from making it anew.
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
