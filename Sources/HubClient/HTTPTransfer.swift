import CCurl
import Foundation
import Hub
import Synchronization

/// One request and its response, over libcurl. The body is delivered in pieces as they arrive. Redirections are not
/// followed.
enum HTTPTransfer {
    /// Receives a response's body.
    struct Receiver: Sendable {
        /// Receives the head and returns whether it needs the body; a thrown error ends the transfer.
        var begin: @Sendable (AnswerHead) throws -> Bool
        var take: @Sendable (Data) throws -> Void

        /// Ignores the body.
        static let none = Receiver(begin: { _ in false }, take: { _ in })
    }

    /// Whether to end a transfer; its thread checks regularly.
    private final class Cancellation: Sendable {
        let isWanted = Atomic(false)
    }

    /// The state of libcurl's callbacks; used only on the thread of the transfer.
    private final class Answer {
        let request: HTTPRequest
        let receiver: Receiver
        let cancellation: Cancellation
        private(set) var head: AnswerHead?
        /// The result, if the transfer was ended here.
        private(set) var outcome: Result<AnswerHead, any Error>?
        private var reader: AnswerHead.Reader
        private var heard = ContinuousClock.now

        init(_ request: HTTPRequest, _ receiver: Receiver, _ cancellation: Cancellation) {
            (self.request, self.receiver, self.cancellation) = (request, receiver, cancellation)
            reader = AnswerHead.Reader(url: request.url)
        }

        /// - Returns: Whether to continue.
        func take(headerLine line: UnsafeRawBufferPointer) -> Bool {
            goesOn {
                // Trailers after a body are counted and otherwise ignored.
                guard let head = try reader.take(line), self.head == nil else { return }
                self.head = head
                if try !receiver.begin(head) { outcome = .success(head) }
            }
        }

        /// - Returns: Whether to continue.
        func take(_ piece: UnsafeRawBufferPointer) -> Bool { goesOn { try receiver.take(Data(piece)) } }

        /// - Returns: Whether to continue.
        func look() -> Bool {
            if cancellation.isWanted.load(ordering: .relaxed) { outcome = .failure(CancellationError()) }
            if heard.duration(to: .now) > .seconds(request.patience) {
                outcome = .failure(TransferError(.silent, of: request.url))
            }
            return outcome == nil
        }

        private func goesOn(_ body: () throws -> Void) -> Bool {
            do { try body() } catch { outcome = .failure(error) }
            heard = .now
            return outcome == nil
        }
    }

