import Basics
import Foundation
import FoundationNetworking
import Hub
import Synchronization

/// Brings a model's file from a hub into the cache.
///
/// What is downloaded is named by its SHA-256 where the hub says it, and checked against it; it is linked only when
/// whole. An interrupted download goes on where it was. Of several processes that want one file, one downloads.
public struct HubDownload: Sendable {
    /// How far a download is, in bytes.
    public struct Progress: Sendable, Equatable {
        public let received: Int64
        public let size: Int64
        /// Bytes a second, of what this process received.
        public let rate: Double
    }

    private static let attempts = 4
    private static let lookInterval = Duration.milliseconds(200)
    private static let stepsTold: Int64 = 1 << 20

    private let settings: HubSettings
    private let architectures: [String]
    private let pause: Duration

    /// Prepares downloads.
    ///
    /// - Parameters:
    ///   - architectures: The backbones that can be used, from which a wrong name's nearest is taken.
    ///   - pause: How long to wait before a download that broke off goes on; doubled each time.
    public init(_ settings: HubSettings, architectures: [String], pause: Duration = .seconds(1)) {
        self.settings = settings
        self.architectures = architectures
        self.pause = pause
    }

    /// The model's file, downloaded unless the cache has it.
    ///
    /// - Parameter progress: Called about once for each mebibyte, on any thread.
    /// - Throws: ``HubError``, ``FileError``, `CancellationError`.
    public func file(
        of reference: HubReference, progress: @Sendable @escaping (Progress) -> Void = { _ in }
    ) async throws -> URL {
        if let file = settings.cache.file(of: reference) { return file }
        guard !settings.isOffline else {
            throw HubError.offline(reference, cache: settings.cache.folder.path)
        }
        let remote = try await requests(reference).locate()
        let lock = try await lock(settings.cache.lock(reference, etag: remote.etag))
        defer { withExtendedLifetime(lock) {} }
        let blob = settings.cache.blob(reference, etag: remote.etag)
        // Another revision may have the same contents, or another process was faster.
        if !FileManager.default.fileExists(atPath: blob.path) {
            let file = try BlobFile(at: settings.cache.incomplete(reference, etag: remote.etag))
            try await fill(file, reference, from: remote, progress)
            try check(file, reference, against: remote)
            try file.rename(to: blob)
        }
        return try settings.cache.link(reference, etag: remote.etag, commit: remote.commit)
    }

    private func requests(_ reference: HubReference) -> HubRequests {
        HubRequests(
            settings: settings, reference: reference,
            nearest: Spelling.nearest(to: reference.architecture, among: architectures))
    }

    private func lock(_ url: URL) async throws -> FileLock {
        while true {
            if let lock = try FileLock.attempt(at: url) { return lock }
            try await Task.sleep(for: Self.lookInterval)
        }
    }

    /// Receives what is missing, in as many attempts as bring something.
    private func fill(
        _ file: BlobFile, _ reference: HubReference, from remote: HubRequests.Remote,
        _ progress: @Sendable @escaping (Progress) -> Void
    ) async throws {
        let start = ContinuousClock.now
        // More than there can be is of no use.
        if file.count > remote.size { try file.empty() }
        let begun = file.count
        var wait = pause
        var failures = 0
        while file.count < remote.size {
            let before = file.count
            let told = Mutex(before)
            do {
                try await requests(reference).receive(remote, into: file) {
                    let received = file.count
                    let isDue = told.withLock { last in
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
                throw URLError(.networkConnectionLost)
            } catch let error as URLError where error.code != .cancelled {
                if file.count > before { (failures, wait) = (0, pause) }
                failures += 1
                guard failures < Self.attempts else {
                    throw HubError.brokenOff(
                        reference, received: file.count, size: remote.size, reason: error.words)
                }
            } catch is URLError {
                throw CancellationError()
            }
            try await Task.sleep(for: wait)
            wait *= 2
        }
    }

    private func check(_ file: BlobFile, _ reference: HubReference, against remote: HubRequests.Remote) throws {
        let found: String
        let expected: String
        if let digest = remote.digest {
            (expected, found) = ("SHA-256 \(digest)", "SHA-256 \(file.digest)")
        } else {
            (expected, found) = ("\(remote.size) bytes", "\(file.count) bytes")
        }
        guard found == expected else {
            try FileManager.default.removeItem(at: file.url)
            throw HubError.wrongContents(reference, expected: expected, found: found)
        }
    }
}
