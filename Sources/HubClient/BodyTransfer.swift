import Foundation
import Hub
import Synchronization

/// Receives the missing part of a file, whatever server sends it.
struct BodyTransfer: Sendable {
    /// A response that is not the file; the caller puts it into words.
    enum Refusal: Error {
        case status(AnswerHead, URL)
        /// Compressed, although it was requested uncompressed.
        case packed(host: String, encoding: String)
        case badRedirection(host: String, scheme: String)
        case redirectionLoop(host: String)
        /// Another part than the requested one.
        case otherPart(host: String)
        /// Another length than ``BodyTransfer/size``, or one beyond ``BodyTransfer/limit``.
        case length(Int64)
        /// More bytes than announced or allowed.
        case tooLong
    }

    static let redirections = 10

    /// The file's size; nil if only the server knows it.
    let size: Int64?
    /// The largest size to accept; ``size`` by default.
    var limit: Int64?
    /// Whether the whole file can be verified, so that parts without a common tag may be joined.
    let hasDigest: Bool
    let request: @Sendable (URL) -> HTTPRequest
    /// Checks the head of a response that has the file.
    var check: @Sendable (AnswerHead, URL) throws -> Void = { _, _ in }
    /// Receives the size of the whole file if the server gives it.
    var learn: @Sendable (Int64) -> Void = { _ in }

    /// Receives the rest of the file and calls `progress` after each piece; a server that cannot start in the middle,
    /// or has another version, sends all of it.
    ///
    /// - Throws: ``TransferError`` if the transfer ended early, ``BusyServer``, ``Refusal``, `FileError`, and what
    ///   ``check`` throws.
    func receive(from location: URL, into blob: BlobFile, progress: @Sendable @escaping () -> Void) async throws {
        var url = location
        // Without a digest or a tag, nothing shows that the rest belongs to the existing bytes.
        if blob.count > 0, !hasDigest, blob.tag == nil { try blob.empty() }
        for _ in 0..<Self.redirections {
            var request = request(url)
            let start = blob.count
            if start > 0 {
                request.headers.append(("Range", "bytes=\(start)-"))
                if let tag = blob.tag { request.headers.append(("If-Range", tag)) }
            }
            let asked = url
            let receiver = HTTPTransfer.Receiver { response in
                try begin(blob, at: start, with: response, from: asked)
            } take: { data in
                if let most = limit ?? size, blob.count + Int64(data.count) > most {
                    try blob.empty()
                    throw Refusal.tooLong
                }
                try blob.append(data)
                progress()
            }
            let response = try await HTTPTransfer.send(request, to: receiver)
            guard let destination = try Self.destination(of: response, from: url) else { return }
            url = destination
        }
        throw Refusal.redirectionLoop(host: url.server)
    }

    /// Prepares the file for the body of a response; false for a response without one.
    private func begin(_ blob: BlobFile, at start: Int64, with response: AnswerHead, from url: URL) throws -> Bool {
        switch response.status {
        case 200, 206: break
        case 416 where start > 0:
            try blob.empty()
            throw TransferError(.lost, of: url)
        case _ where response.destination != nil: return false
        default: throw BusyServer(response, host: url.server) ?? Refusal.status(response, url)
        }
        if let encoding = response.encoding {
            throw Refusal.packed(
                host: url.server, encoding: HubReference.isPlain(encoding) ? encoding : "unknown")
        }
        try check(response, url)
        if response.status == 200 {
            if let length = response.tag("Content-Length").flatMap(Int64.init) {
                try accept(length, blob)
            }
            try blob.empty(for: response.strongTag)
            return true
        }
        let range = response.tag("Content-Range") ?? ""
        guard range.hasPrefix("bytes \(start)-") else { throw Refusal.otherPart(host: url.server) }
        let whole = range.split(separator: "/").last.flatMap { Int64($0) }
        let isSame =
            (blob.tag == nil || response.strongTag == blob.tag || (response.strongTag == nil && hasDigest))
            && (size.map { range.hasSuffix("/\($0)") || range.hasSuffix("/*") } ?? (whole != nil))
        guard isSame else {
            // The rest belongs to another version.
            try blob.empty()
            throw TransferError(.lost, of: url)
        }
        if let whole { try accept(whole, blob) }
        return true
    }

    private func accept(_ length: Int64, _ blob: BlobFile) throws {
        guard size.map({ $0 == length }) ?? (length <= limit ?? .max) else {
            try blob.empty()
            throw Refusal.length(length)
        }
        learn(length)
    }

    /// The target of a redirection, which may be another server but not a file on this machine.
    ///
    /// - Throws: ``Refusal/badRedirection(host:scheme:)``.
    static func destination(of response: AnswerHead, from url: URL) throws -> URL? {
        guard let destination = response.destination else { return nil }
        guard ["http", "https"].contains(destination.scheme?.lowercased()), destination.host()?.isEmpty == false
        else {
            throw Refusal.badRedirection(host: url.server, scheme: destination.scheme ?? "")
        }
        return destination
    }
}

/// Attempts to receive a file, as long as they make progress.
struct Attempts: Sendable {
    /// The bytes an attempt must receive to reset the count of failures.
    private static let leastGain: Int64 = 60 << 10
    private static let stepsTold: Int64 = 1 << 20

    /// The time before a retry; doubled each time.
    let pause: Duration
    /// The longest wait that a server may request.
    let longestPause: Duration

    /// Calls `receive` until it receives the whole file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - location: Its address.
    ///   - size: The file's size, once it is known; without one, an attempt that ends in order is the last.
    ///   - receive: Receives the missing part and calls its argument after each piece.
    ///   - told: Called about once for each mebibyte, with all bytes and the rate of this process in bytes per second.
    /// - Throws: ``TransferError`` or ``BusyServer`` after the last attempt, ``HubError/busy(host:status:seconds:)``,
    ///   and every other error of `receive` at once.
    func fill(
        _ file: BlobFile, from location: URL, size: @Sendable @escaping () -> Int64?,
        receive: (_ progress: @Sendable @escaping () -> Void) async throws -> Void,
        told: @Sendable @escaping (_ received: Int64, _ rate: Double) -> Void
    ) async throws {
        let start = ContinuousClock.now
        let begun = file.count
        var most = begun
        var retries = Retries(pause: pause, longest: longestPause)
        while size().map({ file.count < $0 }) ?? true {
            let reported = Mutex(file.count)
            do {
                try await receive {
                    let received = file.count
                    let isDue = reported.withLock { last in
                        let isWhole = size().map { received >= $0 } ?? false
                        guard received - last >= Self.stepsTold || isWhole else { return false }
                        last = received
                        return true
                    }
                    guard isDue else { return }
                    let seconds = start.duration(to: .now) / .seconds(1)
                    told(received, seconds > 0 ? Double(max(0, received - begun)) / seconds : 0)
                }
                guard let size = size(), file.count < size else { return }
                throw TransferError(.lost, of: location)
            } catch let error where error is TransferError || error is BusyServer {
                // Only new maxima count as progress, so that endless restarts and trickles end.
                if file.count >= most + Self.leastGain {
                    most = file.count
                    retries.reset()
                }
                try await retries.wait(after: error)
            }
        }
    }
}
