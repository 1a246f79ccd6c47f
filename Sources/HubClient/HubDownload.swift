import Basics
import Digests
import Foundation
import Hub
import Synchronization

/// Downloads a model's files from a hub into the cache.
///
/// A download is named after its SHA-256 if the hub gives it, and verified; it is linked only when complete. An
/// interrupted download resumes. If several processes need the same file, one downloads it.
public struct HubDownload: Sendable {
    /// The progress of a download, in bytes.
    public struct Progress: Sendable, Equatable {
        public let received: Int64
        public let size: Int64
        /// The rate of this process in bytes per second.
        public let rate: Double
    }

    /// How often a file is located again if it changes during the download.
    private static let locations = 3
    private static let lookInterval = Duration.milliseconds(200)
    private static let stepsTold: Int64 = 1 << 20
    /// The bytes an attempt must receive to reset the count of failures.
    private static let leastGain: Int64 = 60 << 10

    private let settings: HubSettings
    private let architectures: [String]
    private let pause: Duration
    private let longestPause: Duration
    private let leastRate: LeastRate

    /// Prepares downloads.
    ///
    /// - Parameters:
    ///   - settings: The hub, its cache, and how long a server may be silent.
    ///   - architectures: The known backbones, from which the nearest to a wrong name is suggested.
    ///   - pause: The time before a retry; doubled each time.
    ///   - longestPause: The longest wait that a server may request.
    ///   - leastRate: The rate below which a server may stay only for a time; by default 1 KiB per second, for a minute
    ///     or `settings.patience` if that is longer.
    public init(
        _ settings: HubSettings, architectures: [String], pause: Duration = .seconds(1),
        longestPause: Duration = .seconds(60), leastRate: LeastRate? = nil
    ) {
        self.settings = settings
        self.architectures = architectures
        self.pause = pause
        self.longestPause = longestPause
        self.leastRate = leastRate ?? LeastRate(bytes: 1 << 10, seconds: max(60, Int(settings.patience.rounded(.up))))
    }

    /// The model's weights, downloaded unless the cache has them: the first of ``HubFile/weights`` that it has.
    ///
    /// `progress` is called about once for each mebibyte, on any thread.
    ///
    /// - Throws: ``HubError``, ``FileError``, `CancellationError`.
    public func weights(
        of reference: HubReference, progress: @Sendable @escaping (Progress) -> Void = { _ in }
    ) async throws -> URL {
        if let file = settings.cache.weights(of: reference) { return file }
        for file in HubFile.weights {
            do {
                return try await self.file(file, of: reference, progress: progress)
            } catch HubError.noFile {
                continue
            }
        }
        throw HubError.noWeights(reference)
    }

    /// A file of the model, downloaded unless the cache has it.
    ///
    /// `progress` is called about once for each mebibyte, on any thread.
    ///
    /// - Throws: ``HubError``, ``FileError``, `CancellationError`.
    public func file(
        _ file: HubFile, of reference: HubReference, progress: @Sendable @escaping (Progress) -> Void = { _ in }
    ) async throws -> URL {
        if let file = settings.cache.file(file, of: reference) { return file }
        guard !settings.isOffline else {
            throw HubError.offline(reference, cache: settings.cache.folder.path)
        }
        for _ in 0..<Self.locations {
            let requests = requests(reference, file)
            let remote = try await locate(requests)
            let lock = try await lock(settings.cache.lock(reference, etag: remote.etag))
            defer { withExtendedLifetime(lock) {} }
            let place = settings.cache.blob(reference, etag: remote.etag)
            // Another revision may have the same contents, or another process may have been faster.
            if !FileManager.default.fileExists(atPath: place.path) {
                let blob = try BlobFile(at: settings.cache.incomplete(reference, etag: remote.etag))
                do {
                    try await complete(blob, requests, from: remote, progress)
                } catch is HubRequests.Changed {
                    blob.remove()
                    continue
                }
                try blob.rename(to: place)
            }
            return try settings.cache.link(reference, file, etag: remote.etag, commit: remote.commit)
        }
        throw HubError.changing(reference)
    }

    private func requests(_ reference: HubReference, _ file: HubFile) -> HubRequests {
        HubRequests(
            settings: settings, reference: reference, file: file, leastRate: leastRate,
            nearest: Spelling.nearest(to: reference.architecture, among: architectures))
    }

