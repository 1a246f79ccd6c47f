import Basics
import Foundation
import Jobs
import PublicData

/// Has the worker download and lay out a public data set.
public struct DataSetFetching: Sendable {
    private let job: DataSetJob
    private let worker: Worker

    /// Creates a task that makes the folder `directory`.
    ///
    /// `mirror` is a folder, by its absolute path, or an address that has the archives; nil for their publishers.
    public init(_ set: PublicDataSet, into directory: URL, mirror: String?, worker: Worker) {
        job = DataSetJob(name: set.name, directory: directory.path, mirror: mirror)
        self.worker = worker
    }

    /// Runs to the end.
    ///
    /// - Returns: What the folder has, for the user.
    /// - Throws: ``WorkerError`` with the reason; ``WorkflowError``.
    public func run(progress: @escaping @Sendable (RunProgress) -> Void) async throws -> [String] {
        let temporary = try TemporaryFolder("fetch")
        defer { temporary.remove() }
        do {
            let facts = try await worker.run(.dataSet(job), log: temporary.url.appending(path: "worker.log")) { event in
                if case .progress(let done, let total, let unit, let rate, let note) = event {
                    progress(RunProgress(done: done, total: total, unit: unit, rate: rate, note: note))
                }
            }
            return facts["lines"]?.array?.compactMap(\.string) ?? []
        } catch {
            throw Task.isCancelled ? WorkflowError.interrupted : error
        }
    }
}