    /// Initializes libcurl before the first transfer of a process.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Sends a request and waits for the end of the response, or of its head if the body is not needed.
    ///
    /// - Throws: ``TransferError``, `CancellationError`, or what the receiver throws.
    static func send(_ request: HTTPRequest, to receiver: Receiver = .none) async throws -> AnswerHead {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // A separate thread, because it blocks, and the threads shared by tasks must not.
                Thread.detachNewThread {
                    let answer = Answer(request, receiver, cancellation)
                    continuation.resume(with: Result { try perform(answer) })
                }
            }
        } onCancel: {
            cancellation.isWanted.store(true, ordering: .relaxed)
        }
    }

    private static func perform(_ answer: Answer) throws -> AnswerHead {
        let request = answer.request
        guard isReady, let handle = curl_easy_init() else { throw failure(CURLE_FAILED_INIT, of: request.url) }
        // libcurl's message with more detail than its code.
        let detail = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        detail.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        var headers: UnsafeMutablePointer<curl_slist>?
        for (name, value) in request.headers { headers = curl_slist_append(headers, "\(name): \(value)") ?? headers }
        let address = curl_url()
        defer {
            curl_easy_cleanup(handle)
            curl_url_cleanup(address)
            curl_slist_free_all(headers)
            detail.deallocate()
        }
        func check(_ code: CURLcode) throws { if code != CURLE_OK { throw failure(code, of: request.url) } }
        func set(_ option: CURLoption, _ number: Int) throws { try check(wb_curl_set_number(handle, option, number)) }
        func set(_ option: CURLoption, _ pointer: UnsafeMutableRawPointer?) throws {
            try check(wb_curl_set_pointer(handle, option, pointer))
        }

        guard let address, reads(request.url, into: address) else {
            throw failure(CURLE_URL_MALFORMAT, of: request.url)
        }
        try set(CURLOPT_CURLU, UnsafeMutableRawPointer(address))
        try check(wb_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"))
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_NOBODY, request.method == .head ? 1 : 0)
        try set(CURLOPT_HTTPHEADER, headers)
        // The headers contain the hub's token, which a proxy must not receive.
        try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Single transfers gain nothing from HTTP/2.
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(request.patience * 1000))
        try set(CURLOPT_LOW_SPEED_LIMIT, request.leastRate.bytes)
        try set(CURLOPT_LOW_SPEED_TIME, request.leastRate.seconds)
        try set(CURLOPT_ERRORBUFFER, detail)
        try receive(answer, with: handle, check)

        let code = withExtendedLifetime(answer) { curl_easy_perform(handle) }
        if let outcome = answer.outcome { return try outcome.get() }
        let isSent = wb_curl_time(handle, CURLINFO_PRETRANSFER_TIME_T) > 0
        switch code {
        case CURLE_OK:
            // libcurl accepts a truncated head as complete.
            guard let head = answer.head else { throw TransferError(.headCut, of: request.url) }
            return head
        case CURLE_OPERATION_TIMEDOUT:
            throw TransferError(isSent ? .slow(request.leastRate) : .silent, of: request.url)
        case CURLE_OUT_OF_MEMORY where isSent && answer.head == nil:
            // libcurl's message for an overlong line.
            throw TransferError(.headTooLong, of: request.url)
        default: throw failure(code, String(cString: detail), isSent: isSent, of: request.url)
        }
    }

    private static func receive(
        _ answer: Answer, with handle: UnsafeMutableRawPointer, _ check: (CURLcode) throws -> Void
    ) throws {
        let context = Unmanaged.passUnretained(answer).toOpaque()
        try check(
            wb_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return HTTPTransfer.answer(context).take(headerLine: line) ? line.count : Int(CURL_WRITEFUNC_ERROR)
            })
        try check(
            wb_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return HTTPTransfer.answer(context).take(piece) ? piece.count : Int(CURL_WRITEFUNC_ERROR)
            })
        // Called for each piece, and about once a second without data.
        try check(
            wb_curl_set_watch(handle) { context, _, _, _, _ in HTTPTransfer.answer(context).look() ? 0 : 1 })
        for option in [CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_XFERINFODATA] {
            try check(wb_curl_set_pointer(handle, option, context))
        }
        try check(wb_curl_set_number(handle, CURLOPT_NOPROGRESS, 0))
    }

    private static func answer(_ context: UnsafeMutableRawPointer?) -> Answer {
        guard let context else { preconditionFailure("libcurl passes on the context it was given") }
        return Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Parses an address with libcurl.
    ///
    /// - Returns: Whether libcurl parses the same server from it as the check before the token was added.
    private static func reads(_ url: URL, into address: OpaquePointer) -> Bool {
        func part(_ part: CURLUPart) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(address, part, &text, 0) == CURLUE_OK, let text else { return nil }
            defer { curl_free(text) }
            return String(cString: text)
        }
        guard curl_url_set(address, CURLUPART_URL, url.absoluteString, 0) == CURLUE_OK else { return false }
        let host = part(CURLUPART_HOST)?.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        return host?.lowercased() == url.host()?.lowercased() && part(CURLUPART_PORT) == url.port.map { "\($0)" }
    }

    private static func failure(
        _ code: CURLcode, _ detail: String = "", isSent: Bool = false, of url: URL
    ) -> TransferError {
        TransferError(.failed(code: code.rawValue, detail: detail, isSent: isSent), of: url)
    }
}

/// The rate below which a server counts as lost.
public struct LeastRate: Sendable, Equatable {
    /// Bytes per second.
    public let bytes: Int
    /// The number of seconds it may stay below this rate.
    public let seconds: Int

    /// Creates a rate; both numbers are at least 1.
    public init(bytes: Int, seconds: Int) { (self.bytes, self.seconds) = (bytes, seconds) }
}

/// A request to a server, with its time limits.
struct HTTPRequest: Sendable {
    enum Method { case get, head }

    let method: Method
    let url: URL
    /// The number of seconds the server may be silent.
    let patience: TimeInterval
    let leastRate: LeastRate
    var headers: [(name: String, value: String)] = []
}

extension URL {
    /// The server in an address, without parts that may be secret.
    var server: String { (host() ?? "the hub") + (port.map { ":\($0)" } ?? "") }
}

/// The status and headers of a response.
struct AnswerHead: Sendable {
    let url: URL
    let status: Int
    /// By lower-case name; repeated headers are joined by commas, as in RFC 9110.
    private let fields: [String: String]

    /// A header's value.
    func value(_ name: String) -> String? { fields[name.lowercased()] }

    /// A header's value without an entity tag's quotes and weakness mark.
    func tag(_ name: String) -> String? {
        guard var value = value(name) else { return nil }
        if value.hasPrefix("W/") { value.removeFirst(2) }
        return value.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
    }

    /// The entity tag as sent, if it is strong: equal weak tags do not guarantee equal bytes.
    var strongTag: String? { value("ETag").flatMap { Self.isStrongTag($0) ? $0 : nil } }

