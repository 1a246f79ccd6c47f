import Basics
import Foundation
import Results
import Synchronization
import Workflow

/// The only way to standard output, where results go, and to standard error, where progress and logs go.
///
/// It makes control characters visible, so that text from files, folders and other programs cannot control a terminal.
enum Terminal {
    /// Whether a person watches.
    static let isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Whether to use colours, see no-color.org.
    static let hasColour = isInteractive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

    /// The window's width in columns.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes one line to standard error, shortened if it is too long.
    static func report(_ line: String) { write(line.shortened(to: Bounds.lineLength).visible + "\n") }

    /// Writes lines to standard error; the values in them must have no line breaks.
    static func report(text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { report(String(line)) }
    }

    /// Writes a text unchanged to standard error: for the bar, which draws with control characters.
    static func write(_ text: String) { StandardStream.errors.write(text) }

    /// Writes one line to standard output.
    static func print(_ line: String) { StandardStream.output.write(line.visible + "\n") }

    /// Writes whole lines to standard output; the values in them must have no line breaks.
    static func print(text: String) { StandardStream.output.write(visible(text)) }

    /// Writes JSON to standard output without changing its values.
    static func print(json text: String) { StandardStream.output.write(text.visibleJSON) }

    private static func visible(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).visible }.joined(separator: "\n")
    }
}

/// Shows a run's messages on standard error, and writes all of them to the store's log.
final class TerminalObserver: RunObserver {
    /// How much is shown.
    enum Verbosity { case normal, plain, quiet }

    private let verbosity: Verbosity
    private let log: RunLog?
    /// Whether several nodes work at the same time; their progress is shown in lines, since one bar would jump between
    /// them.
    private let isShared: Bool
    /// The progress of each running node.
    private let progress = Mutex<[Node: TerminalProgress]>([:])

    init(_ verbosity: Verbosity = .normal, log: RunLog? = nil, isShared: Bool = false) {
        self.verbosity = verbosity
        self.log = log
        self.isShared = isShared
    }

    func started(_ node: Node, position: Int, count: Int, reason: String, secondsLeft: Double?) {
        let left = secondsLeft.map { ", about \(NumberText.duration(seconds: $0)) left in all" } ?? ""
        show("[\(position)/\(count)] \(node.name)" + (reason.isEmpty ? "" : ": \(reason)") + left)
        progress.withLock { shown in
            if !isShared { shown = [:] }
            shown[node] = makeProgress(node)
        }
    }

    func progressed(_ node: Node, _ progress: RunProgress) {
        log?.write("\(node.name): \(ProgressLine(progress, elapsed: .zero).text)")
        guard verbosity != .quiet else { return }
        self.progress.withLock { shown in
            let bar = shown[node] ?? makeProgress(node)
            shown[node] = bar
            bar.show(progress)
        }
    }

    func said(_ message: String) { show("  \(message)") }

    func finished(_ node: Node, seconds: Double) {
        show("  \(node.name): done in \(NumberText.duration(seconds: seconds))")
        if isShared { progress.withLock { $0[node] = nil } }
    }

    private func makeProgress(_ node: Node) -> TerminalProgress {
        TerminalProgress(title: node.name, hasBar: verbosity == .normal && Terminal.isInteractive && !isShared)
    }

    private func show(_ line: String) {
        log?.write(line)
        guard verbosity != .quiet else { return }
        progress.withLock { shown in
            for bar in shown.values { bar.clear() }
        }
        Terminal.report(line)
    }
}

/// Shows progress on standard error: a bar on a terminal, a line now and then elsewhere.
final class TerminalProgress: Sendable {
    private struct State {
        var shown: ContinuousClock.Instant
        var barShown = false
        /// The unit counted, and since when: a download before the work does not count as the work's time.
        var unit = ""
        var started = ContinuousClock.now
    }

    private static let interval = Duration.seconds(5)
    private static let refresh = Duration.milliseconds(100)

    private let state: Mutex<State>
    /// The start of the lines if there is no bar.
    private let title: String
    private let hasBar: Bool

    init(title: String = "", hasBar: Bool = Terminal.isInteractive) {
        self.title = title
        self.hasBar = hasBar
        // The first progress shows at once as a bar, and after the interval as a line.
        state = Mutex(State(shown: hasBar ? .now - Self.refresh : .now))
    }

    func show(_ progress: RunProgress) {
        state.withLock { state in
            let now = ContinuousClock.now
            if progress.unit != state.unit { (state.unit, state.started) = (progress.unit, now) }
            guard now - state.shown >= (hasBar ? Self.refresh : Self.interval) else { return }
            state.shown = now
            let line = ProgressLine(progress, elapsed: now - state.started)
            if hasBar {
                Terminal.write("\r\u{1B}[K" + line.bar(width: Terminal.width - 1, colour: Terminal.hasColour))
                state.barShown = true
            } else {
                Terminal.report(title.isEmpty ? line.text : "  \(title): \(line.text)")
            }
        }
    }

    /// Removes the bar, so that a line can be written.
    func clear() {
        state.withLock { state in
            if state.barShown { Terminal.write("\r\u{1B}[K") }
            state.barShown = false
        }
    }
}
