import Foundation

/// What tells that a file is still the one whose contents were read.
public struct FileStamp: Equatable, Sendable {
    public let inode: UInt64
    public let size: Int64
    /// When the contents were written, nanoseconds since 1970; anybody may set it back.
    public let modified: Int64
    /// When the file was last changed in any way, nanoseconds since 1970; nobody can set it back.
    public let changed: Int64

    /// Creates a stamp from its numbers.
    public init(inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }

    /// The stamp of a file, or nil where there is no regular file.
    public init?(path: String) { self.init(at: path, in: AT_FDCWD) }

    /// The stamp of a file whose path is relative to an open directory.
    init?(at path: UnsafePointer<CChar>, in directory: Int32) {
        var status = stat()
        guard fstatat(directory, path, &status, 0) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        func nanoseconds(_ time: timespec) -> Int64 {
            // A disk may tell a year that nanoseconds in 64 bits do not reach, such as 2300.
            let seconds = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
            let sum = seconds.partialValue.addingReportingOverflow(Int64(time.tv_nsec))
            return seconds.overflow || sum.overflow ? .max : sum.partialValue
        }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = nanoseconds(status.st_mtim)
        changed = nanoseconds(status.st_ctim)
    }

    /// The stamp as it stands in a remembered line.
    public var text: String { "\(inode),\(size),\(modified),\(changed)" }

    /// Whether a change after `time` would show: one while the clock stands still would not.
    func isSettled(at time: Int64) -> Bool { time &- changed > Self.settling }

    /// Nanoseconds after which the clock has moved on.
    static let settling: Int64 = 20_000_000

    /// Nanoseconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }
}
