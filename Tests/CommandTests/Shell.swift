import Basics
import Foundation

/// Runs the `whalebook` that was built with these tests, as a user does.
struct Shell {
    /// The working folder of the commands.
    let folder: URL

    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
        let process: Int32
    }

    /// Makes an empty folder.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: String, to path: String) throws {
        let url = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    func read(_ path: String) throws -> String {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: path).path) }

    /// The names in a folder, sorted.
    func contents(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path).sorted()
    }

    func move(_ path: String, to other: String) throws {
        try FileManager.default.moveItem(at: folder.appending(path: path), to: folder.appending(path: other))
    }

    /// See ``whalebook(arguments:environment:)``.
    func whalebook(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try whalebook(arguments: arguments, environment: environment)
    }

    /// The built command.
    static var executable: URL { Bundle.main.bundleURL.appending(path: "whalebook") }

    /// Starts a command line without reading its output.
    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        for stream in [\Process.standardOutput, \.standardError, \.standardInput] {
            process[keyPath: stream] = FileHandle.nullDevice
        }
        try process.run()
        return process
    }

    /// Runs a command line to its end.
    func whalebook(arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
        try execute(Self.executable, arguments, environment: environment)
    }

    /// Runs any program to its end.
    func execute(_ program: URL, _ arguments: [String], environment: [String: String]) throws -> Outcome {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files, because a full pipe would block the command.
        let output = folder.appending(path: ".output"), errors = folder.appending(path: ".errors")
        for url in [output, errors] { try Data().write(to: url) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8), process: process.processIdentifier)
    }
}

extension Shell {
    /// Removes every result that a stage made here.
    func forgetResults() throws {
        let cache = folder.appending(path: ".whalebook/cache")
        let stages = [
            "split", "measure", "train", "embed", "search", "expand", "evaluate", "sweep", "explain", "reduce",
        ]
        for stage in stages {
            let place = cache.appending(path: stage)
            for name in (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? [] {
                let record = place.appending(path: "\(name)/node.json")
                let isImported = (try? JSONValue.read(record))?[path: "ingredients.data.imported"] != nil
                if !isImported { try FileManager.default.removeItem(at: place.appending(path: name)) }
            }
        }
    }

    /// Invented vectors for every photograph of the pod, near one centre for each whale.
    func writeEmbeddings(to path: String) throws {
        let table = try CSVTable.read(folder.appending(path: "pod/metadata.csv"))
        let (id, whale) = (try table.column("image_id"), try table.column("whale_id"))
        let values = table.rows.flatMap { cells -> [Float] in
            var centre = SeededGenerator(seed: 1, cells[whale]), own = SeededGenerator(seed: 1, cells[id])
            return (0..<16).map { _ in Float(centre.normal() + own.normal()) }
        }
        try NPYMatrix(rows: table.rows.count, columns: 16, values: values).write(to: folder.appending(path: path))
    }

    /// Drawn once for all tests.
    private static let pod = Result {
        let shell = try Shell()
        let result = try shell.whalebook("sample", "pod", "--whales", "8", "--images", "36")
        guard result.status == 0 else { throw SampleFailed(errors: result.errors) }
        return shell.folder.appending(path: "pod")
    }

    private struct SampleFailed: Error { let errors: String }

    /// A small drawn pod and a configuration that trains on it in seconds.
    static func project() throws -> Shell {
        let shell = try Shell()
        try FileManager.default.copyItem(at: pod.get(), to: shell.folder.appending(path: "pod"))
        try shell.write(
            """
            data: pod
            device: cpu
            train:
              members: [{name: tiny, backbone: tf_efficientnet_lite0, image-size: 32}]
              neck: {embedding: 32}
              schedule: {epochs: 2, warmup-epochs: 1}
              batch-size: 8
            evaluate: {bootstrap: 100}

            """, to: "whalebook.yaml")
        try shell.write(
            """
            ---
            title: "mAP `{wb} evaluate.pooled.map | fixed(4)`"
            ---

            ```{map-curve}
            #| label: fig-map
            ```

            ```{retrieval-grid}
            #| label: fig-worst
            count: 2
            ```

            """, to: "reports/trial.book.md")
        return shell
    }
}
