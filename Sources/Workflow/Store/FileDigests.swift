import Basics
import Digests
import Foundation
import Synchronization

/// A file's properties that change whenever its contents do.
public struct FileStamp: Equatable, Sendable {
    public let inode: UInt64
    public let size: Int64
    /// When the contents were written, nanoseconds since 1970; anybody can set it back.
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

    /// The stamp of a file, or nil if there is no regular file.
    public init?(path: String) { self.init(at: path, in: AT_FDCWD) }

    /// The stamp of a file whose path is relative to an open directory.
    init?(at path: UnsafePointer<CChar>, in directory: Int32) {
        var status = stat()
        guard fstatat(directory, path, &status, 0) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        func nanoseconds(_ time: timespec) -> Int64 {
            // A disk may report a year beyond the range of nanoseconds in 64 bits, such as 2300.
            let seconds = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
            let sum = seconds.partialValue.addingReportingOverflow(Int64(time.tv_nsec))
            return seconds.overflow || sum.overflow ? .max : sum.partialValue
        }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = nanoseconds(status.st_mtim)
        changed = nanoseconds(status.st_ctim)
    }

    /// The stamp in a remembered line.
    public var text: String { "\(inode),\(size),\(modified),\(changed)" }

    /// Whether a change after `time` would show; a change within the same clock tick would not.
    func isSettled(at time: Int64) -> Bool { time &- changed > Self.settling }

    /// The longest clock tick, nanoseconds.
    static let settling: Int64 = 20_000_000

    /// The present time, nanoseconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }
}

/// The SHA-256 digests of files, remembered by inode, size and times, so that an unchanged file is read only once.
///
/// A file that changes within one clock tick could be mistaken for the old one. So a file that was modified just before
/// it was read is digested but not remembered.
public struct FileDigests: Sendable {
    private struct Entry: Equatable, Sendable {
        let stamp: FileStamp
        let digest: String
    }

    private let url: URL
    private let store: Store
    /// Keys are paths relative to this folder for files in it, so that a moved project keeps its digests.
    private let root: String
    private var entries: [String: Entry] = [:]
    private var changed = false

    /// Reads the digests remembered at `url`, in the store; a missing or damaged file is an empty memory.
    ///
    /// - Throws: ``StoreError``; ``FileError`` if too many files are open.
    public init(rememberedAt url: URL, in store: Store, root: URL) throws {
        self.url = url
        self.store = store
        let path = root.standardizedFileURL.path
        self.root = path.hasSuffix("/") ? path : path + "/"
        guard let data = try store.remembered(url), let body = Self.body(of: data) else { return }
        entries = Self.parsed(body)
    }

