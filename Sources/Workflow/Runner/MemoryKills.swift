import Foundation

/// How many processes the kernel has killed because memory ran out, since it started.
enum MemoryKills {
    /// The count now, or nil where the kernel does not tell.
    static var count: Int? {
        (try? String(contentsOfFile: "/proc/vmstat", encoding: .utf8)).flatMap(count(in:))
    }

    /// The count in the text of `/proc/vmstat`.
    static func count(in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { Int($0.dropFirst("oom_kill ".count)) }
    }
}
