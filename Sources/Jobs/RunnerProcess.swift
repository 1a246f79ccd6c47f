import Foundation

/// The process that started a worker; if it is gone, nobody reads the result.
public enum RunnerProcess {
    /// The environment variable with the runner's process id, which a runner sets for its workers.
    public static let variable = "WHALEBOOK_RUNNER"

    /// Whether the process that a worker's environment names is still an ancestor; a script may be between them.
    /// Without the variable, whether `parent` is still the parent.
    ///
    /// Remembering the first parent is not enough: if the runner dies at once, that is already another process.
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

    /// The parent of a process. Source: proc(5), `/proc/PID/stat`: id, name in parentheses, state, parent.
    private static func parent(of process: pid_t) -> pid_t? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[end...].split(separator: " ").dropFirst(2).first.flatMap { pid_t($0) }
    }
}
