import Foundation

/// The way in which the worker's threads wait for one another at the end of a parallel loop.
///
/// libgomp's threads spin until the last one arrives. On an idle machine that is fastest: sleeping at once makes
/// training a sixth slower. But if another process occupies a core, the last thread is not running, and the spinning
/// threads use up the time that it needs. So the load at the worker's start decides; no result depends on it.
enum ThreadWaiting {
    /// The number of threads without a free core, from which spinning is slower.
    static let displaced = 0.25
    /// A short spin, in case another process starts later; libgomp's default is thirty times as large.
    static let briefSpin = 10_000

    /// The worker's environment variables; empty if the given environment sets them.
    ///
    /// `busy` is the number of cores that other processes use; nil if the system does not report it. If the worker has
    /// more threads than there are free cores, some wait for a core.
    static func variables(
        busy: Double?, threads: Int = 1, cores: Int = ProcessInfo.processInfo.activeProcessorCount,
        given: [String: String]
    ) -> [String: String] {
        guard given["OMP_WAIT_POLICY"] == nil, given["GOMP_SPINCOUNT"] == nil else { return [:] }
        let mustWait = Double(threads) >= Double(cores) - (busy ?? 0) + displaced
        return mustWait ? ["OMP_WAIT_POLICY": "passive"] : ["GOMP_SPINCOUNT": String(briefSpin)]
    }

    /// The number of cores in use, measured over a tenth of a second in which this process waits; nil if the system
    /// does not report it.
    static func coresInUse() async throws -> Double? {
        guard let before = Times.now else { return nil }
        try await Task.sleep(for: .milliseconds(100))
        return Times.now.flatMap {
            $0.coresInUse(since: before, cores: ProcessInfo.processInfo.activeProcessorCount)
        }
    }

    /// The time of all processors since the system started, in kernel ticks.
    struct Times: Equatable {
        let busy: Double
        let total: Double

        fileprivate static var now: Times? {
            (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)).flatMap(Times.init)
        }

        /// Reads the line `cpu` of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal; user includes
        /// the time of guests. Nil for other text.
        init?(_ text: String) {
            guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
            let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
            guard ticks.count == 8 else { return nil }
            total = ticks.reduce(0, +)
            busy = total - ticks[3] - ticks[4]
        }

        func coresInUse(since earlier: Times, cores: Int) -> Double? {
            let passed = total - earlier.total
            return passed > 0 ? (busy - earlier.busy) / passed * Double(cores) : nil
        }
    }
}
