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
            throw FileError.unwritable(path: path, reason: String(cString: strerror(code)).lowercased())
        }
    }

    deinit { remove() }

    /// Removes the folder with all that is in it.
    public func remove() {
        _ = Self.present.withLock { $0.remove(url.path) }
        try? FileManager.default.removeItem(at: url)
    }

    /// Removes the folders of all work that is still going on, before the process ends.
    public static func removeAll() {
        for path in present.withLock({ $0 }) {
            // What is written into it meanwhile stands in the way of the first attempt.
            for _ in 0..<3 where FileManager.default.fileExists(atPath: path) {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
    }
}
