import CFuzzer
import Foundation

private nonisolated(unsafe) var examined: (Data) -> Void = { _ in }

/// Calls `examine` with made-up inputs, with libFuzzer's arguments from the command line; a trap is a finding.
public func fuzz(_ examine: @escaping (Data) -> Void) -> Never {
    examined = examine
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    let status = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
        examined(Data(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
    exit(status)
}
