import Dispatch

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
