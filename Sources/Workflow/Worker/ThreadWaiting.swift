import Foundation

/// How the worker's threads wait for one another at the end of a parallel loop.
///
/// libgomp's threads spin until the last one arrives. On an idle machine that is fastest: sleeping at once makes training
/// a sixth slower. Where another process has a core, the last thread is not running, and the others burn the time that it
/// needs. So what else runs decides, when the worker starts; no result depends on it.
enum ThreadWaiting {
    /// So much of one core that others use makes spinning the slower way.
    static let busyCores = 0.25
    /// For a neighbour that comes later; libgomp's own number is thirty times as large.
    static let briefSpin = 10_000

    /// What the worker is started with; empty where the caller's environment settles it.
    ///
    /// - Parameters:
    ///   - busy: How many cores other processes use; nil where the system does not tell.
    ///   - threads: How many threads the worker has.
    ///   - cores: How many cores the machine has; with more threads than that some always wait for a core.
    static func variables(
        busy: Double?, threads: Int = 1, cores: Int = ProcessInfo.processInfo.activeProcessorCount,
        given: [String: String]
    ) -> [String: String] {
        guard given["OMP_WAIT_POLICY"] == nil, given["GOMP_SPINCOUNT"] == nil else { return [:] }
        let mustWait = threads > cores || busy.map { $0 >= busyCores } == true
        return mustWait ? ["OMP_WAIT_POLICY": "passive"] : ["GOMP_SPINCOUNT": String(briefSpin)]
    }

    /// How many cores are in use, over a tenth of a second in which this process waits; nil where the system does not
    /// tell.
    static func coresInUse() async throws -> Double? {
        guard let before = Times.now else { return nil }
        try await Task.sleep(for: .milliseconds(100))
        return Times.now.flatMap {
            $0.coresInUse(since: before, cores: ProcessInfo.processInfo.activeProcessorCount)
        }
    }

    /// What all processors did since the system started, in ticks of the kernel.
    struct Times: Equatable {
        let busy: Double
        let total: Double

        fileprivate static var now: Times? {
            (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)).flatMap(Times.init)
        }

        /// Reads the line `cpu` of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal; what guests
        /// used is in user already. nil for another text.
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
