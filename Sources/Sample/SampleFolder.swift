import Basics
import Foundation
import Synchronization

/// Where a sample comes to be: in a folder of its own until it is whole.
struct SampleFolder {
    /// Where the files are written; beside ``directory``, so that a move is enough in the end.
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

    /// Tells a half-drawn sample from a folder that merely has such a name.
    private static let partialMark = ".whalebook-sample"

    /// Gives the whole sample its name, in place of an earlier one.
    func finish() throws {
        try Self.attempt(directory) {
            try FileManager.default.removeItem(at: partial.appending(path: Self.partialMark))
            if FileManager.default.fileExists(atPath: directory.path) {
                try FileManager.default.removeItem(at: directory)
            }
            try FileManager.default.moveItem(at: partial, to: directory)
        }
    }

    /// A folder that is missing, empty or our own may be replaced.
    private static func require(free folder: URL) throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        guard let files, files.isEmpty || files.contains(partialMark) || files.contains(SamplePod.recordName),
            !holdsForeignFiles(folder)
        else {
            throw SampleError.folderTaken(path: folder.path)
        }
    }

    /// Whether a file is none of a sample's, such as a photograph that somebody put there: it must not go with it.
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
            "A pod of \(count) whales leaves too few for training, queries and databases. Ask for at least \(least)."
        case .tooFewImages(let count, let whales, let least):
            """
            \(count) images are too few for \(whales) whales: training and the scenarios each want their own. \
            Ask for at least \(least), or for fewer whales.
            """
        case .tooManyImages(let count, let most):
            "\(count) images are more than can be drawn. Ask for at most \(most)."
        case .folderTaken(let path):
            """
            \(path) holds files that are not a drawn sample's, and is left alone. \
            Name another folder, or empty this one.
            """
        }
    }
}

/// Where the threads that draw leave their results.
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
