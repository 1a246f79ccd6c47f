import Basics
import Foundation
import Jobs
import Results
import Retrieval
import Subprocess
import SystemPackage

/// The executable that runs the work that needs libtorch, in its own process.
///
/// It reads a job as JSON and writes events as JSON lines; its readable messages go to a log. Even if it crashes, only
/// the job fails.
public struct Worker: Sendable {
    /// Its path.
    public let url: URL
    /// The processes that share its jobs.
    public var crew = Crew.alone

    /// Creates a reference to a worker.
    public init(at url: URL) { self.url = url }

    /// The worker next to the running executable, or the one that WHALEBOOK_WORKER names.
    public static func beside(executable: URL) -> Worker {
        if let path = ProcessInfo.processInfo.environment["WHALEBOOK_WORKER"], !path.isEmpty {
            return Worker(at: URL(filePath: path))
        }
        let folder = executable.resolvingSymlinksInPath().deletingLastPathComponent()
        return Worker(at: folder.appending(path: "whalebook-worker"))
    }

    /// The worker's description, within `limit`. It usually takes a second, but a minute if libtorch is on a slow disk.
    ///
    /// - Throws: ``WorkflowError/workerMissing(path:)``, ``WorkflowError/workerUnusable(path:reason:)``,
    ///   ``WorkflowError/workerWithoutMemory(path:reason:)``, `ThreadCount.SettingError`, `OpenFilesError`.
    public func describe(within limit: Duration = .seconds(180)) async throws -> WorkerDescription {
        guard FileManager.default.isExecutableFile(atPath: url.path) else {
            throw WorkflowError.workerMissing(path: url.path)
        }
        // Checked here, because the worker could report an error only on its standard error.
        let threads = try ThreadCount.wanted()
        try OpenFiles.checkForChild()
        var options = PlatformOptions()
        // Its own group, as in `run`.
        options.processGroupID = 0
        do {
            let answer = try await withThrowingTaskGroup(of: WorkerDescription?.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await description(threads: threads) }
                group.addTask {
                    try await Task.sleep(for: limit)
                    return nil
                }
                return try await group.next().flatMap(\.self)
            }
            guard let answer else {
                throw WorkflowError.workerWithoutMemory(
                    path: url.path, reason: "it did not respond within \(limit.components.seconds) seconds")
            }
            if Task.isCancelled { throw WorkflowError.interrupted }
            return answer
        } catch let error as WorkflowError {
            throw Task.isCancelled ? WorkflowError.interrupted : error
        } catch {
            if Task.isCancelled { throw WorkflowError.interrupted }
            throw WorkflowError.workerUnusable(path: url.path, reason: "\(error)")
        }
    }

    private func description(threads: Int) async throws -> WorkerDescription {
        var options = PlatformOptions()
        // Its own group, as in `run`.
        options.processGroupID = 0
        let result = try await Subprocess.run(
            .path(FilePath(url.path)), arguments: ["describe"],
            environment: Self.environment(busy: nil, threads: threads), platformOptions: options,
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            let decoded = try? JSONDecoder().decode(Event.self, from: Data(result.standardOutput.utf8))
            let words = result.standardError.trimmingCharacters(in: .whitespacesAndNewlines)
            let reason =
                if case .failed(let reason) = decoded {
                    reason
                } else if result.terminationStatus == .exited(EX_OSERR), !words.isEmpty {
                    words
                } else {
                    Self.ending(result.terminationStatus) + (words.isEmpty ? "" : ": \(words)")
                }
            throw Self.tellsOfMemory(result.terminationStatus, words)
                ? WorkflowError.workerWithoutMemory(path: url.path, reason: reason)
                : WorkflowError.workerUnusable(path: url.path, reason: reason)
        }
        return try JSONDecoder().decode(WorkerDescription.self, from: Data(result.standardOutput.utf8))
    }

    /// Whether a worker ended because of too little memory, by its exit code or by a message of the system's loader.
    private static func tellsOfMemory(_ status: TerminationStatus, _ words: String) -> Bool {
        status == .exited(EX_OSERR)
            || ["failed to map segment", "annot allocate memory", "bad_alloc"].contains(where: words.contains)
    }

    /// Runs one job to its end.
    ///
    /// When the surrounding task is cancelled, the worker is interrupted, and killed if it does not end.
    ///
    /// `log` receives the worker's standard error, after its present contents. `event` is called for every event except
    /// the last.
    ///
    /// - Returns: The facts of ``Event/finished(facts:)``.
    /// - Throws: ``WorkerError``, `CancellationError`, `ThreadCount.SettingError`, `OpenFilesError`.
    public func run(_ job: Job, log: URL, event: @escaping @Sendable (Event) -> Void) async throws -> JSONValue {
        let text = try JSONValue(encoding: job).canonicalText + "\n"
        guard job.isShared, crew.count > 1 else {
            let threads = try ThreadCount.wanted()
            return try await process(["run"], reading: text, threads: threads, log: log, event: event)
        }
        return try await share(text, log: log, event: event)
    }

    /// Runs one process to its end.
    ///
    /// `threads` is the number of threads that compute at the same time, with those of other processes that share the
    /// job; `environment` replaces variables of this process. Without a log its errors go to standard error.
    func process(
        _ arguments: [String], reading text: String, environment added: [String: String] = [:],
        threads: Int, log: URL?, event: @Sendable (Event) -> Void
    ) async throws -> JSONValue {
        guard FileManager.default.isExecutableFile(atPath: url.path) else {
            throw WorkflowError.workerMissing(path: url.path)
        }
        try OpenFiles.checkForChild()
        var options = PlatformOptions()
        // Its own group, so that an interrupt at the terminal reaches the worker only once, from here.
        options.processGroupID = 0
        options.teardownSequence = [.send(signal: .interrupt, allowedDurationToNextStep: .seconds(15))]
        let environment = Self.environment(
            busy: try await ThreadWaiting.coresInUse(), threads: threads, adding: added)
        let descriptor = try log.map(Self.opening) ?? .standardError
        let input: FileDescriptor
        do {
            input = try Self.file(holding: text)
        } catch {
            if log != nil { try? descriptor.close() }
            throw error
        }
        let killsBefore = MemoryKills.count
        let result = try await Subprocess.run(
            .path(FilePath(url.path)), arguments: Arguments(arguments), environment: environment,
            platformOptions: options, input: .fileDescriptor(input, closeAfterSpawningProcess: true),
            output: .sequence, error: .fileDescriptor(descriptor, closeAfterSpawningProcess: log != nil)
        ) { execution in
            var outcome: Result<JSONValue, WorkerError>?
            for try await line in execution.standardOutput.strings(
                separatedBy: .unicodeScalarSequence(["\n"]), bufferingPolicy: .maxLineLength(1 << 20))
            {
                guard outcome == nil else { continue }
                guard let decoded = try? JSONDecoder().decode(Event.self, from: Data(line.utf8)) else {
                    if line.isEmpty { continue }
                    outcome = .failure(.garbage(String(line.prefix(120))))
                    continue
                }
                switch decoded {
                case .finished(let facts): outcome = .success(facts)
                case .failed(let reason): outcome = .failure(.failed(reason))
                case .progress, .message: event(decoded)
                }
            }
            return outcome
        }
        try Task.checkCancellation()
        switch result.closureResult {
        case .failure(let error): throw error
        case .success(let facts) where result.terminationStatus.isSuccess: return facts
        case .success, nil:
            let hasKilled = killsBefore.map { before in MemoryKills.count.map { $0 > before } ?? false } ?? false
            throw WorkerError.died(Self.ending(result.terminationStatus, kernelHasKilled: hasKilled))
        }
    }

    /// A worker's environment: how its threads wait, OpenBLAS's kernels, which process it works for, and its share of
    /// the cores.
    private static func environment(
        busy: Double?, threads: Int, adding added: [String: String] = [:]
    ) -> Environment {
        let given = ProcessInfo.processInfo.environment
        var own = ThreadWaiting.variables(busy: busy, threads: threads, given: given)
            .merging(OpenBLAS.variables(given: given)) { $1 }
            .merging([RunnerProcess.variable: "\(ProcessInfo.processInfo.processIdentifier)"]) { $1 }
            .merging(added) { $1 }
        if let share = ThreadCount.share { own[ThreadCount.coresVariable] = "\(share)" }
        return .inherit.updating(
            Dictionary(uniqueKeysWithValues: own.map { (Environment.Key(stringLiteral: $0), $1) }))
    }

    /// Opens a log to append to.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``, also for a link.
    private static func opening(log: URL) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                FilePath(log.path), .writeOnly, options: [.create, .append, .noFollow, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch let error as Errno {
            throw FileError.unwritable(
                path: log.path,
                reason: error == .tooManySymbolicLinkLevels ? SystemWords.link : SystemWords.of(error.rawValue))
        }
    }

    /// An open file without a name. With a pipe, this process would be killed if a worker ends before it has read.
    private static func file(holding text: String) throws -> FileDescriptor {
        let place = FileManager.default.temporaryDirectory.appending(path: "whalebook-job-\(UUID().uuidString)")
        try AtomicFile.write(text, to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        return try FileDescriptor.open(FilePath(place.path), .readOnly, options: .closeOnExec)
    }

    /// How a worker ended; `kernelHasKilled` means that the kernel killed a process in the meantime because memory ran
    /// out.
    static func ending(_ status: TerminationStatus, kernelHasKilled: Bool = false) -> String {
        switch status {
        case .exited(0): "it ended without a result"
        case .exited(EX_OSERR): "it had too little memory to start; raise the limit (ulimit -v, -d) or free memory"
        case .exited(let code): "it ended with code \(code)"
        case .signaled(SIGKILL):
            (kernelHasKilled
                ? "the kernel killed it because memory ran out"
                : "it was killed (signal 9), perhaps for lack of memory")
                + "; a smaller train.batch-size or image-size needs less"
        case .signaled(let signal): "it was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
        }
    }
}

