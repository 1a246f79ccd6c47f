import Foundation

/// The status and the headers of an answer.
struct AnswerHead: Sendable {
    let url: URL
    let status: Int
    /// By names in lower case; several of one name are joined by commas, as RFC 9110 has it.
    private let fields: [String: String]

    /// A header's value.
    func value(_ name: String) -> String? { fields[name.lowercased()] }

    /// A header's value without its quotes, as entity tags have them, and without the mark of a weak one.
    func tag(_ name: String) -> String? {
        guard var value = value(name) else { return nil }
        if value.hasPrefix("W/") { value.removeFirst(2) }
        return value.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
    }

    /// The entity tag as it was sent, where equal ones mean equal bytes: a weak one only means alike.
    var strongTag: String? { value("ETag").flatMap { Self.isStrongTag($0) ? $0 : nil } }

    /// Whether a text is an entity tag that can be sent back: in quotes, with nothing that would end a header.
    static func isStrongTag(_ text: String) -> Bool {
        text.utf8.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// What the body was packed with though it was asked for as it is; nil for nothing.
    var encoding: String? {
        for (name, plain) in [("Content-Encoding", "identity"), ("Transfer-Encoding", "chunked")] {
            if let value = value(name), !value.isEmpty, value.lowercased() != plain { return value }
        }
        return nil
    }

    /// Where a redirection leads.
    var destination: URL? {
        guard (300..<400).contains(status), let text = value("Location") else { return nil }
        return URL(string: text, relativeTo: url)?.absoluteURL
    }

    /// How long the server asks to be left alone.
    var retryAfter: Duration? {
        guard let text = value("Retry-After") else { return nil }
        if text.allSatisfy(\.isNumber), let seconds = Double(text) { return .seconds(min(seconds, 1e9)) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { .seconds(max(0, min($0.timeIntervalSinceNow, 1e9))) }
    }

    /// Takes a head line by line, as libcurl hands it on.
    struct Reader {
        /// The most that all headers of an answer may hold, in bytes, with those that go before it or follow its body.
        static let limit = 256 << 10

        let url: URL
        private var size = 0
        private var status = 0
        private var fields: [String: String] = [:]

        init(url: URL) { self.url = url }

        /// Takes a line, with its end.
        ///
        /// - Returns: The head where this line ends it; nil also at the end of an answer that only announces another one.
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
