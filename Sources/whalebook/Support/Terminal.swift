import Basics
import Foundation

/// Standard error, where progress and logs go.
enum Terminal {
    /// Whether a person watches.
    static let isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Whether colours are welcome, see no-color.org.
    static let hasColour = isInteractive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

    /// Columns of the window.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    static func tell(_ line: String) { write(line + "\n") }

    static func write(_ text: String) { StandardStream.errors.write(text) }
}
