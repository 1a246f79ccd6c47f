import Foundation

/// One connection to a browser, for one request; closes itself.
final class Connection: Sendable {
    private let descriptor: Int32

    private static let headLimit = 8192
    /// The time limit for a request's head and for each piece of a response.
    private static let patience = 10

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// The result of reading a head.
    enum Head { case complete(Data), tooLarge, none }

    /// Reads up to the empty line that ends the head.
    func head() -> Head {
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        var bytes = Data()
        while true {
            if let end = bytes.range(of: Data("\r\n\r\n".utf8)) { return .complete(bytes[..<end.lowerBound]) }
            if bytes.count >= Self.headLimit { return .tooLarge }
            guard let more = receive(Self.headLimit - bytes.count, until: deadline), !more.isEmpty else {
                return .none
            }
            bytes += more
        }
    }

    /// Sends all bytes; false if the other side has closed the connection.
    func send(_ data: Data) -> Bool {
        data.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Foundation.send(
                    descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// Ends the response and reads any remaining input, because closing with unread input would discard the response.
    func finish() {
        shutdown(descriptor, Int32(SHUT_WR))
        let deadline = ContinuousClock.now + .seconds(1)
        while let rest = receive(65536, until: deadline), !rest.isEmpty {}
    }

    /// Ends the connection for all threads.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Whether the connection is still open after a period of silence.
    func isOpen(after wait: Duration) -> Bool { receive(1024, until: .now + wait) != Data() }

    /// The bytes received by a deadline: nil if none, empty if the other side closed the connection.
    private func receive(_ count: Int, until deadline: ContinuousClock.Instant) -> Data? {
        while true {
            let left = max(.zero, deadline - .now)
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, Int32((left / .milliseconds(1)).rounded(.up)))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            var bytes = Data(count: count)
            let read = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, count, 0) }
            return bytes.prefix(max(0, read))
        }
    }
}

/// The parts of an HTTP request's head that a file server needs.
struct Request: Equatable {
    let method: String
    /// The decoded parts of the path; none for `/`.
    let path: [String]
    /// The host name by which the client addressed this server.
    let host: String

    /// Parses a head, without the empty line at its end.
    ///
    /// - Returns: Nil if it is not a well-formed request for a path.
    init?(head: Data) {
        guard let text = String(validating: head, as: UTF8.self) else { return nil }
        var lines = text.components(separatedBy: "\r\n")
        let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0",
            let path = Self.path(of: words[1])
        else { return nil }
        var hosts: [String] = []
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), !line[..<colon].contains(where: \.isWhitespace) else {
                return nil
            }
            guard line[..<colon].lowercased() == "host" else { continue }
            hosts.append(line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces).lowercased())
        }
        // Refuses two hosts, because checks could then disagree on which one counts (DNS rebinding).
        guard hosts.count == 1 else { return nil }
        (method, self.path, host) = (String(words[0]), path, hosts[0])
    }

    private static func path(of target: Substring) -> [String]? {
        guard target.hasPrefix("/") else { return nil }
        let path = target.dropFirst().prefix { $0 != "?" && $0 != "#" }
        if path.isEmpty { return [] }
        var names: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            // Decodes after splitting, so that an encoded slash stays within its name.
            guard let name = String(part).removingPercentEncoding else { return nil }
            names.append(name)
        }
        return names
    }
}

/// A response to a request.
struct Response: Equatable {
    enum Status: Int {
        case ok = 200
        case badRequest = 400
        case forbidden = 403
        case notFound = 404
        case methodNotAllowed = 405
        case headTooLarge = 431
        case failed = 500
        case unavailable = 503

        fileprivate var words: String {
            switch self {
            case .ok: "OK"
            case .badRequest: "Bad Request"
            case .forbidden: "Forbidden"
            case .notFound: "Not Found"
            case .methodNotAllowed: "Method Not Allowed"
            case .headTooLarge: "Request Header Fields Too Large"
            case .failed: "Internal Server Error"
            case .unavailable: "Service Unavailable"
            }
        }
    }

    let status: Status
    let type: String
    let body: Data

    static let html = "text/html; charset=utf-8"

    init(_ status: Status, type: String, body: Data) {
        (self.status, self.type, self.body) = (status, type, body)
    }

    /// A refusal with one line of text.
    init(_ status: Status, _ text: String) {
        self.init(status, type: "text/plain; charset=utf-8", body: Data((text + "\n").utf8))
    }

    /// The head of this response.
    var head: Data { Self.head(status, type: type, length: body.count) }

    /// The head of a response; without a length, of an open-ended one.
    static func head(_ status: Status, type: String, length: Int?) -> Data {
        var lines = ["HTTP/1.1 \(status.rawValue) \(status.words)", "Content-Type: \(type)"]
        if let length { lines.append("Content-Length: \(length)") }
        if status == .methodNotAllowed { lines.append("Allow: GET, HEAD") }
        lines += [
            "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Connection: close",
            "Cross-Origin-Resource-Policy: same-origin", "Referrer-Policy: no-referrer",
            // A page is self-contained, and nothing quoted in it may send data elsewhere.
            "Content-Security-Policy: default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
                + "script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'",
        ]
        return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
