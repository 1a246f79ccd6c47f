import Dispatch
import Foundation
import Synchronization

/// The number of threads for arithmetic.
public enum ThreadCount {
    /// An invalid number of threads.
    public struct SettingError: Error, Equatable, Sendable, CustomStringConvertible {
        /// The environment variable.
        public let variable: String
        /// Its value.
        public let setting: String

        public var description: String { "\(variable) is \(quoted: setting). Set it to a number from 1 to 1024." }
    }

    /// The environment variable that sets the number.
    public static let variable = "WHALEBOOK_THREADS"

    /// The cores that the surrounding task may use if it shares the machine with others; nil for all.
    @TaskLocal public static var share: Int?

    /// The environment variable by which a runner gives its worker a share of the cores.
    public static let coresVariable = "WHALEBOOK_CORES"

    /// The number of cores that the surrounding task may use.
    public static var cores: Int { share ?? ofProcess }

    /// The number of cores that this process may use.
    private static let ofProcess: Int = {
        let all = ProcessInfo.processInfo.activeProcessorCount
        let given = ProcessInfo.processInfo.environment[coresVariable].flatMap { Int($0) }
        return given.map { min(max(1, $0), all) } ?? all
    }()

    /// The value of `WHALEBOOK_THREADS`, or the number of cores that the surrounding task may use.
    ///
    /// - Throws: ``SettingError`` for a value that is not a number from 1 to 1024.
    public static func wanted(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SettingError) -> Int {
        try number(variable, in: environment) ?? cores
    }

    /// The number in an environment variable; nil if it is unset or empty.
    private static func number(
        _ variable: String, in environment: [String: String]
    ) throws(SettingError) -> Int? {
        guard let setting = environment[variable], !setting.isEmpty else { return nil }
        guard let number = Int(setting), (1...1024).contains(number) else {
            throw SettingError(variable: variable, setting: setting)
        }
        return number
    }
}

extension ThreadCount {
    /// The environment variable with the number of threads that decode photographs.
    public static let decodingVariable = "WHALEBOOK_DECODING_THREADS"

    /// The number of threads that decode photographs: the value of `WHALEBOOK_DECODING_THREADS`, or else the cores that
    /// arithmetic uses; if it runs on a graphics card, all cores, since they have nothing else to do.
    ///
    /// - Throws: ``SettingError`` for a value that is not a number from 1 to 1024.
    public static func forDecoding(
        onCard: Bool, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SettingError) -> Int {
        if let number = try number(decodingVariable, in: environment) { return number }
        return onCard ? cores : try wanted(environment: environment)
    }
}

/// The results of `body` for every number below `count`, computed on all cores that the surrounding task may use.
public func parallelMap<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    Array(unsafeUninitializedCapacity: count) { output, initialized in
        // Safe: each call initializes its own element, and all calls end before the buffer's lifetime does.
        nonisolated(unsafe) let output = output.baseAddress
        parallelFor(count) { number in output.unsafelyUnwrapped.advanced(by: number).initialize(to: body(number)) }
        initialized = count
    }
}

/// Calls `body` with every number below `count`, in any order, on all cores that the surrounding task may use.
public func parallelFor(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let cores = ThreadCount.cores
    guard cores < min(count, ProcessInfo.processInfo.activeProcessorCount) else {
        return DispatchQueue.concurrentPerform(iterations: count, execute: body)
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: cores) { _ in
        while case let number = next.wrappingAdd(1, ordering: .relaxed).oldValue, number < count { body(number) }
    }
}
