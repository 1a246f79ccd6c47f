import Basics
import Foundation
import Synchronization

/// A photograph that cannot be used, and why.
public struct BrokenPhotograph: Sendable, CustomStringConvertible {
    public let photograph: PhotographFile
    public let error: any Error

    public var description: String { "\(photograph.id): \(error)" }
}

/// Looks through photographs before any work is built on them.
public enum PhotographCheck {
    /// Every photograph that is missing, is no picture, is cut short or damaged, in the order given.
    ///
    /// Decodes each to the end, at an eighth of its size, on all processors.
    public static func broken(among photographs: [PhotographFile]) -> [BrokenPhotograph] {
        let found = Mutex<[Int: any Error]>([:])
        DispatchQueue.concurrentPerform(iterations: photographs.count) { index in
            do {
                _ = try Raster.decoding(photographs[index], atLeast: 1)
            } catch {
                found.withLock { $0[index] = error }
            }
        }
        return found.withLock { $0 }.sorted { $0.key < $1.key }
            .map { BrokenPhotograph(photograph: photographs[$0.key], error: $0.value) }
    }
}
