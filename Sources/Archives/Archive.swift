import Basics
import CArchive
import Foundation

/// How much may come out of an archive.
public struct ArchiveLimits: Sendable, Equatable {
    /// The bytes of all files together.
    public var bytes: Int64
    /// The entries: files, folders and those that are skipped.
    public var entries: Int
    /// Unpacked bytes for each byte of the archive, which count once 16 MiB are unpacked.
    public var ratio: Int64
    /// Bytes of an entry's path.
    public var pathLength = 1024

    /// Creates limits.
    public init(bytes: Int64, entries: Int = 200_000, ratio: Int64 = 20) {
        self.bytes = bytes
        self.entries = entries
        self.ratio = ratio
    }
}

/// An archive from elsewhere: `.zip`, `.tar` or `.tar.gz`, recognised by its bytes.
///
/// Nothing in it is trusted. Only files and folders below the target are made; a link, a path that leads elsewhere, a path
/// that occurs twice, and contents beyond the limits end the unpacking with an error, and nothing is kept. Permissions,
/// owners and times are ignored. libarchive verifies the checksums of zip, but not that of gzip.
public struct Archive: Sendable {
    /// What was unpacked.
    public struct Contents: Sendable, Equatable {
        public let files: Int
        public let bytes: Int64

        /// Creates a count.
        public init(files: Int, bytes: Int64) { (self.files, self.bytes) = (files, bytes) }
    }

    /// Where an entry goes: the parts of its path below the target; nil to skip it.
    public typealias Selection = @Sendable (_ path: [String]) -> [String]?

    private static let ratioCountsFrom: Int64 = 16 << 20

    private let url: URL
    private let limits: ArchiveLimits

    /// Creates a reference to an archive.
    public init(_ url: URL, limits: ArchiveLimits) {
        self.url = url
        self.limits = limits
    }

    /// Unpacks into a new folder.
    ///
    /// - Parameters:
    ///   - folder: It must not exist; after an error it does not.
    ///   - selection: Where each entry goes.
    ///   - progress: Called now and then with the bytes of the archive that were read.
    /// - Returns: What was unpacked.
    /// - Throws: ``ArchiveError``, ``FileError``, `CancellationError`.
    public func unpack(
        into folder: URL, selecting selection: Selection = { $0 }, progress: (Int64) -> Void = { _ in }
    ) throws -> Contents {
        guard mkdir(folder.path, 0o755) == 0 else {
            throw FileError.unwritable(path: folder.path, reason: SystemWords.of())
        }
        do {
            return try PathLocale.withUTF8 { try unpack(to: folder, selection, progress) }
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    private func unpack(to folder: URL, _ selection: Selection, _ progress: (Int64) -> Void) throws -> Contents {
        let reader = try ArchiveReader(url)
        var unpacking = Unpacking(
            archive: url.lastPathComponent, size: reader.size, folder: folder.path, limits: limits)
        while let entry = try reader.next() {
            try Task.checkCancellation()
            try unpacking.take(entry, of: reader, selection)
            progress(reader.consumed)
        }
        guard unpacking.files > 0 else { throw ArchiveError.empty(archive: url.lastPathComponent) }
        return Contents(files: unpacking.files, bytes: unpacking.bytes)
    }

    /// The state of an unpacking.
    private struct Unpacking {
        let archive: String
        let size: Int64
        let folder: String
        let limits: ArchiveLimits
        private(set) var files = 0
        private(set) var bytes: Int64 = 0
        private var entries = 0
        private var folders: Set<String> = []

        init(archive: String, size: Int64, folder: String, limits: ArchiveLimits) {
            (self.archive, self.size, self.folder, self.limits) = (archive, size, folder, limits)
        }

        mutating func take(_ entry: ArchiveReader.Entry, of reader: ArchiveReader, _ selection: Selection) throws {
            entries += 1
            guard entries <= limits.entries else {
                throw ArchiveError.tooManyEntries(archive: archive, limit: limits.entries)
            }
            let path = try parts(of: entry)
            guard let target = selection(path), !target.isEmpty else {
                // What is skipped is decompressed, too.
                try count(entry.size)
                return
            }
            switch entry.kind {
            case .folder:
                try makeFolder(target, for: entry)
            case .file:
                try makeFolder(target.dropLast(), for: entry)
                try write(target, of: reader, for: entry)
                files += 1
            case .link: throw refusal(of: entry, .link)
            case .other: throw refusal(of: entry, .special)
            }
        }

        /// The parts of an entry's path, which lead nowhere but down; none for the archive's own root.
        private func parts(of entry: ArchiveReader.Entry) throws -> [String] {
            guard let path = entry.path else { throw refusal(of: entry, .unreadable) }
            guard !path.isEmpty else { throw refusal(of: entry, .nameless) }
            guard path.utf8.count <= limits.pathLength else { throw refusal(of: entry, .tooLong) }
            guard path.utf8.first != UInt8(ascii: "/") else { throw refusal(of: entry, .absolute) }
            guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
                throw refusal(of: entry, .unclean)
            }
            // By bytes: a combining character would join the slash before it to one character.
            let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }.filter { $0 != "." }
            guard !parts.contains("..") else { throw refusal(of: entry, .leaves) }
            guard parts.allSatisfy({ $0.utf8.count <= 255 }) else { throw refusal(of: entry, .tooLong) }
            guard !parts.isEmpty || entry.kind == .folder else { throw refusal(of: entry, .nameless) }
            return parts
        }

        private func refusal(of entry: ArchiveReader.Entry, _ flaw: ArchiveError.Flaw) -> ArchiveError {
            .refused(archive: archive, entry: entry.name, flaw)
        }

        private mutating func makeFolder(
            _ parts: some Collection<String>, for entry: ArchiveReader.Entry
        ) throws {
            var path = ""
            for part in parts {
                path += "/" + part
                if folders.contains(path) { continue }
                guard mkdir(folder + path, 0o755) == 0 else {
                    if errno == EEXIST || errno == ENOTDIR { throw refusal(of: entry, .fileAndFolder) }
                    throw FileError.unwritable(path: folder + path, reason: SystemWords.of())
                }
                folders.insert(path)
            }
        }

        private mutating func write(
            _ parts: [String], of reader: ArchiveReader, for entry: ArchiveReader.Entry
        ) throws {
            let path = "/" + parts.joined(separator: "/")
            if folders.contains(path) { throw refusal(of: entry, .fileAndFolder) }
            let descriptor = open(folder + path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                if errno == EEXIST { throw refusal(of: entry, .repeated) }
                throw FileError.unwritable(path: folder + path, reason: SystemWords.of())
            }
            defer { close(descriptor) }
            while let piece = try reader.piece() {
                try Task.checkCancellation()
                try count(Int64(piece.count))
                var rest = UnsafeRawBufferPointer(piece)
                while !rest.isEmpty {
                    let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
                    guard written > 0 else {
                        if written < 0, errno == EINTR { continue }
                        throw FileError.unwritable(path: folder + path, reason: SystemWords.of())
                    }
                    rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                }
            }
        }

        private mutating func count(_ more: Int64) throws {
            let (sum, overflows) = bytes.addingReportingOverflow(max(0, more))
            guard !overflows, sum <= limits.bytes else {
                throw ArchiveError.tooManyBytes(archive: archive, limit: limits.bytes)
            }
            bytes = sum
            let plausible = max(
                Archive.ratioCountsFrom, size.multipliedReportingOverflow(by: limits.ratio).partialValue)
            guard bytes <= plausible else {
                throw ArchiveError.inflates(archive: archive, size: size, limit: plausible)
            }
        }
    }
}
