import ArgumentParser
import Basics
import Foundation
import Workflow

/// How the program ends.
enum Ending {
    /// Ends with a command's code, or with 1 if its results could not be written.
    ///
    /// If the reader is gone, as with `head`, the program ends by SIGPIPE without a message, like other tools.
    static func exit(_ code: Int32) -> Never {
        TemporaryFolder.removeAll()
        switch StandardStream.output.failure {
        case .EPIPE?: endProcess(by: SIGPIPE)
        case let failure?:
            Terminal.report("error: Cannot write to standard output: \(words(failure)). The results are incomplete.")
            Foundation.exit(ExitCode.failure.rawValue)
        case nil: break
        }
        // Only if there are no results: another program may read those.
        if let failure = StandardStream.errors.failure, !StandardStream.output.hasWritten {
            Terminal.print("Progress and messages could not be written to standard error: \(words(failure)).")
        }
        Foundation.exit(code)
    }

    private static func words(_ failure: POSIXErrorCode) -> String { FileError.reason(of: POSIXError(failure)) }
}

/// The exit codes of errors.
enum FailureCode {
    /// The answer is no: not fresh.
    static let no = ExitCode(2)
    /// Rendered, but with errors or stale cells.
    static let flawed = ExitCode(4)
    static let interrupted = ExitCode(130)

    static func of(_ error: any Error) -> Int32 {
        switch error {
        case is StageFailure: 3
        case ComparisonError.notComparable: 5
        case WorkflowError.locked: 6
        case WorkflowError.interrupted, is CancellationError: 130
        default: 1
        }
    }
}
