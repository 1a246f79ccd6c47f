import Foundation

/// An answer to a request.
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

    /// A refusal in a line of text.
    init(_ status: Status, _ text: String) {
        self.init(status, type: "text/plain; charset=utf-8", body: Data((text + "\n").utf8))
    }

    /// What stands before the body.
    var head: Data { Self.head(status, type: type, length: body.count) }

    /// The head of an answer; without a length, of one that goes on.
    static func head(_ status: Status, type: String, length: Int?) -> Data {
        var lines = ["HTTP/1.1 \(status.rawValue) \(status.words)", "Content-Type: \(type)"]
        if let length { lines.append("Content-Length: \(length)") }
        if status == .methodNotAllowed { lines.append("Allow: GET, HEAD") }
        lines += [
            "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Connection: close",
            "Cross-Origin-Resource-Policy: same-origin", "Referrer-Policy: no-referrer",
            // A page has everything in it, and whatever it quotes sends nothing away.
            "Content-Security-Policy: default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
                + "script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'",
        ]
        return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
