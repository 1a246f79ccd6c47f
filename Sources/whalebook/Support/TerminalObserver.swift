import Basics
import Synchronization
import Workflow

/// Shows a run on standard error.
final class TerminalObserver: RunObserver {
    /// The node at work.
    private let progress = Mutex<TerminalProgress?>(nil)

    func started(_ node: Node, position: Int, count: Int, reason: String) {
        Terminal.tell("[\(position)/\(count)] \(node.name)" + (reason.isEmpty ? "" : ": \(reason)"))
        progress.withLock { $0 = TerminalProgress(title: node.name) }
    }

    func progressed(_ node: Node, _ progress: RunProgress) {
        self.progress.withLock { shown in
            let bar = shown ?? TerminalProgress(title: node.name)
            shown = bar
            bar.show(progress)
        }
    }

    func said(_ message: String) { tell("  \(message)") }

    func finished(_ node: Node, seconds: Double) {
        tell("  \(node.name): done in \(NumberText.duration(seconds: seconds))")
    }

    private func tell(_ line: String) {
        progress.withLock { $0?.clear() }
        Terminal.tell(line)
    }
}
