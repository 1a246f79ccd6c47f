import Basics
import Foundation
import Jobs

/// The process that keeps the store in which the processes of a launcher meet, for as long as the run of rank 0 lasts.
public final class RankHost {
    private let process = Process()
    private let input = Pipe()

    /// Starts the process, and waits until it listens.
    ///
    /// - Throws: ``WorkerError``, ``WorkflowError/workerMissing(path:)``.
    public init(_ worker: Worker) throws {
        guard FileManager.default.isExecutableFile(atPath: worker.url.path) else {
            throw WorkflowError.workerMissing(path: worker.url.path)
        }
        let output = Pipe()
        process.executableURL = worker.url
        process.arguments = ["host"]
        process.standardInput = input
        process.standardOutput = output
        process.environment = ProcessInfo.processInfo.environment.merging([
            RunnerProcess.variable: "\(ProcessInfo.processInfo.processIdentifier)"
        ]) { $1 }
        try process.run()
        let line = output.fileHandleForReading.availableData
        switch try? JSONDecoder().decode(Event.self, from: line) {
        case .finished: return
        case .failed(let reason): throw WorkerError.failed(reason)
        default: throw WorkerError.died("the store of the processes did not start")
        }
    }

    /// Ends the other processes' runs, and then the store.
    public func end(successfully: Bool) {
        if successfully { try? input.fileHandleForWriting.write(contentsOf: Data("finished\n".utf8)) }
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
