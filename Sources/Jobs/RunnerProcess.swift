import Foundation

/// The process that a worker works for; when it is gone, nobody takes the result.
public enum RunnerProcess {
    /// The variable by which a runner tells its workers which process it is.
    public static let variable = "WHALEBOOK_RUNNER"

    /// Whether the process that a worker's environment names is still above it; a script may stand between. Without a
    /// name, the one that `parent` tells.
    ///
    /// A worker that only looked at its first parent would take the one that it got when the runner died at once.
    public static func isThere(
        parent: pid_t, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Bool {
        guard let runner = environment[variable].flatMap({ pid_t($0) }) else { return getppid() == parent }
        var process = getppid()
        while process != runner {
            guard process > 1, let above = self.parent(of: process) else { return false }
            process = above
        }
        return true
    }

    /// Source: proc(5), `/proc/PID/stat`: number, name in parentheses, state, parent.
    private static func parent(of process: pid_t) -> pid_t? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[end...].split(separator: " ").dropFirst(2).first.flatMap { pid_t($0) }
    }
}
