import Basics
import Foundation

/// Watches which files of some folders any process opens.
final class OpenedFiles {
    private let descriptor: Int32

    /// Starts to watch a folder and everything below it.
    init(below root: URL) throws {
        descriptor = inotify_init1(O_NONBLOCK | O_CLOEXEC)
        let inner = try FileManager.default.subpathsOfDirectory(atPath: root.path).map { root.appending(path: $0).path }
        for path in [root.path] + inner {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            guard inotify_add_watch(descriptor, path, UInt32(IN_OPEN)) >= 0 else {
                throw FileError.unreadable(path: path, reason: String(cString: strerror(errno)))
            }
        }
    }

    deinit { close(descriptor) }

    /// The names of the files opened since the last call, without folders.
    func names() -> Set<String> {
        var names: Set<String> = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            buffer[..<count].withUnsafeBytes { bytes in
                var start = 0
                while start < bytes.count {
                    // Watch descriptor, mask, cookie, length of the name, and the name.
                    let mask = bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self)
                    let length = Int(bytes.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self))
                    let name = bytes[(start + 16)..<(start + 16 + length)].prefix { $0 != 0 }
                    if mask & UInt32(IN_ISDIR) == 0, !name.isEmpty {
                        names.insert(String(decoding: name, as: UTF8.self))
                    }
                    start += 16 + length
                }
            }
        }
        return names
    }
}
