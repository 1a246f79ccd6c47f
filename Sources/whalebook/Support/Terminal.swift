import Basics
import Foundation

/// Standard output, where results go, and standard error, where progress and logs go: the only door to both.
///
/// Whatever passes it acts on no terminal: text from files, folders and other programs shows its control characters.
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

    /// Writes one line to standard error, shortened where it has no end.
    static func tell(_ line: String) { write(line.shortened(to: Bounds.lineLength).visible + "\n") }

    /// Writes lines to standard error; their values have no line breaks of their own any more.
    static func tell(text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { tell(String(line)) }
    }

    /// Writes to standard error as it is: for the bar, which draws with control characters.
    static func write(_ text: String) { StandardStream.errors.write(text) }

    /// Writes one line to standard output.
    static func print(_ line: String) { StandardStream.output.write(line.visible + "\n") }

    /// Writes whole lines to standard output; their values have no line breaks of their own any more.
    static func print(text: String) { StandardStream.output.write(visible(text)) }

    /// Writes JSON to standard output; its values stay what they are.
    static func print(json text: String) { StandardStream.output.write(text.visibleJSON) }

    private static func visible(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).visible }.joined(separator: "\n")
    }
}
