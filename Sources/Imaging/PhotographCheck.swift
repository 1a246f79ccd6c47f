import Basics
import Foundation
import Synchronization

/// A photograph that cannot be used, with the reason.
public struct BrokenPhotograph: Sendable, CustomStringConvertible {
    public let photograph: PhotographFile
    public let error: any Error

    public var description: String {
        // Outside a catalogue the id is the path, which the error already names.
        photograph.id == photograph.url.path ? "\(error)" : "\(photograph.id): \(error)"
    }

    /// What is wrong, without the path and a final full stop.
    public var problem: String { Self.parts(of: error).problem }

    /// What is wrong with a picture, without its path, and what to do.
    public static func parts(of error: any Error) -> (problem: String, remedy: String) {
        switch error {
        case let error as ImagingError: (error.problem, error.remedy)
        case let error as FileError: (error.problem, "Check that you may read it.")
        default: ("cannot be read", "\(error)")
        }
    }
}

/// Checks photographs before they are used.
public enum PhotographCheck {
    /// All photographs that are missing, not a picture, truncated or damaged, in the given order.
    ///
    /// Decodes each completely, at an eighth of its size, on all processors.
    ///
    /// - Throws: ``FileError`` if too many files are open, because the photographs may be intact.
    public static func broken(among photographs: [PhotographFile]) throws(FileError) -> [BrokenPhotograph] {
        let found = Mutex<[Int: any Error]>([:])
        parallelFor(photographs.count) { index in
            do {
                _ = try Raster.decoding(photographs[index], atLeast: 1)
            } catch {
                found.withLock { $0[index] = error }
            }
        }
        for case let error as FileError in found.withLock({ $0.values }) where error.isExhaustion { throw error }
        return found.withLock { $0 }.sorted { $0.key < $1.key }
            .map { BrokenPhotograph(photograph: photographs[$0.key], error: $0.value) }
    }
}
