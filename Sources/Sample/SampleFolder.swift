import Basics
import Foundation
import Synchronization

/// A folder in which a sample is built, renamed when it is complete.
struct SampleFolder {
    /// The folder for new files, next to ``directory`` so that it can be renamed at the end.
    let partial: URL
    private let directory: URL

    /// - Throws: ``SampleError/folderTaken(path:)``, or ``FileError/unwritable(path:reason:)``.
    init(_ directory: URL) throws {
        let directory = directory.standardizedFileURL
        self.directory = directory
        partial = directory.deletingLastPathComponent().appending(path: "\(directory.lastPathComponent).partial")
        try Self.require(free: directory)
        try Self.require(free: partial)
        try Self.attempt(directory) {
            if FileManager.default.fileExists(atPath: partial.path) { try FileManager.default.removeItem(at: partial) }
            try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
        }
        try AtomicFile.write("", to: partial.appending(path: Self.partialMark))
    }

    /// Distinguishes an unfinished sample from another folder with the same name.
    private static let partialMark = ".whalebook-sample"

    /// Renames the complete sample into place, replacing an earlier one.
    func finish() throws {
        try Self.attempt(directory) {
            try FileManager.default.removeItem(at: partial.appending(path: Self.partialMark))
            if FileManager.default.fileExists(atPath: directory.path) {
                try FileManager.default.removeItem(at: directory)
            }
            try FileManager.default.moveItem(at: partial, to: directory)
        }
    }

    /// Checks that a folder may be replaced: it is missing, empty or a sample.
    private static func require(free folder: URL) throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        guard let files, files.isEmpty || files.contains(partialMark) || files.contains(SamplePod.recordName),
            !holdsForeignFiles(folder)
        else {
            throw SampleError.folderTaken(path: folder.path)
        }
    }

    /// Whether the folder has files that are not a sample's, such as a user's photographs, which must not be deleted.
    private static func holdsForeignFiles(_ folder: URL) -> Bool {
        let images = #/images(/train\d+\.jpg)?/#, lists = #/(queries|databases)(/[a-z-]+\.csv)?/#
        let tables = #/[a-z_]+\.csv|sample\.json|\.[^/]+|images/\.[^/]+/#
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return files.contains { file in
            file.wholeMatch(of: images) == nil && file.wholeMatch(of: lists) == nil
                && file.wholeMatch(of: tables) == nil
        }
    }

    private static func attempt(_ url: URL, _ body: () throws -> Void) throws {
        do { try body() } catch {
            throw FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
        }
    }
}

/// A sample that cannot be drawn.
public enum SampleError: Error, Equatable, CustomStringConvertible {
    case tooFewWhales(count: Int, least: Int)
    case tooFewImages(count: Int, whales: Int, least: Int)
    case tooManyImages(count: Int, most: Int)
    case folderTaken(path: String)

    public var description: String {
        switch self {
        case .tooFewWhales(let count, let least):
            "A pod of \(count) whales leaves too few for training, queries and databases. Draw at least \(least)."
        case .tooFewImages(let count, let whales, let least):
            """
            \(count) images are too few for \(whales) whales: training and scenarios need separate images. Draw at \
            least \(least) images, or fewer whales.
            """
        case .tooManyImages(let count, let most):
            "\(count) images are more than can be drawn. Draw at most \(most)."
        case .folderTaken(let path):
            """
            \(path) holds files that are not from a drawn sample, so nothing was changed. Choose another folder, or \
            empty this one.
            """
        }
    }
}

/// Collects the results of the drawing threads.
final class ProgressBoard: Sendable {
    private struct State {
        var results: [ImageSize?]
        var finished = 0
        var failure: (any Error)?
    }

    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(results: Array(repeating: nil, count: count))) }

    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    func finish(_ index: Int, _ size: ImageSize, _ progress: (Int) -> Void) {
        state.withLock { state in
            state.results[index] = size
            state.finished += 1
            progress(state.finished)
        }
    }

    func fail(_ error: any Error) {
        state.withLock { $0.failure = $0.failure ?? error }
    }

    /// All results in order, or the first failure.
    func sizes() throws -> [ImageSize] {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.results.compactMap(\.self)
        }
    }
}
