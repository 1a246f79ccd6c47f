import Basics
import CArchive
import Foundation

/// Reads an archive's entries in turn, by libarchive.
final class ArchiveReader {
    /// One entry, whose contents ``ArchiveReader/piece()`` delivers until the next.
    struct Entry {
        enum Kind { case file, folder, link, other }

        let kind: Kind
        /// The path as written; nil if it is not UTF-8.
        let path: String?
        /// The size that the archive claims, bytes; 0 if it claims none.
        let size: Int64

        /// The path for messages.
        var name: String { path ?? "a name that is not UTF-8" }
    }

    private static let pieceSize = 1 << 20
    private static let blockSize = 1 << 16
    /// How often a call is repeated that libarchive asks to repeat; in some damaged files it asks forever.
    private static let attempts = 8

    /// The archive's size in bytes.
    let size: Int64
    private let name: String
    private let handle: OpaquePointer
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)

    /// Opens an archive: a tar file, plain or by gzip, or a zip file, whose directory must be at its end.
    ///
    /// - Throws: ``ArchiveError/damaged(archive:reason:)``, ``FileError/unreadable(path:reason:)``.
    init(_ url: URL) throws {
        size = try RegularFile.withDescriptor(of: url.path) { _, size in Int64(size) }
        name = url.lastPathComponent
        guard let handle = archive_read_new() else {
            throw FileError.unreadable(path: url.path, reason: SystemWords.of(ENOMEM))
        }
        self.handle = handle
        // The reader of streamed zip files would accept one that lost its directory, and so its last files.
        let prepared = [
            archive_read_support_filter_gzip(handle), archive_read_support_format_tar(handle),
            archive_read_support_format_zip_seekable(handle),
            archive_read_open_filename(handle, url.path, Self.blockSize),
        ]
        guard prepared.allSatisfy({ $0 == ARCHIVE_OK }) else { throw damage() }
    }

    deinit {
        archive_read_free(handle)
        buffer.deallocate()
    }

    /// The bytes of the archive that were read.
    var consumed: Int64 { min(size, archive_filter_bytes(handle, -1)) }

    /// The next entry, or nil at the end.
    ///
    /// - Throws: ``ArchiveError/damaged(archive:reason:)``.
    func next() throws -> Entry? {
        var entry: OpaquePointer?
        for _ in 0..<Self.attempts {
            switch archive_read_next_header(handle, &entry) {
            case ARCHIVE_EOF: return nil
            case ARCHIVE_RETRY: continue
            // A warning concerns what is ignored here, such as times, or a name that is checked here.
            case ARCHIVE_OK, ARCHIVE_WARN:
                guard let entry else { throw damage() }
                return Self.entry(entry)
            default: throw damage()
            }
        }
        throw damage()
    }

    /// The next piece of the entry's contents, valid until the next call; nil at its end.
    ///
    /// - Throws: ``ArchiveError/damaged(archive:reason:)``, also for a wrong checksum.
    func piece() throws -> UnsafeMutableRawBufferPointer? {
        for _ in 0..<Self.attempts {
            let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
            if count == 0 { return nil }
            if count > 0 { return UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]) }
            if count != Int(ARCHIVE_RETRY) { break }
        }
        throw damage()
    }

    private static func entry(_ entry: OpaquePointer) -> Entry {
        let kind: Entry.Kind =
            if archive_entry_hardlink(entry) != nil || archive_entry_symlink(entry) != nil {
                .link
            } else {
                switch archive_entry_filetype(entry) {
                case wb_archive_regular: .file
                case wb_archive_folder: .folder
                case wb_archive_link: .link
                default: .other
                }
            }
        // The first is nil for bytes that are not of the locale.
        let path = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
        let size = archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : 0
        return Entry(kind: kind, path: path.flatMap { String(validatingCString: $0) }, size: size)
    }

    private func damage() -> ArchiveError {
        let words = archive_error_string(handle).map { String(cString: $0) } ?? "it has no readable end"
        return .damaged(archive: name, reason: words.shortened())
    }
}

/// The locale in which libarchive converts paths.
enum PathLocale {
    /// Calls `body` with UTF-8 on this thread, which must not change meanwhile. A process starts with ASCII, which cannot
    /// express most names.
    static func withUTF8<Value>(_ body: () throws -> Value) rethrows -> Value {
        guard let locale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil) else { return try body() }
        let previous = uselocale(locale)
        defer {
            uselocale(previous)
            freelocale(locale)
        }
        return try body()
    }
}
