import Basics
import Foundation
import Synchronization

/// Decoded photographs kept in memory up to a limit.
///
/// Whoever comes first stays. An epoch reads each photograph once, in a new order: giving up the one that was used
/// longest ago would then give up the next one needed as often as any other.
final class RasterCache: Sendable {
    /// A file in one of the forms that it is kept in.
    struct Key: Hashable {
        let url: URL
        let box: PixelBox?
        /// Fitted to the square, or only reduced.
        let isSquare: Bool

        init(_ photograph: PhotographFile, isSquare: Bool) {
            (url, box) = (photograph.url, photograph.box)
            self.isSquare = isSquare
        }
    }

    private struct Contents {
        var rasters: [Key: Raster] = [:]
        var bytes = 0
    }

    private let limit: Int
    private let contents = Mutex(Contents())

    /// - Parameter limit: Bytes of pixels that are kept.
    init(limit: Int) { self.limit = limit }

    /// The bytes of pixels that are kept.
    var bytes: Int { contents.withLock { $0.bytes } }

    /// How many photographs are kept.
    var count: Int { contents.withLock { $0.rasters.count } }

    /// What is kept under `key`, or else what `make` gives, which is kept if there is room.
    ///
    /// Two threads that miss at once both make it; the results are equal.
    func raster(for key: Key, make: () throws -> Raster) rethrows -> Raster {
        if let known = contents.withLock({ $0.rasters[key] }) { return known }
        let made = try make()
        contents.withLock { contents in
            if contents.rasters[key] == nil && contents.bytes + made.pixels.count <= limit {
                contents.rasters[key] = made
                contents.bytes += made.pixels.count
            }
        }
        return made
    }
}
