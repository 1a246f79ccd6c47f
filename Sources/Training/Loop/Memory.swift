import Foundation

/// What the process takes of the machine's memory.
enum Memory {
    /// Resident now, in MB; 0 where the system does not tell.
    static var residentMegabytes: Double { kilobytes("VmRSS") / 1e3 * 1.024 }

    /// The most that was resident so far, in MB; 0 where the system does not tell.
    static var peakMegabytes: Double { kilobytes("VmHWM") / 1e3 * 1.024 }

    /// A line of the process's status, in units of 1,024 bytes.
    private static func kilobytes(_ name: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0
    }
}
