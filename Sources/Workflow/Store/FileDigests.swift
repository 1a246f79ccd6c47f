import Basics
import Digests
import Foundation
import Synchronization

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

/// The SHA-256 digests of files, remembered by inode, size and times, so that an unchanged file is read once.
///
/// A file that changed while the clock stood still could be taken for the old one; so what was modified within the
/// last instant before it was read is digested but not remembered.
public struct FileDigests: Sendable {
    private struct Entry: Equatable, Sendable {
        let stamp: FileStamp
        let digest: String
    }

    private let url: URL
    private let store: Store
    /// Keys are paths relative to this folder where the file lies in it, so that a moved project stays known.
    private let root: String
    private var entries: [String: Entry] = [:]
    private var changed = false

    /// Reads what is remembered at `url`, in the store; a missing or damaged memory is an empty one.
    ///
    /// - Throws: ``StoreError``; ``FileError`` where files ran out.
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

    /// The digests of many files; those that are not remembered are read on all processors.
    ///
    /// - Parameter substitute: Stands for a file that is there but cannot be read; nil where that is an error.
    /// - Throws: ``FileError/unreadable(path:reason:)`` for the first that cannot be read.
    public mutating func digests(of paths: [String], unreadable substitute: String? = nil) throws -> [String] {
        var result = [String?](repeating: nil, count: paths.count)
        var unknown: [(position: Int, stamp: FileStamp)] = []
        // Before the stamps are looked at: what changed just before, and again while it is read, has the same stamp.
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

    /// Forgets a file's digest, so that it is read the next time.
    mutating func forget(_ path: String) { if entries.removeValue(forKey: key(path)) != nil { changed = true } }

    /// Remembers the digest of a file that was just written and digested.
    public mutating func remember(_ digest: String, of path: String) {
        guard let stamp = FileStamp(path: path) else { return }
        entries[key(path)] = Entry(stamp: stamp, digest: digest)
        changed = true
    }

    /// Writes the memory where it changed.
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

    /// What follows the first line, which is its digest; nil where it is not: a flipped bit would give a result the key of
    /// contents that nobody has.
    private static func body(of data: Data) -> Data? {
        guard let end = data.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let body = data[(end + 1)...]
        return Digest.of(body) == String(decoding: data[..<end], as: UTF8.self) ? body : nil
    }

    /// Lines of digest, inode, size, both times and path; the path stands last, since only it may hold a comma. What is no
    /// such line is passed over.
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

/// Takes lines of cells apart without copying: every command reads thousands of them.
private struct LineReader {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    private static let comma = UInt8(ascii: ","), newline = UInt8(ascii: "\n")

    /// The bytes up to the next comma, which is passed, or to the line's end, which is not.
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

    /// What is left of the line, and steps over its end.
    mutating func rest() -> UnsafeRawBufferPointer {
        let start = position
        while position < bytes.count, bytes[position] != Self.newline { position += 1 }
        defer { position += 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }
}
