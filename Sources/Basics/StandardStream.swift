import Foundation
import Synchronization

/// Standard output or standard error, which may be closed, a pipe without a reader, or a file on a full disk. A failed
/// write is recorded and does not end the process.
public final class StandardStream: Sendable {
    public static let output = StandardStream(descriptor: STDOUT_FILENO)
    public static let errors = StandardStream(descriptor: STDERR_FILENO)

    private struct State {
        var hasWritten = false
        var failure: POSIXErrorCode?
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// Wraps an open file, which the caller still owns.
    public init(descriptor: Int32) { self.descriptor = descriptor }

    /// Whether anything was written.
    public var hasWritten: Bool { state.withLock(\.hasWritten) }

    /// The first write error; nil if there was none.
    public var failure: POSIXErrorCode? { state.withLock(\.failure) }

    /// Writes a text, or as much of it as possible.
    public func write(_ text: String) {
        var text = text
        state.withLock { state in
            text.withUTF8 { bytes in
                var sent = 0
                while sent < bytes.count {
                    let count = Foundation.write(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
                    let code = errno
                    if count > 0 {
                        state.hasWritten = true
                        sent += count
                    } else if count < 0, code == EAGAIN {
                        // Another user of the pipe made it non-blocking.
                        var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                        poll(&place, 1, -1)
                    } else if count == 0 || code != EINTR {
                        state.failure = state.failure ?? POSIXErrorCode(rawValue: code) ?? .EIO
                        return
                    }
                }
            }
        }
    }

    /// Prepares a process whose caller may have closed its streams: files opened later cannot take their numbers, and a
    /// failed write is an error instead of a fatal signal.
    public static func prepare() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // This takes the lowest free number; writing still fails, because it is open for reading only.
            _ = open("/dev/null", O_RDONLY)
        }
        // Empty handlers instead of SIG_IGN, which a child would inherit.
        for number in [SIGPIPE, SIGXFSZ] { _ = signal(number) { _ in } }
    }
}
