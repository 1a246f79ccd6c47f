import Foundation

/// A raw connection to a server on loopback.
final class Browser {
    private let descriptor: Int32

    struct Answer: Equatable {
        let status: Int
        /// Names in lower case.
        let headers: [String: String]
        let body: String
    }

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isOpen = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        // A silent server fails the test instead of blocking it.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard isOpen else { throw POSIXError(.init(rawValue: errno) ?? .ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Reads until the text has this ending, or the connection closes.
    func read(until ending: String? = nil) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while ending.map({ !String(decoding: bytes, as: UTF8.self).hasSuffix($0) }) ?? true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Requests a path.
    static func ask(
        _ port: UInt16, _ path: String, method: String = "GET", headers: String? = nil, body: String = ""
    ) throws -> Answer {
        let browser = try Browser(port: port)
        browser.send("\(method) \(path) HTTP/1.1\r\n\(headers ?? "Host: 127.0.0.1:\(port)")\r\n\r\n\(body)")
        let parts = browser.read().split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        let pairs = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1) }.filter { $0.count == 2 }
        return Answer(
            status: words.count > 1 ? Int(words[1]) ?? 0 : 0,
            headers: Dictionary(
                pairs.map { ($0[0].lowercased(), $0[1].trimmingCharacters(in: .whitespaces)) }
            ) { $1 },
            body: parts.count > 1 ? String(parts[1]) : "")
    }
}
