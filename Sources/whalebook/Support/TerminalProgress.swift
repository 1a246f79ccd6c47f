import Synchronization
import Workflow

/// How far a piece of work is, on standard error: a bar on a terminal, a line now and then elsewhere.
final class TerminalProgress: Sendable {
    private struct State {
        var told: ContinuousClock.Instant
        var barShown = false
        /// What is counted, and since when: a download before the work says nothing of the work's own time.
        var unit = ""
        var started = ContinuousClock.now
    }

    private static let interval = Duration.seconds(5)
    private static let refresh = Duration.milliseconds(100)

    private let state: Mutex<State>
    /// What the lines begin with where there is no bar.
    private let title: String
    private let hasBar: Bool

    init(title: String = "", hasBar: Bool = Terminal.isInteractive) {
        self.title = title
        self.hasBar = hasBar
        // The first progress shows at once as a bar, and after the interval as a line.
        state = Mutex(State(told: hasBar ? .now - Self.refresh : .now))
    }

    func show(_ progress: RunProgress) {
        state.withLock { state in
            let now = ContinuousClock.now
            if progress.unit != state.unit { (state.unit, state.started) = (progress.unit, now) }
            guard now - state.told >= (hasBar ? Self.refresh : Self.interval) else { return }
            state.told = now
            let line = ProgressLine(progress, elapsed: now - state.started)
            if hasBar {
                Terminal.write("\r\u{1B}[K" + line.bar(width: Terminal.width - 1, colour: Terminal.hasColour))
                state.barShown = true
            } else {
                Terminal.tell(title.isEmpty ? line.text : "  \(title): \(line.text)")
            }
        }
    }

    /// Takes the bar away, so that a line can be written.
    func clear() {
        state.withLock { state in
            if state.barShown { Terminal.write("\r\u{1B}[K") }
            state.barShown = false
        }
    }
}
