import Archives
import Basics
import Digests
import Foundation
import HubClient
import PublicData

/// Downloads, unpacks and lays out a public data set.
///
/// Everything is made in `DIR.partial`, next to the folder, and renamed when it is whole. An interrupted download
/// continues with the next run.
public struct PublicDataFetch: Sendable {
    /// What is being done.
    public struct Progress: Sendable, Equatable {
        public enum Work: String, Sendable { case downloading, unpacking }

        public let work: Work
        public let file: String
        /// Bytes.
        public let done: Int64
        /// Bytes; the published size if the server does not say it.
        public let total: Int64
        /// Bytes per second; nil while unpacking.
        public let rate: Double?
    }

    private static let mark = ".whalebook-fetch"
    private static let tree = "tree"

    private enum Mirror {
        case folder(URL)
        case address(String)
    }

    /// An archive on this machine.
    private struct Local {
        let archive: PublicDataSet.Archive
        let url: URL
        let address: String
        let size: Int64
        let digest: String
    }

    private let set: PublicDataSet
    private let directory: URL
    private let partial: URL
    private let mirror: Mirror?
    private let download: FileDownload

    /// Prepares a fetch into the new folder `directory`.
    ///
    /// `mirror` has the archives instead of their publishers: a folder's absolute path, or an `http` or `https` address.
    ///
    /// - Throws: ``PublicDataError/badMirror(_:)``.
    public init(
        _ set: PublicDataSet, into directory: URL, mirror: String? = nil, download: FileDownload = FileDownload()
    ) throws {
        self.set = set
        self.directory = directory.standardizedFileURL
        self.download = download
        partial = self.directory.deletingLastPathComponent()
            .appending(path: self.directory.lastPathComponent + ".partial")
        self.mirror = try mirror.map { text in
            if let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false {
                return .address(text.hasSuffix("/") ? text : text + "/")
            }
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: text, isDirectory: &isFolder), isFolder.boolValue else {
                throw PublicDataError.badMirror(text)
            }
            return .folder(URL(filePath: text, directoryHint: .isDirectory))
        }
    }

    /// Fetches the set, unless the folder has it.
    ///
    /// - Returns: What the folder has, one line each.
    /// - Throws: ``PublicDataError``, `DownloadError`, `HubError`, `ArchiveError`, `FileError`, `CancellationError`,
    ///   and what `PublicDataSet.layOut` throws for contents that are not as published.
    public func run(report: @Sendable @escaping (Progress) -> Void = { _ in }) async throws -> [String] {
        if try isPresent() { return ["\(directory.path) has \(set.name) already"] }
        let lock = try prepare()
        defer { withExtendedLifetime(lock) {} }
        let tree = partial.appending(path: Self.tree)
        do {
            if mirror == nil { try checkSpace() }
            var locals: [Local] = []
            for archive in set.archives { locals.append(try await local(archive, report)) }
            let unpacked = try locals.map { try unpack($0, into: tree, report) }
            let lines = try set.layOut(tree)
            try AtomicFile.write(record(of: locals, unpacked).text, to: tree.appending(path: PublicDataSet.record))
            try finish(tree)
            return lines
        } catch {
            try? FileManager.default.removeItem(at: tree)
            removeIfEmpty()
            throw error
        }
    }

    /// Whether the folder has this data set.
    ///
    /// - Throws: ``PublicDataError/taken(path:)`` if it has anything else.
    private func isPresent() throws -> Bool {
        guard FileManager.default.fileExists(atPath: directory.path) else { return false }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? ["a file"]
        if names.isEmpty { return false }
        guard try PublicDataSet.name(fetchedInto: directory) == set.name else {
            throw PublicDataError.taken(path: directory.path)
        }
        return true
    }

    /// Makes the partial folder, or takes over that of an earlier fetch.
    private func prepare() throws -> FileLock {
        let mark = partial.appending(path: Self.mark)
        if FileManager.default.fileExists(atPath: partial.path) {
            let name = try FileError.attempt { try FileError.contents(of: mark) }.map {
                String(decoding: $0, as: UTF8.self)
            }
            guard name == set.name else { throw PublicDataError.taken(path: partial.path) }
        } else {
            try AtomicFile.write(set.name, to: mark)
        }
        guard let lock = try FileLock.attempt(at: partial.appending(path: Self.mark + ".lock")) else {
            throw PublicDataError.busy(path: directory.path)
        }
        for name in [Self.tree] + set.archives.map(unpackedName) {
            try remove(partial.appending(path: name))
        }
        return lock
    }

    private func checkSpace() throws {
        var status = statvfs()
        guard statvfs(partial.path, &status) == 0 else { return }
        let free = Int64(clamping: status.f_bavail).multipliedReportingOverflow(by: Int64(clamping: status.f_frsize))
        let needed = set.archives.map { archive -> Int64 in
            let has = FileManager.default.fileExists(atPath: partial.appending(path: archive.file).path)
            // Photographs unpack to about the size of their archive.
            return archive.megabytes * (has ? 1_100_000 : 2_100_000)
        }.reduce(0, +)
        guard !free.overflow, free.partialValue < needed else { return }
        throw PublicDataError.noSpace(folder: partial.path, needed: needed, free: free.partialValue)
    }

    private func local(
        _ archive: PublicDataSet.Archive, _ report: @Sendable @escaping (Progress) -> Void
    ) async throws -> Local {
        if case .folder(let folder) = mirror {
            let url = folder.appending(path: archive.file)
            guard FileManager.default.fileExists(atPath: url.path) else {
                throw PublicDataError.notInMirror(folder: folder.path, file: archive.file)
            }
            return try known(archive, at: url, address: url.path)
        }
        let file = partial.appending(path: archive.file)
        let source = partial.appending(path: archive.file + ".address")
        if FileManager.default.fileExists(atPath: file.path) {
            let address = try FileError.attempt { try FileError.contents(of: source) } ?? Data()
            return try known(archive, at: file, address: String(decoding: address, as: UTF8.self))
        }
        let addresses: [String], sizes: ClosedRange<Int64>
        if case .address(let address) = mirror {
            (addresses, sizes) = ([address + archive.file], 1...archive.sizes.upperBound)
        } else {
            (addresses, sizes) = (archive.addresses, archive.sizes)
        }
        let received = try await download.file(
            at: addresses.compactMap { URL(string: $0) }, sizes: sizes, into: file
        ) { progress in
            report(
                Progress(
                    work: .downloading, file: archive.file, done: progress.received,
                    total: progress.size ?? archive.megabytes * 1_000_000, rate: progress.rate))
        }
        try AtomicFile.write(received.address.absoluteString, to: source)
        return Local(
            archive: archive, url: file, address: received.address.absoluteString, size: received.size,
            digest: received.digest)
    }

    private func known(_ archive: PublicDataSet.Archive, at url: URL, address: String) throws -> Local {
        let size = try RegularFile.withDescriptor(of: url.path) { _, size in Int64(size) }
        return Local(
            archive: archive, url: url, address: address, size: size, digest: try Digest.ofContents(of: url.path))
    }

    private func unpackedName(_ archive: PublicDataSet.Archive) -> String { "unpacked-\(archive.file)" }

    /// Unpacks into the tree; a download that is refused is removed, so that the next run downloads it again.
    private func unpack(
        _ local: Local, into tree: URL, _ report: @Sendable @escaping (Progress) -> Void
    ) throws -> Archive.Contents {
        let unpacked = partial.appending(path: unpackedName(local.archive))
        let archive = Archive(local.url, limits: ArchiveLimits(bytes: local.archive.unpackedBytes))
        let contents: Archive.Contents
        do {
            contents = try archive.unpack(into: unpacked, selecting: local.archive.selection) { done in
                report(
                    Progress(
                        work: .unpacking, file: local.archive.file, done: done, total: local.size, rate: nil))
            }
        } catch let error as ArchiveError {
            if case .folder = mirror { throw error }
            try? remove(local.url)
            try? remove(local.url.appendingPathExtension("address"))
            throw error
        }
        let target = local.archive.target.map { tree.appending(path: $0) } ?? tree
        try Self.move(Self.innermost(unpacked), to: target)
        try remove(unpacked)
        return contents
    }

    /// The folder itself, or the only folder in it, and so on: archives often have one around everything.
    private static func innermost(_ folder: URL) -> URL {
        var folder = folder
        while let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path), names.count == 1 {
            let inner = folder.appending(path: names[0])
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: inner.path, isDirectory: &isFolder), isFolder.boolValue
            else { break }
            folder = inner
        }
        return folder
    }

    private func record(of locals: [Local], _ unpacked: [Archive.Contents]) -> JSONValue {
        let archives = zip(locals, unpacked).map { local, contents -> JSONValue in
            [
                "file": .string(local.archive.file), "address": .string(local.address),
                "bytes": .number(Double(local.size)), "sha256": .string(local.digest),
                "files": .number(Double(contents.files)), "unpacked_bytes": .number(Double(contents.bytes)),
            ]
        }
        return [
            "name": .string(set.name), "licence": .string(set.licence),
            "licence_address": set.licenceAddress.map(JSONValue.string) ?? .null, "credit": .string(set.credit),
            "page": .string(set.page), "archives": .array(archives),
        ]
    }

    private func finish(_ tree: URL) throws {
        // An empty folder may be in the way.
        rmdir(directory.path)
        try Self.move(tree, to: directory)
        try remove(partial)
    }

    /// Removes the partial folder if it has no download.
    private func removeIfEmpty() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: partial.path)) ?? []
        if names.allSatisfy({ $0.hasPrefix(Self.mark) }) { try? remove(partial) }
    }

    private func remove(_ url: URL) throws {
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            throw FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
        }
    }

    private static func move(_ source: URL, to target: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: target.path, reason: FileError.reason(of: error))
        }
        guard rename(source.path, target.path) == 0 else {
            throw FileError.unwritable(path: target.path, reason: SystemWords.of())
        }
    }
}
