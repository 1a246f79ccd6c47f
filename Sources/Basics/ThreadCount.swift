import Dispatch
import Foundation

/// The number of threads for arithmetic.
public enum ThreadCount {
    /// An invalid number of threads.
    public struct SettingError: Error, Equatable, Sendable, CustomStringConvertible {
        /// The value of `WHALEBOOK_THREADS`.
        public let setting: String

        public var description: String { "WHALEBOOK_THREADS is \(quoted: setting). Set it to a number from 1 to 1024." }
    }

    /// The environment variable that sets it.
    public static let variable = "WHALEBOOK_THREADS"

    /// The value of `WHALEBOOK_THREADS`, or the number of cores.
    ///
    /// - Throws: ``SettingError`` for a value that is not a number from 1 to 1024.
    public static func wanted(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SettingError) -> Int {
        guard let setting = environment[variable], !setting.isEmpty else {
            return ProcessInfo.processInfo.activeProcessorCount
        }
        guard let wanted = Int(setting), (1...1024).contains(wanted) else { throw SettingError(setting: setting) }
        return wanted
    }
}

/// The results of `body` for every number below `count`, computed on all cores.
public func parallelMap<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    Array(unsafeUninitializedCapacity: count) { output, initialized in
        // Safe: each call initializes its own element, and all calls end before the buffer's lifetime does.
        nonisolated(unsafe) let output = output.baseAddress
        DispatchQueue.concurrentPerform(iterations: count) { number in
            output.unsafelyUnwrapped.advanced(by: number).initialize(to: body(number))
        }
        initialized = count
    }
}
