import Basics
import Foundation

/// A socket on 127.0.0.1 that accepts connections; no other machine can reach it.
final class LoopbackListener: Sendable {
    /// The port, also if any free one was requested.
    let port: UInt16
    private let descriptor: Int32

    /// Opens the socket.
    ///
    /// - Parameter port: 0 for any free port.
    /// - Throws: ``PreviewError``.
    init(port: UInt16) throws(PreviewError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .cannotListen(port: port, reason: SystemWords.of()) }
        var yes: Int32 = 1
        // Otherwise a port stays in use for a minute after its server ends.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isOpen else {
            let code = errno
            close(descriptor)
            if code == EADDRINUSE { throw .portInUse(port) }
            throw .cannotListen(port: port, reason: SystemWords.of(code))
        }
        self.port = UInt16(bigEndian: address.sin_port)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Waits for the next connection; nil once the socket is closed.
    func next() -> Connection? {
        while true {
            let connection = accept(descriptor, nil, nil)
            if connection >= 0 {
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                return Connection(connection)
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            // Too many open files: waits until some close.
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: usleep(50_000)
            default: return nil
            }
        }
    }

    /// Makes ``next()`` return nil.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
