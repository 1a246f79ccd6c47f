import Basics
import Foundation
import Synchronization

/// The preparation of photographs as a network's input.
public enum Preparation: Sendable, Equatable {
    /// The photograph, or its mirror image.
    case plain(mirrored: Bool = false)
    /// Random changes, determined by the seed and the epoch.
    case augmented(Augmentation, seed: UInt64, epoch: Int)
}

/// Prepares batches of photographs in advance on its own threads.
///
/// A batch depends only on the photographs and their preparation, not on the number of threads, their order or the
/// cache.
public final class PhotographLoader: Sendable {
    /// The side of the square pictures in pixels.
    public let size: Int
    /// How photographs fill the square.
    public let framing: Framing
    public let normalisation: Normalisation
    private let threads: Int
    private let cache: RasterCache

    /// The largest side of a decoded photograph as a multiple of the fitted one, unless the photograph is smaller.
    ///
    /// Pillow's `reducing_gap` has the same value: from twice the size on, a reduction in two steps is nearly equal to
    /// one. Over 200 photographs the levels differ by 0.9 to 1.6 of 255 on average (`ReferenceTests`).
    private static let gap = 2

    /// The number of decoded photographs in the cache.
    var cachedPhotographs: Int { cache.count }

    /// Creates a loader of square pictures with sides of `size` pixels.
    ///
    /// By default there are as many decoding threads as processors. Up to `cacheLimit` bytes of decoded photographs are
    /// kept for the next epochs; each takes at most `12 * size * size`.
    public init(
        size: Int, framing: Framing = .init(), normalisation: Normalisation, threads: Int? = nil, cacheLimit: Int = 0
    ) {
        precondition(size > 0, "pictures cannot be \(size) pixels wide")
        self.size = size
        self.framing = framing
        self.normalisation = normalisation
        self.threads = max(1, threads ?? ThreadCount.cores)
        cache = RasterCache(limit: cacheLimit)
    }

    /// The photographs in batches, in order; the last may be smaller.
    ///
    /// `ahead` is the number of batches ready or in preparation beyond the one in use, at least 1; it limits the
    /// memory. By default it is 2, and more if that would leave threads without a photograph.
    public func batches(
        of photographs: [PhotographFile], batchSize: Int, preparation: Preparation = .plain(), ahead: Int? = nil
    ) -> PhotographBatches {
        let busy = 1 + (2 * threads + batchSize - 1) / batchSize
        return PhotographBatches(
            photographs: photographs, batchSize: batchSize, threads: threads, ahead: max(1, ahead ?? max(2, busy)),
            loader: self, preparation: preparation)
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
                try decode(photograph).fitted(framing, size: size)
            }
            return (mirrored ? square.mirrored() : square, mirrored)
        case .augmented(let augmentation, let seed, let epoch):
            let draw = augmentation.draw(
                seed: seed, epoch: epoch, imageID: photograph.id, repetition: photograph.repetition)
            let decoded = try cache.raster(for: .init(photograph, isSquare: false)) {
                try reduced(photograph)
            }
            return (try draw.applied(to: decoded, size: size, fit: framing.fit), draw.isMirrored)
        }
    }

    private func decode(_ photograph: PhotographFile) throws -> Raster {
        try Raster.decoding(photograph, atLeast: Self.gap * framing.fittedSide(size))
    }

    /// The part of the photograph that the framing shows, no larger than augmentation needs. It is always used, so that
    /// a cache changes nothing.
    private func reduced(_ photograph: PhotographFile) throws -> Raster {
        let decoded = try decode(photograph)
        let source = framing.source(width: decoded.width, height: decoded.height, size: size)
        let frame = framing.fit.frame(width: decoded.width, height: decoded.height, size: Self.gap * size)
        return decoded.resized(
            width: max(1, min(Int(source.width), frame.width)), height: max(1, min(Int(source.height), frame.height)),
            from: source)
    }
}

/// A cache of decoded photographs with a memory limit.
///
/// Entries are never evicted. An epoch reads each photograph once in a new order, so the least recently used one is as
/// likely to be needed next as any other.
final class RasterCache: Sendable {
    /// A file in one of its cached forms.
    struct Key: Hashable {
        let url: URL
        let box: PixelBox?
        let theta: Double
        let sides: PictureSides?
        let painted: PaintedPart?
        /// Distinguishes the outlines of one picture.
        let outline: String?
        /// Fitted to the square, or only reduced.
        let isSquare: Bool

        init(_ photograph: PhotographFile, isSquare: Bool) {
            (url, box, theta, sides) = (photograph.url, photograph.box, photograph.theta, photograph.sides)
            painted = photograph.painted
            outline = painted == nil ? nil : photograph.outline?.place
            self.isSquare = isSquare
        }
    }

    private struct Contents {
        var rasters: [Key: Raster] = [:]
        var bytes = 0
    }

    private let limit: Int
    private let contents = Mutex(Contents())

    /// - Parameter limit: Bytes of pixels to keep.
    init(limit: Int) { self.limit = limit }

    /// The bytes of pixels in the cache.
    var bytes: Int { contents.withLock { $0.bytes } }

    /// The number of photographs in the cache.
    var count: Int { contents.withLock { $0.rasters.count } }

    /// The entry of `key`, or the result of `make`, which is kept if there is room.
    ///
    /// Two threads that miss at the same time both make it; the results are equal.
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

/// State shared by threads, some of which wait for it to change.
///
/// Unchecked, because a `Mutex` has no condition to wait on. `state` is private, used only while `condition` is locked,
/// and passed in as `sending`, so that no other reference exists.
final class Monitor<State>: @unchecked Sendable {
    private let condition = NSCondition()
    private var state: State

    init(_ state: sending State) { self.state = state }

    /// Changes or reads the state, and wakes all waiting threads.
    func withState<Result>(_ body: (inout State) -> Result) -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return body(&state)
    }

    /// Waits until `body` returns a value.
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
