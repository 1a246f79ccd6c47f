import Dispatch
import Foundation

/// How many threads arithmetic may use.
public enum ThreadCount {
    /// A setting that is no number of threads.
    public struct SettingError: Error, Equatable, Sendable, CustomStringConvertible {
        /// What `WHALEBOOK_THREADS` holds.
        public let setting: String

        public var description: String { "WHALEBOOK_THREADS is \(quoted: setting); set a number from 1 to 1024" }
    }

    /// `WHALEBOOK_THREADS`, or the cores.
    ///
    /// - Throws: ``SettingError`` for a setting that is no number from 1 to 1024.
    public static func wanted(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SettingError) -> Int {
        guard let setting = environment["WHALEBOOK_THREADS"], !setting.isEmpty else {
            return ProcessInfo.processInfo.activeProcessorCount
        }
        guard let wanted = Int(setting), (1...1024).contains(wanted) else { throw SettingError(setting: setting) }
        return wanted
    }
}

/// The results of `body` for every number below `count`, worked out on all cores.
public func parallelMap<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    Array(unsafeUninitializedCapacity: count) { output, initialized in
        // Safe: each number initializes its own place, and all end before the buffer does.
        nonisolated(unsafe) let output = output.baseAddress
        DispatchQueue.concurrentPerform(iterations: count) { number in
            output.unsafelyUnwrapped.advanced(by: number).initialize(to: body(number))
        }
        initialized = count
    }
}