    /// The digest of a file's contents.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public mutating func digest(of path: String) throws -> String {
        try digests(of: [path])[0]
    }

    /// The digests of many files; files that are not remembered are read on all processors.
    ///
    /// `substitute` is the digest for a file that exists but cannot be read; nil if that is an error.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for the first unreadable file.
    public mutating func digests(of paths: [String], unreadable substitute: String? = nil) throws -> [String] {
        var result = [String?](repeating: nil, count: paths.count)
        var unknown: [(position: Int, stamp: FileStamp)] = []
        // Before the stamps are read: a file that changed just before, and again during reading, has the same stamp.
        let now = FileStamp.now
        for (position, path) in paths.enumerated() {
            guard let stamp = FileStamp(path: path) else {
                throw FileError.unreadable(
                    path: path, reason: access(path, F_OK) == 0 ? "not a regular file" : "no such file or directory")
            }
            if let entry = entries[key(path)], entry.stamp == stamp {
                result[position] = entry.digest
            } else {
                unknown.append((position, stamp))
            }
        }
        guard !unknown.isEmpty else { return result.compactMap(\.self) }
        let pending = unknown
        let outcomes = Mutex([Int: Result<String, FileError>]())
        DispatchQueue.concurrentPerform(iterations: pending.count) { index in
            let outcome = Result { () throws(FileError) in try Digest.ofContents(of: paths[pending[index].position]) }
            outcomes.withLock { $0[index] = outcome }
        }
        let found = outcomes.withLock { $0 }
        for (index, item) in pending.enumerated() {
            guard let outcome = found[index] else { continue }
            if let substitute, case .failure = outcome {
                result[item.position] = substitute
                continue
            }
            let digest = try outcome.get()
            result[item.position] = digest
            guard item.stamp.isSettled(at: now) else { continue }
            entries[key(paths[item.position])] = Entry(stamp: item.stamp, digest: digest)
            changed = true
        }
        return result.compactMap(\.self)
    }

    /// Forgets a file's digest, so that the file is read the next time.
    mutating func forget(_ path: String) { if entries.removeValue(forKey: key(path)) != nil { changed = true } }

    /// Remembers the digest of a file that was just written.
    public mutating func remember(_ digest: String, of path: String) {
        guard let stamp = FileStamp(path: path) else { return }
        entries[key(path)] = Entry(stamp: stamp, digest: digest)
        changed = true
    }

    /// Writes the memory if it changed.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    public mutating func save() throws {
        guard changed else { return }
        var text = ""
        for (path, entry) in entries.sorted(by: { $0.key < $1.key }) {
            text += "\(entry.digest),\(entry.stamp.text),\(path)\n"
        }
        try store.write("\(Digest.of(text))\n\(text)", to: url)
        changed = false
    }

    private func key(_ path: String) -> String {
        path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path
    }

    /// The text after the first line; nil if that line is not its digest. A flipped bit would put a result under a
    /// wrong key.
    private static func body(of data: Data) -> Data? {
        guard let end = data.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let body = data[(end + 1)...]
        return Digest.of(body) == String(decoding: data[..<end], as: UTF8.self) ? body : nil
    }

    /// Parses lines of digest, inode, size, both times and path; the path is last, because only it may contain a comma.
    /// Other lines are ignored.
    private static func parsed(_ data: Data) -> [String: Entry] {
        var result: [String: Entry] = [:]
        data.withUnsafeBytes { bytes in
            var reader = LineReader(bytes: bytes)
            while reader.position < bytes.count {
                let digest = reader.cell()
                let numbers = (reader.number(), reader.number(), reader.number(), reader.number())
                let path = reader.rest()
                guard let inode = numbers.0, let size = numbers.1, let modified = numbers.2, let changed = numbers.3,
                    !path.isEmpty
                else { continue }
                let stamp = FileStamp(inode: UInt64(inode), size: size, modified: modified, changed: changed)
                result[String(decoding: path, as: UTF8.self)] = Entry(
                    stamp: stamp, digest: String(decoding: digest, as: UTF8.self))
            }
        }
        return result
    }
}

/// Splits lines into cells without copying, because every command reads thousands of them.
private struct LineReader {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    private static let comma = UInt8(ascii: ","), newline = UInt8(ascii: "\n")

    /// The bytes up to the next comma, which is consumed, or up to the line's end, which is not.
    mutating func cell() -> UnsafeRawBufferPointer {
        let start = position
        while position < bytes.count, bytes[position] != Self.comma, bytes[position] != Self.newline { position += 1 }
        let cell = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        if position < bytes.count, bytes[position] == Self.comma { position += 1 }
        return cell
    }

    /// The cell as a whole number of at least 0, or nil.
    mutating func number() -> Int64? {
        let digits = cell()
        var value: Int64 = 0
        for digit in digits {
            guard (48...57).contains(digit) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product &+ Int64(digit - 48)
        }
        return digits.isEmpty || value < 0 ? nil : value
    }

    /// The rest of the line; its end is consumed.
    mutating func rest() -> UnsafeRawBufferPointer {
        let start = position
        while position < bytes.count, bytes[position] != Self.newline { position += 1 }
        defer { position += 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }
}
