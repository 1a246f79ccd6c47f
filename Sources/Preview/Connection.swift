import Foundation

/// One line to a browser, for one request; closes itself.
final class Connection: Sendable {
    private let descriptor: Int32

    private static let headLimit = 8192
    /// How long a request's head may take in all, and each piece of an answer.
    private static let patience = 10

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// What came of reading a head.
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

    /// Sends all bytes; false where the other side is gone.
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

    /// Says that nothing follows, and takes what is still under way: closing over it would cost the answer.
    func finish() {
        shutdown(descriptor, Int32(SHUT_WR))
        let deadline = ContinuousClock.now + .seconds(1)
        while let rest = receive(65536, until: deadline), !rest.isEmpty {}
    }

    /// Ends what any thread still does with the line.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Whether the other side is still there after a while in which it says nothing.
    func isOpen(after wait: Duration) -> Bool { receive(1024, until: .now + wait) != Data() }

    /// What came until a time: nil for nothing, no bytes where the other side closed the line.
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
