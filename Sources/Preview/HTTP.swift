import Foundation

/// The parts of an HTTP request that a server on loopback needs.
public struct Request: Sendable, Equatable {
    public let method: String
    /// The decoded parts of the path; none for `/`.
    public let path: [String]
    /// The decoded values after the question mark, by name.
    public let query: [String: String]
    /// The host name by which the client addressed this server.
    public let host: String
    /// The other headers, by name in lower case; the last of equal names.
    public let headers: [String: String]
    /// The body, which only POST has.
    public internal(set) var body = Data()

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
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), !line[..<colon].contains(where: \.isWhitespace) else {
                return nil
            }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            if line[..<colon].lowercased() == "host" {
                hosts.append(value.lowercased())
            } else {
                headers[line[..<colon].lowercased()] = value
            }
        }
        // Refuses two hosts, because checks could then disagree on which one counts (DNS rebinding).
        guard hosts.count == 1 else { return nil }
        (method, self.path, host) = (String(words[0]), path, hosts[0])
        query = Self.query(of: words[1])
        self.headers = headers
    }

    /// Whether the client addressed this machine by its own name. Another host name that resolves to this machine could
    /// let a foreign page read what is served (DNS rebinding).
    func isForLoopback(port: UInt16) -> Bool {
        ["127.0.0.1", "localhost"].contains { host == $0 || host == "\($0):\(port)" }
    }

    private static func query(of target: Substring) -> [String: String] {
        guard let mark = target.firstIndex(of: "?") else { return [:] }
        var values: [String: String] = [:]
        for part in target[target.index(after: mark)...].prefix(while: { $0 != "#" }).split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = sides.map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard let name = texts[0], let value = texts.count > 1 ? texts[1] : "" else { continue }
            values[name] = value
        }
        return values
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
public struct Response: Sendable, Equatable {
    /// The outcome, by its HTTP code.
    public enum Status: Int, Sendable {
        case ok = 200
        case badRequest = 400
        case forbidden = 403
        case notFound = 404
        case methodNotAllowed = 405
        case conflict = 409
        case bodyTooLarge = 413
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
            case .conflict: "Conflict"
            case .bodyTooLarge: "Content Too Large"
            case .headTooLarge: "Request Header Fields Too Large"
            case .failed: "Internal Server Error"
            case .unavailable: "Service Unavailable"
            }
        }
    }

    /// What a page may load and run.
    public enum Policy: Sendable, Equatable {
        /// A self-contained document: styles and scripts stand in the page.
        case document
        /// A page whose style sheet and script are files of the same server.
        case application

        fileprivate var sources: String {
            switch self {
            case .document: "img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
            case .application: "img-src 'self' blob: data:; style-src 'self'; script-src 'self'"
            }
        }
    }

    public let status: Status
    public let type: String
    public let body: Data
    let policy: Policy

    public static let html = "text/html; charset=utf-8"

    /// Creates a response of a media type.
    public init(_ status: Status, type: String, body: Data, policy: Policy = .document) {
        (self.status, self.type, self.body, self.policy) = (status, type, body, policy)
    }

    /// A refusal with one line of text.
    public init(_ status: Status, _ text: String) {
        self.init(status, type: "text/plain; charset=utf-8", body: Data((text + "\n").utf8))
    }

    /// The head of this response.
    var head: Data { Self.head(status, type: type, length: body.count, policy: policy) }

    /// The head of a response; without a length, of an open-ended one.
    static func head(_ status: Status, type: String, length: Int?, policy: Policy = .document) -> Data {
        var lines = ["HTTP/1.1 \(status.rawValue) \(status.words)", "Content-Type: \(type)"]
        if let length { lines.append("Content-Length: \(length)") }
        if status == .methodNotAllowed { lines.append("Allow: GET, HEAD") }
        lines += [
            "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Connection: close",
            "Cross-Origin-Resource-Policy: same-origin", "Referrer-Policy: no-referrer",
            // A page is self-contained, and nothing quoted in it may send data elsewhere.
            "Content-Security-Policy: default-src 'none'; \(policy.sources); connect-src 'self'; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'",
        ]
        return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