    private func lock(_ url: URL) async throws -> FileLock {
        while true {
            if let lock = try FileLock.attempt(at: url) { return lock }
            try await Task.sleep(for: Self.lookInterval)
        }
    }

    private func locate(_ requests: HubRequests) async throws -> HubRequests.Remote {
        var retries = Retries(pause: pause, longest: longestPause)
        while true {
            do {
                return try await requests.locate()
            } catch let error as TransferError where !error.isLost {
                throw error.unreachable
            } catch let error where error is TransferError || error is BusyServer {
                do {
                    try await retries.wait(after: error)
                } catch let error as TransferError {
                    throw error.unreachable
                } catch let busy as BusyServer {
                    throw HubError.refused(host: busy.host, status: busy.status)
                }
            }
        }
    }

    /// Receives the missing part and verifies the whole file.
    private func complete(
        _ file: BlobFile, _ requests: HubRequests, from remote: HubRequests.Remote,
        _ progress: @Sendable @escaping (Progress) -> Void
    ) async throws {
        // A partial file larger than the whole is useless.
        if file.count > remote.size { try file.empty() }
        let begun = file.count
        try checkSpace(for: remote.size - begun, beside: file)
        try await fill(file, requests, from: remote, progress)
        if begun > 0, problem(file, remote) != nil {
            // The part from an earlier download may belong to other contents.
            try file.empty()
            try await fill(file, requests, from: remote, progress)
        }
        guard let (expected, found) = problem(file, remote) else { return }
        file.remove()
        throw HubError.wrongContents(requests.reference, expected: expected, found: found)
    }

    private func checkSpace(for bytes: Int64, beside file: BlobFile) throws {
        let folder = settings.cache.folder.path
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return }
        let (free, overflow) = Int64(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int64(clamping: status.f_frsize))
        guard !overflow, free < bytes else { return }
        if file.count == 0 { file.remove() }
        throw HubError.noSpace(folder: folder, needed: bytes, free: free)
    }

    /// Receives the missing part, with new attempts as long as they make progress.
    private func fill(
        _ file: BlobFile, _ requests: HubRequests, from remote: HubRequests.Remote,
        _ progress: @Sendable @escaping (Progress) -> Void
    ) async throws {
        let start = ContinuousClock.now
        let begun = file.count
        var most = begun
        var retries = Retries(pause: pause, longest: longestPause)
        while file.count < remote.size {
            let reported = Mutex(file.count)
            do {
                try await requests.receive(remote, into: file) {
                    let received = file.count
                    let isDue = reported.withLock { last in
                        guard received - last >= Self.stepsTold || received >= remote.size else { return false }
                        last = received
                        return true
                    }
                    guard isDue else { return }
                    let seconds = start.duration(to: .now) / .seconds(1)
                    progress(
                        Progress(
                            received: received, size: remote.size,
                            rate: seconds > 0 ? Double(max(0, received - begun)) / seconds : 0))
                }
                guard file.count < remote.size else { return }
                throw TransferError(.lost, of: remote.location)
            } catch let error where error is TransferError || error is BusyServer {
                // Only new maxima count as progress, so that endless restarts and trickles end.
                if file.count >= most + Self.leastGain {
                    most = file.count
                    retries.reset()
                }
                do {
                    try await retries.wait(after: error)
                } catch let error as TransferError {
                    throw HubError.brokenOff(
                        requests.reference, received: file.count, size: remote.size,
                        reason: "\(error.host) \(error.reason)")
                } catch let busy as BusyServer {
                    guard file.count > 0 else { throw HubError.refused(host: busy.host, status: busy.status) }
                    throw HubError.brokenOff(
                        requests.reference, received: file.count, size: remote.size,
                        reason: "\(busy.host) responded with HTTP status \(busy.status)")
                }
            }
        }
    }

    /// The expected and actual properties of a complete file; nil if they are the same.
    private func problem(_ file: BlobFile, _ remote: HubRequests.Remote) -> (expected: String, found: String)? {
        guard file.count == remote.size else { return ("\(remote.size) bytes", "\(file.count) bytes") }
        guard let digest = remote.digest, file.digest != digest else { return nil }
        return ("SHA-256 \(digest)", "SHA-256 \(file.digest)")
    }
}

/// A blob during its download: the partial contents, their digest, and the entity tag of their version.
final class BlobFile: Sendable {
    private struct State {
        let handle: FileHandle
        var count: Int64
        let hash: SHA256
        var tag: String?
    }

