import Foundation

/// The memory that new processes can use.
enum AvailableMemory {
    /// In bytes: what the kernel can give without swapping, or less if the process's control group has a limit; all
    /// memory of the machine if the kernel does not report it.
    static var bytes: Double {
        func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
        return bytes(
            meminfo: text("/proc/meminfo"), limit: text("/sys/fs/cgroup/memory.max"),
            use: text("/sys/fs/cgroup/memory.current")) ?? Double(ProcessInfo.processInfo.physicalMemory)
    }

    /// The same from the texts of `/proc/meminfo` and of a control group's `memory.max` and `memory.current`.
    static func bytes(meminfo: String?, limit: String?, use: String?) -> Double? {
        func number(_ text: String?) -> Double? {
            text.flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        let line = meminfo?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let free = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }.map {
            $0 * 1024
        }
        let within = number(limit).map { max(0, $0 - (number(use) ?? 0)) }
        return [free, within].compactMap(\.self).min()
    }
}