    /// Whether a text is an entity tag that is safe to send back: in quotes, without characters that would end a
    /// header.
    static func isStrongTag(_ text: String) -> Bool {
        text.utf8.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// The encoding of the body, although it was requested unencoded; nil if there is none.
    var encoding: String? {
        for (name, plain) in [("Content-Encoding", "identity"), ("Transfer-Encoding", "chunked")] {
            if let value = value(name), !value.isEmpty, value.lowercased() != plain { return value }
        }
        return nil
    }

    /// The target of a redirection.
    var destination: URL? {
        guard (300..<400).contains(status), let text = value("Location") else { return nil }
        return URL(string: text, relativeTo: url)?.absoluteURL
    }

    /// The time to wait before the next request, from the server.
    var retryAfter: Duration? {
        guard let text = value("Retry-After") else { return nil }
        if text.allSatisfy(\.isNumber), let seconds = Double(text) { return .seconds(min(seconds, 1e9)) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { .seconds(max(0, min($0.timeIntervalSinceNow, 1e9))) }
    }

    /// Collects a head line by line, as libcurl delivers it.
    struct Reader {
        /// The largest total size of a response's headers in bytes, including interim responses and trailers.
        static let limit = 256 << 10

        let url: URL
        private var size = 0
        private var status = 0
        private var fields: [String: String] = [:]

        init(url: URL) { self.url = url }

        /// Adds a line, with its line break.
        ///
        /// - Returns: The head if this line ends it; nil also at the end of an interim response.
        /// - Throws: ``TransferError``.
        mutating func take(_ line: UnsafeRawBufferPointer) throws -> AnswerHead? {
            size += line.count
            guard size <= Self.limit else { throw TransferError(.headTooLong, of: url) }
            let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            if text.isEmpty { return status >= 200 ? AnswerHead(url: url, status: status, fields: fields) : nil }
            if text.hasPrefix("HTTP/") {
                status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                fields = [:]
            } else if let colon = text.firstIndex(of: ":") {
                let name = text[..<colon].lowercased()
                let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                fields[name] = fields[name].map { "\($0), \(value)" } ?? value
            }
            return nil
        }
    }
}

/// A server that was not reached, or whose response did not end.
struct TransferError: Error, Equatable {
    enum Problem: Equatable {
        case silent
        case slow(LeastRate)
        case headTooLong
        case headCut
        /// The body ended early, or does not continue the existing part.
        case lost
        /// An error from libcurl: its code, its message, and whether the request had been sent.
        case failed(code: UInt32, detail: String, isSent: Bool)
    }

    private static let lossCodes = [CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE]

    /// The server, without parts of the address that may be secret.
    let host: String
    let problem: Problem

    init(_ problem: Problem, of url: URL) { (self.problem, host) = (problem, url.server) }

    /// The same error about the hub, before any part of a file exists.
    var unreachable: HubError { .unreachable(host: host, reason: reason, advice: advice) }

    /// Whether the connection was lost, so that a retry may succeed.
    var isLost: Bool {
        switch problem {
        case .slow, .headCut, .lost: true
        case .failed(let code, _, let isSent): isSent && Self.lossCodes.contains(CURLcode(code))
        case .silent, .headTooLong: false
        }
    }

    /// What the server did, as a continuation of its name.
    var reason: String {
        switch problem {
        case .silent: "was silent for too long"
        case .slow(let rate): "sent less than \(rate.bytes) bytes a second for \(rate.seconds) seconds"
        case .headTooLong: "sent more headers than allowed: \(AnswerHead.Reader.limit >> 10) KiB, 100 KiB per line"
        case .headCut: "closed the connection within the headers of its response"
        case .lost: "closed the connection before the end"
        case .failed(let code, let detail, let isSent):
            (isLost ? "lost the connection: " : isSent ? "gave an unreadable response: " : "cannot be reached: ")
                + Self.words(code, detail)
        }
    }

    /// What to do.
    private var advice: String {
        let code: CURLcode? = if case .failed(let code, _, _) = problem { CURLcode(code) } else { nil }
        return switch code {
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            "Check the proxy in http_proxy, https_proxy or all_proxy."
        case CURLE_SSL_CONNECT_ERROR:
            "Check whether HF_ENDPOINT should begin with http instead of https, and any proxy or firewall in between."
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            "Check the clock and the certificates of this machine (Debian's package ca-certificates), and HF_ENDPOINT."
        case CURLE_URL_MALFORMAT: "Check HF_ENDPOINT."
        default: "Check the network, HF_ENDPOINT and any proxy, or download the file elsewhere and give its path."
        }
    }

    /// libcurl's text for a code, with its more detailed message if there is one.
    private static func words(_ code: UInt32, _ detail: String) -> String {
        var words = String(cString: curl_easy_strerror(CURLcode(code)))
        if words.dropFirst().first?.isLowercase == true { words = words.prefix(1).lowercased() + words.dropFirst() }
        switch CURLcode(code) {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING: return words
        default: return detail.isEmpty ? words : words + " (\(detail))"
        }
    }
}
