import Foundation

/// The memory that the process uses.
enum Memory {
    /// The resident memory, in MB; 0 if the system does not report it.
    static var residentMegabytes: Double { kilobytes("VmRSS") / 1e3 * 1.024 }

    /// The peak of the resident memory so far, in MB; 0 if the system does not report it.
    static var peakMegabytes: Double { kilobytes("VmHWM") / 1e3 * 1.024 }

    /// A line of the process's status, in units of 1,024 bytes.
    private static func kilobytes(_ name: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0
    }
}