/// The failure of a worker.
public enum WorkerError: ErrorWithLines, Equatable, CustomStringConvertible {
    /// It reported an error, in lines of the form of ``visibleLines(of:)``.
    case failed(String)
    /// It ended without reporting an error.
    case died(String)
    /// One of the processes that shared a job ended without reporting an error.
    case rankDied(rank: Int, count: Int, ending: String)
    /// It wrote a line that is not an event.
    case garbage(String)

    public var lines: [String] {
        if case .failed(let reason) = self { reason.components(separatedBy: "\n") } else { [description] }
    }

    public var description: String {
        switch self {
        case .failed(let reason): reason
        case .died(let ending): "the worker gave no result: \(ending)."
        case .rankDied(let rank, let count, let ending):
            "rank \(rank) of \(count) processes gave no result: \(ending). A training continues from its last checkpoint."
        case .garbage(let line):
            """
            the worker wrote \(quoted: line), which is not an event. Build whalebook and whalebook-worker from the \
            same sources, and let nothing else write to its standard output.
            """
        }
    }
}

/// The number of processes that the kernel has killed since its start because memory ran out.
enum MemoryKills {
    /// The present count, or nil if the kernel does not report it.
    static var count: Int? {
        (try? String(contentsOfFile: "/proc/vmstat", encoding: .utf8)).flatMap(count(in:))
    }

    /// The count in the text of `/proc/vmstat`.
    static func count(in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { Int($0.dropFirst("oom_kill ".count)) }
    }
}
