import Basics
import Results
import Synchronization
import Workflow

/// Shows a run on standard error, and writes all of it to the store's log.
final class TerminalObserver: RunObserver {
    /// How much is shown.
    enum Verbosity { case normal, plain, quiet }

    private let verbosity: Verbosity
    private let log: RunLog?
    /// The node at work.
    private let progress = Mutex<TerminalProgress?>(nil)

    init(_ verbosity: Verbosity = .normal, log: RunLog? = nil) {
        self.verbosity = verbosity
        self.log = log
    }

    func started(_ node: Node, position: Int, count: Int, reason: String, secondsLeft: Double?) {
        let left = secondsLeft.map { ", about \(NumberText.duration(seconds: $0)) left in all" } ?? ""
        tell("[\(position)/\(count)] \(node.name)" + (reason.isEmpty ? "" : ": \(reason)") + left)
        progress.withLock { $0 = makeProgress(node) }
    }

    func progressed(_ node: Node, _ progress: RunProgress) {
        log?.write("\(node.name): \(ProgressLine(progress, elapsed: .zero).text)")
        guard verbosity != .quiet else { return }
        self.progress.withLock { shown in
            let bar = shown ?? makeProgress(node)
            shown = bar
            bar.show(progress)
        }
    }

    func said(_ message: String) { tell("  \(message)") }

    func finished(_ node: Node, seconds: Double) {
        tell("  \(node.name): done in \(NumberText.duration(seconds: seconds))")
    }

    private func makeProgress(_ node: Node) -> TerminalProgress {
        TerminalProgress(title: node.name, hasBar: verbosity == .normal && Terminal.isInteractive)
    }

    private func tell(_ line: String) {
        log?.write(line)
        guard verbosity != .quiet else { return }
        progress.withLock { $0?.clear() }
        Terminal.tell(line)
    }
}