    private static let chunk = 1 << 20
    private static let tagLimit = 1024

    private let url: URL
    private let state: Mutex<State>

    /// Next to the file, for a later process.
    private var tagFile: URL { url.appendingPathExtension("etag") }

    /// Opens or creates the file; reads the part from an earlier download once, for the digest.
    ///
    /// - Throws: ``FileError``.
    init(at url: URL) throws {
        self.url = url
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: url.path) { try Data().write(to: url) }
            let handle = try FileHandle(forUpdating: url)
            var state = State(handle: handle, count: 0, hash: SHA256())
            while let data = try handle.read(upToCount: Self.chunk), !data.isEmpty {
                state.hash.update(data)
                state.count += Int64(data.count)
            }
            let tag = try? String(contentsOf: url.appendingPathExtension("etag"), encoding: .utf8)
            state.tag = tag.flatMap { AnswerHead.isStrongTag($0) ? $0 : nil }
            self.state = Mutex(state)
        } catch {
            throw FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
        }
    }

    /// The number of bytes so far.
    var count: Int64 { state.withLock { $0.count } }

    /// The entity tag of the bytes' version, with its quotes; nil if the server gave none.
    var tag: String? { state.withLock { $0.tag } }

    /// The SHA-256 of the bytes so far, lower-case hexadecimal.
    var digest: String { state.withLock { $0.hash.hexadecimal } }

    /// Adds received bytes.
    func append(_ data: Data) throws {
        try change { state in
            try state.handle.write(contentsOf: data)
            state.hash.update(data)
            state.count += Int64(data.count)
        }
    }

    /// Starts again with the version that has the tag.
    func empty(for tag: String? = nil) throws {
        let tag = tag.flatMap { $0.utf8.count <= Self.tagLimit ? $0 : nil }
        try change { state in
            try state.handle.truncate(atOffset: 0)
            state.hash.reset()
            state.count = 0
            state.tag = tag
            // Only after the file is empty: a process killed in between leaves no bytes with a wrong tag.
            if let tag { try Data(tag.utf8).write(to: tagFile) } else { removeTag() }
        }
    }

    /// Removes the file.
    func remove() {
        try? FileManager.default.removeItem(at: url)
        removeTag()
    }

    /// Renames the complete file.
    func rename(to target: URL) throws {
        try change { try $0.handle.synchronize() }
        guard Foundation.rename(url.path, target.path) == 0 else {
            throw FileError.unwritable(path: target.path, reason: SystemWords.of())
        }
        removeTag()
    }

    private func removeTag() { try? FileManager.default.removeItem(at: tagFile) }

    private func change(_ body: (inout State) throws -> Void) throws {
        do {
            try state.withLock { try body(&$0) }
        } catch {
            throw FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
        }
    }
}

/// A server that is too busy to respond.
struct BusyServer: Error {
    let host: String
    let status: Int
    /// The time it asks to wait.
    let wait: Duration?

    /// Nil for any other response.
    init?(_ response: AnswerHead, host: String) {
        guard response.status == 429 || response.status >= 500 else { return nil }
        (self.host, status, wait) = (host, response.status, response.retryAfter)
    }
}

/// The schedule of retries: each pause is twice the one before, or as long as the server requests.
struct Retries {
    private static let attempts = 4

    private let pause: Duration
    private let longest: Duration
    private var wait: Duration
    private var failures = 0

    /// - Parameters:
    ///   - pause: The first pause.
    ///   - longest: The longest pause a server may request.
    init(pause: Duration, longest: Duration) { (self.pause, wait, self.longest) = (pause, pause, longest) }

    /// Resets the failures after progress.
    mutating func reset() { (failures, wait) = (0, pause) }

    /// Waits until the next attempt.
    ///
    /// - Throws: `error` after the last attempt, ``HubError/busy(host:status:seconds:)`` if the server requests a
    ///   longer wait than the limit, `CancellationError`.
    mutating func wait(after error: any Error) async throws {
        failures += 1
        let asked = (error as? BusyServer)?.wait ?? .zero
        if let busy = error as? BusyServer, asked > longest {
            throw HubError.busy(host: busy.host, status: busy.status, seconds: asked.components.seconds)
        }
        // A server that floods the client is not asked again.
        guard failures < Self.attempts, (error as? TransferError)?.problem != .headTooLong else { throw error }
        try await Task.sleep(for: max(wait, asked))
        wait *= 2
    }
}
