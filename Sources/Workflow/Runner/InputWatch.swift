import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Results

/// The state of the files that stages read, before a run computed their digests for its keys.
///
/// A result is stored under the key of the digested contents. A file that changes while a stage reads it, even if it
/// changes back, would put a different result under that key. The time of its last change reveals this.
struct InputWatch {
    private let folder: DataSettings
    private let photographs: [String]
    private let files: [DataPart: [String]]
    /// The weights of each member.
    private let weights: [String: [String]]
    private let stamps: [String: FileStamp]

    /// Records the data and the weights. If a file changed just now, waits until a further change would be detected.
    ///
    /// - Throws: ``CatalogError``, ``FileError``, ``HubError``.
    init(_ configuration: Configuration, weights: Weights) async throws {
        folder = configuration.resolvedData
        let place = try folder.catalogFolder()
        let directory = place.directory.path + "/"
        photographs = try Catalog.photographsNamed(in: place).map(\.path)
        files = [
            .metadata: place.urls.map(\.path) + (place.boxFile.map { [directory + $0] } ?? []),
            .scenarios: try DataManifest.scenarioFiles(place.directory).map { directory + $0 },
            .photographs: photographs.map { directory + $0 },
        ]
        var members: [String: [String]] = [:]
        for member in configuration.train.members {
            members[member.name] = try member.weights.references.compactMap { _, text in
                guard case .file(let url) = try weights.place(of: text) else { return nil }
                return url.path
            }
        }
        self.weights = members
        let paths = Array(files.values.joined()) + members.values.joined()
        var stamps = Self.stamps(of: paths)
        let now = FileStamp.now
        if stamps.values.contains(where: { !$0.isSettled(at: now) }) {
            try await Task.sleep(for: .nanoseconds(FileStamp.settling))
            stamps = Self.stamps(of: paths)
        }
        self.stamps = stamps
    }

    private static func stamps(of paths: [String]) -> [String: FileStamp] {
        Dictionary(paths.compactMap { path in FileStamp(path: path).map { (path, $0) } }) { first, _ in first }
    }

    /// The paths of the data files that a stage reads.
    private func paths(_ parts: Set<DataPart>, member: String?) -> [String] {
        parts.sorted { $0.rawValue < $1.rawValue }.flatMap { part in
            part == .weights ? member.flatMap { weights[$0] } ?? [] : files[part] ?? []
        }
    }

    /// One digest of the last changes of a stage's input files: a stage continues an earlier attempt only if that read
    /// the same files. It does not contain their location.
    func digest(of parts: Set<DataPart>, member: String?) -> String {
        Digest.of(
            paths(parts, member: member).map { path in
                stamps[path].map { "\($0.size) \($0.modified) \($0.changed)\n" } ?? "none\n"
            }.joined())
    }

    /// Checks again all data files that a stage has read.
    ///
    /// - Throws: ``WorkflowError/inputChanged(path:)`` for the first changed file.
    func check(_ parts: Set<DataPart>, member: String?) throws {
        for path in paths(parts, member: member) where FileStamp(path: path) != stamps[path] {
            throw WorkflowError.inputChanged(path: path)
        }
        guard parts.contains(.metadata) else { return }
        let place = try folder.catalogFolder()
        // Without metadata files, the photographs themselves are the metadata.
        guard place.layout == .folders else { return }
        let now = try Catalog.photographsNamed(in: place).map(\.path)
        if let path = Set(now).symmetricDifference(photographs).min() {
            throw WorkflowError.inputChanged(path: place.directory.appending(path: path).path)
        }
    }
}

/// The state of a node's upstream files before it began.
struct UpstreamWatch {
    private let stamps: [String: FileStamp?]

    /// Records the state of the files that the node reads from each stage.
    init(_ results: [(node: Node, folder: URL)], reading files: [StageName: [String]]) {
        let paths = results.flatMap { node, folder in
            (files[node.stage] ?? []).map { folder.appending(path: $0).path }
        }
        stamps = Dictionary(paths.map { ($0, FileStamp(path: $0)) }) { first, _ in first }
    }

    /// Checks the files again.
    ///
    /// - Throws: ``WorkflowError/inputChanged(path:)``.
    func check() throws {
        for (path, stamp) in stamps.sorted(by: { $0.key < $1.key }) where FileStamp(path: path) != stamp {
            throw WorkflowError.inputChanged(path: path)
        }
    }
}
