import Foundation

/// What tells that a file is still the one whose contents were read.
public struct FileStamp: Equatable, Sendable {
    public let inode: UInt64
    public let size: Int64
    /// Nanoseconds since 1970.
    public let modified: Int64

    /// Creates a stamp from its numbers.
    public init(inode: UInt64, size: Int64, modified: Int64) {
        self.inode = inode
        self.size = size
        self.modified = modified
    }

    /// The stamp of a file, or nil where there is no regular file.
    public init?(path: String) { self.init(at: path, in: AT_FDCWD) }

    /// The stamp of a file whose path is relative to an open directory.
    init?(at path: UnsafePointer<CChar>, in directory: Int32) {
        var status = stat()
        guard fstatat(directory, path, &status, 0) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        // A disk may tell a year that nanoseconds in 64 bits do not reach, such as 2300.
        let seconds = Int64(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let sum = seconds.partialValue.addingReportingOverflow(Int64(status.st_mtim.tv_nsec))
        modified = seconds.overflow || sum.overflow ? .max : sum.partialValue
    }

    /// The stamp as it stands in a remembered line.
    public var text: String { "\(inode),\(size),\(modified)" }

    /// Whether a change after `time` would show: one while the clock stands still would not.
    func isSettled(at time: Int64) -> Bool { modified < time - 20_000_000 }

    /// Nanoseconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }
}
