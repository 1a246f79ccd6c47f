import Foundation
import Synchronization

/// A server on loopback that answers one request per connection from a script.
public final class LoopbackServer: Sendable {
    /// A request.
    public struct Request: Sendable, Equatable {
        public let method: String
        public let path: String
        /// Names in lower case.
        public let headers: [String: String]

        /// Creates a request.
        public init(method: String, path: String, headers: [String: String]) {
            self.method = method
            self.path = path
            self.headers = headers
        }

        /// The start of a requested range.
        public var start: Int? {
            headers["range"].flatMap { $0.split(separator: "=").last?.split(separator: "-").first }.flatMap { Int($0) }
        }
    }

    /// The answer to a request.
    public struct Reply: Sendable {
        public var status = 200
        public var headers: [String: String] = [:]
        /// Text to send instead of the status and headers.
        public var raw: Data?
        public var body = Data()
        /// The number of body bytes after which the connection closes; nil sends all.
        public var cut: Int?
        /// Whether the connection stays open after the body, until the client gives up.
        public var hangs = false
        /// Whether the body is sent repeatedly, until the client gives up.
        public var isEndless = false
        /// Whether the body is sent repeatedly, one byte at a time, until the client gives up.
        public var drips = false
        /// Whether nothing is sent.
        public var isSilent = false

        /// Creates an answer.
        public init(
            status: Int = 200, headers: [String: String] = [:], raw: Data? = nil, body: Data = Data(), cut: Int? = nil,
            hangs: Bool = false, isEndless: Bool = false, drips: Bool = false, isSilent: Bool = false
        ) {
            (self.status, self.headers, self.raw, self.body, self.cut) = (status, headers, raw, body, cut)
            (self.hangs, self.isEndless, self.drips, self.isSilent) = (hangs, isEndless, drips, isSilent)
        }
    }

    public let port: UInt16
    private let descriptor: Int32
    private let log = Mutex<[Request]>([])

    /// The requests so far.
    public var requests: [Request] { log.withLock { $0 } }

    /// The address of the root.
    public var address: String { "http://127.0.0.1:\(port)" }

    /// Starts the server; `script` receives the number of earlier requests.
    public init(_ script: @escaping @Sendable (Request, Int) -> Reply) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let opened = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard opened else { throw POSIXError(.init(rawValue: errno) ?? .EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
        self.descriptor = descriptor
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { self.serve(connection, script) }
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func serve(_ connection: Int32, _ script: (Request, Int) -> Reply) {
        defer { close(connection) }
        guard let request = Self.request(from: connection) else { return }
        let earlier = log.withLock { log in
            defer { log.append(request) }
            return log.count
        }
        let reply = script(request, earlier)
        if !reply.isSilent { Self.send(reply, to: connection, with: request.method) }
        while reply.isEndless, Self.send(reply.body, to: connection) { Thread.sleep(forTimeInterval: 0.1) }
        while reply.drips, reply.body.allSatisfy({ Self.drip($0, to: connection) }) {}
        if !reply.isSilent, !reply.hangs { shutdown(connection, Int32(SHUT_WR)) }
        // Until the client closes the connection.
        var rest = [UInt8](repeating: 0, count: 256)
        while recv(connection, &rest, rest.count, 0) > 0 {}
    }

    private static func send(_ reply: Reply, to connection: Int32, with method: String) {
        if let raw = reply.raw {
            send(raw, to: connection)
            return
        }
        var head = "HTTP/1.1 \(reply.status) Answer\r\nConnection: close\r\n"
        if reply.headers["Content-Length"] == nil { head += "Content-Length: \(reply.body.count)\r\n" }
        for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
        send(Data((head + "\r\n").utf8), to: connection)
        if method != "HEAD", !reply.drips { send(reply.body.prefix(reply.cut ?? reply.body.count), to: connection) }
    }

    private static func request(from connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer.prefix(count)
            // A TLS client's hello.
            if bytes[0] == 0x16 { return Request(method: "TLS", path: "", headers: [:]) }
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return Request(method: String(words[0]), path: String(words[1]), headers: headers)
    }

    private static func drip(_ byte: UInt8, to connection: Int32) -> Bool {
        Thread.sleep(forTimeInterval: 0.05)
        return send(Data([byte]), to: connection)
    }

    /// - Returns: Whether the client is still connected.
    @discardableResult
    private static func send(_ data: Data, to connection: Int32) -> Bool {
        data.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Foundation.send(
                    connection, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }
}
