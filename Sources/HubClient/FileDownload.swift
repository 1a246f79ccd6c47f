import Basics
import Foundation
import Hub
import Synchronization

/// Downloads a file that lies at one of several addresses.
///
/// The first address that has the file is used. An interrupted download resumes if the server says that its file is still
/// the same.
public struct FileDownload: Sendable {
    /// The progress of a download, in bytes.
    public struct Progress: Sendable, Equatable {
        public let received: Int64
        /// Nil if the server does not say it.
        public let size: Int64?
        /// The rate of this process in bytes per second.
        public let rate: Double
    }

    /// A file that was received.
    public struct Received: Sendable, Equatable {
        public let address: URL
        public let size: Int64
        /// The SHA-256, lower-case hexadecimal.
        public let digest: String
    }

    private let patience: TimeInterval
    private let leastRate: LeastRate
    private let attempts: Attempts

    /// Prepares downloads.
    ///
    /// - Parameters:
    ///   - patience: The seconds a server may be silent.
    ///   - pause: The time before a retry; doubled each time.
    ///   - longestPause: The longest wait that a server may request.
    ///   - leastRate: The rate below which a server may stay only for a time.
    public init(
        patience: TimeInterval = 30, pause: Duration = .seconds(1), longestPause: Duration = .seconds(60),
        leastRate: LeastRate = LeastRate(bytes: 1 << 10, seconds: 60)
    ) {
        self.patience = patience
        self.leastRate = leastRate
        attempts = Attempts(pause: pause, longestPause: longestPause)
    }

    /// Downloads into `file`, next to which `NAME.incomplete` is the part of an unfinished download.
    ///
    /// - Parameters:
    ///   - addresses: Where the file is, in the order of trial.
    ///   - sizes: The plausible sizes in bytes; an address with another size does not have the file.
    ///   - file: The file to make.
    ///   - progress: Called about once for each mebibyte, on any thread.
    /// - Returns: What was received, and from where.
    /// - Throws: ``DownloadError``, ``HubError/busy(host:status:seconds:)``, ``FileError``, `CancellationError`.
    public func file(
        at addresses: [URL], sizes: ClosedRange<Int64>, into file: URL,
        progress: @Sendable @escaping (Progress) -> Void = { _ in }
    ) async throws -> Received {
        let blob = try BlobFile(at: file.appendingPathExtension("incomplete"))
        var reasons: [String] = []
        for address in addresses {
            do {
                try await receive(address, sizes, into: blob, progress)
            } catch let problem as Problem {
                reasons.append(problem.reason)
                continue
            }
            try blob.rename(to: file)
            return Received(address: address, size: blob.count, digest: blob.digest)
        }
        if blob.count == 0 { blob.remove() }
        throw DownloadError.nowhere(file: file.lastPathComponent, reasons: reasons)
    }

    /// The reason to try the next address.
    private struct Problem: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    private func receive(
        _ address: URL, _ sizes: ClosedRange<Int64>, into blob: BlobFile,
        _ progress: @Sendable @escaping (Progress) -> Void
    ) async throws {
        let host = address.server
        let known = Mutex<Int64?>(nil)
        let size: @Sendable () -> Int64? = { known.withLock { $0 } }
        let transfer = BodyTransfer(
            size: nil, limit: sizes.upperBound, hasDigest: false,
            request: { url in
                var request = HTTPRequest(method: .get, url: url, patience: patience, leastRate: leastRate)
                // Compressed contents would have another length and could not be resumed.
                request.headers = [("Accept-Encoding", "identity"), ("User-Agent", "whalebook")]
                return request
            },
            check: { _, url in
                guard address.scheme != "https" || url.scheme == "https" else {
                    throw Problem("\(host) redirects to an address without encryption")
                }
            },
            learn: { length in known.withLock { $0 = length } })
        do {
            try await attempts.fill(
                blob, from: address, size: size,
                receive: { told in
                    do {
                        try await transfer.receive(from: address, into: blob, progress: told)
                    } catch let error as TransferError where !error.isLost && blob.count == 0 {
                        // Its next address may be reachable now.
                        throw Problem("\(error.host) \(error.reason)")
                    }
                },
                told: { progress(Progress(received: $0, size: size(), rate: $1)) })
        } catch let refusal as BodyTransfer.Refusal {
            throw Problem(Self.reason(refusal, sizes))
        } catch let error as TransferError {
            try giveUp(blob, size(), "\(error.host) \(error.reason)")
        } catch let busy as BusyServer {
            try giveUp(blob, size(), "\(busy.host) responded with HTTP status \(busy.status)")
        }
        guard sizes.contains(blob.count) else {
            let found = blob.count
            try blob.empty()
            throw Problem(Self.wrongSize(host, found, sizes))
        }
    }

    /// Keeps what was received for the next run; without anything, the next address is tried.
    private func giveUp(_ blob: BlobFile, _ size: Int64?, _ reason: String) throws -> Never {
        guard blob.count > 0 else { throw Problem(reason) }
        throw DownloadError.brokenOff(received: blob.count, size: size, reason: reason)
    }

    private static func reason(_ refusal: BodyTransfer.Refusal, _ sizes: ClosedRange<Int64>) -> String {
        switch refusal {
        case .status(let response, let url):
            response.status == 404
                ? "\(url.server) does not have it" : "\(url.server) responded with HTTP status \(response.status)"
        case .packed(let host, let encoding): "\(host) sends it in another compression (\(encoding.shortened()))"
        case .badRedirection(let host, let scheme):
            "\(host) redirects to an address that is not http or https (\(quoted: scheme + ":"))"
        case .redirectionLoop(let host): "\(host) redirects more than \(BodyTransfer.redirections) times"
        case .otherPart(let host): "\(host) sent another part than requested"
        case .length(let length): wrongSize("the server", length, sizes)
        case .tooLong: "the server sent more than \(NumberText.bytes(Double(sizes.upperBound)))"
        }
    }

    private static func wrongSize(_ host: String, _ found: Int64, _ sizes: ClosedRange<Int64>) -> String {
        """
        \(host) has \(NumberText.bytes(Double(found))), but the published file has between \
        \(NumberText.bytes(Double(sizes.lowerBound))) and \(NumberText.bytes(Double(sizes.upperBound)))
        """
    }
}

/// A download that failed.
public enum DownloadError: Error, Equatable, CustomStringConvertible {
    /// No address has the file; one reason for each.
    case nowhere(file: String, reasons: [String])
    case brokenOff(received: Int64, size: Int64?, reason: String)

    public var description: String {
        switch self {
        case .nowhere(let file, let reasons):
            """
            \(file) could not be downloaded: \(reasons.joined(separator: "; ")). Check the network and any proxy, or \
            download it elsewhere and give its folder with --from.
            """
        case .brokenOff(let received, let size, let reason):
            """
            The download stopped after \(received)\(size.map { " of \($0)" } ?? "") bytes: \(reason). Run the command \
            again to continue from there.
            """
        }
    }
}
