import Foundation
import Synchronization

/// Standard output or standard error, which may be closed, a pipe that nobody reads, or a file on a full disk: what
/// cannot be written is remembered, and ends nothing.
public final class StandardStream: Sendable {
    public static let output = StandardStream(descriptor: STDOUT_FILENO)
    public static let errors = StandardStream(descriptor: STDERR_FILENO)

    private struct State {
        var hasWritten = false
        var failure: POSIXErrorCode?
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// Names an open file, which stays the caller's.
    public init(descriptor: Int32) { self.descriptor = descriptor }

    /// Whether anything was written.
    public var hasWritten: Bool { state.withLock(\.hasWritten) }

    /// Why something could not be written, the first time; nil while all was.
    public var failure: POSIXErrorCode? { state.withLock(\.failure) }

    /// Writes a text, or as much of it as can be written.
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
                        // A pipe that its other user opened without waiting.
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

    /// Prepares a process whose caller may have closed its streams: no file that is opened later takes their places, and
    /// a write that fails is an error and not the end.
    public static func prepare() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one; what is open for reading alone still takes no text.
            _ = open("/dev/null", O_RDONLY)
        }
        // Handlers that do nothing, and not SIG_IGN: that one a child would inherit.
        for number in [SIGPIPE, SIGXFSZ] { _ = signal(number) { _ in } }
    }
}
