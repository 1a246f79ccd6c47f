import Basics
import Foundation
import Synchronization

/// How photographs become a network's input.
public enum Preparation: Sendable, Equatable {
    /// As photographed, or its mirror image.
    case plain(mirrored: Bool = false)
    /// Changed at random, as the seed and the epoch have it.
    case augmented(Augmentation, seed: UInt64, epoch: Int)
}

/// Turns photographs into batches, on threads of its own, ahead of whoever takes them.
///
/// What a batch holds depends on the photographs and their preparation alone: not on the count of threads, on the
/// order in which they finish, or on what is in the cache.
public final class PhotographLoader: Sendable {
    /// Side of the square pictures in pixels.
    public let size: Int
    /// How photographs fill the square.
    public let fit: Fit
    public let normalisation: Normalisation
    private let threads: Int
    private let cache: RasterCache

    /// How many times `size` a decoded photograph's sides measure at most, when they are not less from the start.
    ///
    /// Pillow's `reducing_gap` has the same value: from twice the size on, a reduction in two steps can hardly be told
    /// from one. Over 200 photographs the levels differ by 0.9 to 1.6 of 255 in the mean (`ReferenceTests`).
    private static let gap = 2

    /// How many decoded photographs are kept.
    var cachedPhotographs: Int { cache.count }

    /// A loader of square pictures.
    ///
    /// - Parameters:
    ///   - threads: Threads that decode; as many as there are processors unless told.
    ///   - cacheLimit: Bytes of decoded photographs kept for the next epochs; each takes `12 * size * size` at most.
    public init(
        size: Int, fit: Fit = .stretch, normalisation: Normalisation, threads: Int? = nil, cacheLimit: Int = 0
    ) {
        precondition(size > 0, "pictures cannot be \(size) pixels wide")
        self.size = size
        self.fit = fit
        self.normalisation = normalisation
        self.threads = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)
        cache = RasterCache(limit: cacheLimit)
    }

    /// The photographs in batches, in their order; the last may be smaller.
    ///
    /// - Parameter ahead: Batches that may be ready or in the making beyond the one in use, at least 1; with them it
    ///   bounds the memory.
    public func batches(
        of photographs: [PhotographFile], batchSize: Int, preparation: Preparation = .plain(), ahead: Int = 2
    ) -> PhotographBatches {
        PhotographBatches(
            photographs: photographs, batchSize: batchSize, threads: threads, ahead: max(1, ahead), loader: self,
            preparation: preparation)
    }

    /// One photograph, prepared but not normalised.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` or ``ImagingError``, both with the file's name.
    public func picture(
        of photograph: PhotographFile, preparation: Preparation = .plain()
    ) throws -> (raster: Raster, isMirrored: Bool) {
        switch preparation {
        case .plain(let mirrored):
            let square = try cache.raster(for: .init(photograph, isSquare: true)) {
                try Raster.decoding(photograph, atLeast: Self.gap * size).fitted(fit, size: size)
            }
            return (mirrored ? square.mirrored() : square, mirrored)
        case .augmented(let augmentation, let seed, let epoch):
            let draw = augmentation.draw(
                seed: seed, epoch: epoch, imageID: photograph.id, repetition: photograph.repetition)
            let decoded = try cache.raster(for: .init(photograph, isSquare: false)) {
                try reduced(photograph)
            }
            return (try draw.applied(to: decoded, size: size, fit: fit), draw.isMirrored)
        }
    }

    /// What the fit shows of the photograph, no larger than augmentation needs it; always this one, so that a cache
    /// changes nothing.
    private func reduced(_ photograph: PhotographFile) throws -> Raster {
        let decoded = try Raster.decoding(photograph, atLeast: Self.gap * size)
        let source = fit.source(width: decoded.width, height: decoded.height)
        let frame = fit.frame(width: decoded.width, height: decoded.height, size: Self.gap * size)
        return decoded.resized(
            width: min(Int(source.width), frame.width), height: min(Int(source.height), frame.height), from: source)
    }
}

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

/// State shared by threads, of which some wait for it to change.
///
/// Unchecked, since a `Mutex` has no condition to wait on: `state` is private and touched only while `condition` is
/// locked, and comes in by `sending`, so that nobody else holds it.
final class Monitor<State>: @unchecked Sendable {
    private let condition = NSCondition()
    private var state: State

    init(_ state: sending State) { self.state = state }

    /// Changes or reads the state, and wakes whoever waits for it.
    func withState<Result>(_ body: (inout State) -> Result) -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return body(&state)
    }

    /// Waits until `body` gives something.
    func wait<Result>(until body: (inout State) -> Result?) -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        while true {
            if let result = body(&state) { return result }
            condition.wait()
        }
    }
}
