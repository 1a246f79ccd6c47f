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

    /// The result of reading a head: its bytes without the empty line, and what was read after it.
    enum Head { case complete(Data, rest: Data), tooLarge, none }

    /// Reads up to the empty line that ends the head.
    func head() -> Head {
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        var bytes = Data()
        while true {
            if let end = bytes.range(of: Data("\r\n\r\n".utf8)) {
                return .complete(bytes[..<end.lowerBound], rest: bytes[end.upperBound...])
            }
            if bytes.count >= Self.headLimit { return .tooLarge }
            guard let more = receive(Self.headLimit - bytes.count, until: deadline), !more.isEmpty else {
                return .none
            }
            bytes += more
        }
    }

    /// Reads a request's body of known length, of which `rest` came with the head; nil if it does not arrive.
    func body(length: Int, rest: Data) -> Data? {
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        var bytes = rest.prefix(length)
        while bytes.count < length {
            guard let more = receive(length - bytes.count, until: deadline), !more.isEmpty else { return nil }
            bytes += more
        }
        return Data(bytes)
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
