import Basics

/// Measures of a photograph that do not depend on its subject: size, sharpness, brightness and a perceptual hash.
public struct PhotographMeasures: Sendable, Equatable {
    /// Columns of the used part of the photograph, upright.
    public let width: Int
    /// Rows of the used part of the photograph, upright.
    public let height: Int
    /// The variance of the luma's Laplacian, in squared levels, at a shorter side of ``side`` pixels; blurred pictures
    /// are near 0.
    ///
    /// Source: Pech-Pacheco et al., ICPR 2000.
    public let sharpness: Double
    /// The mean luma, in 0...1.
    public let exposure: Double
    /// The share of pixels whose luma is 0.
    public let clippedDark: Double
    /// The share of pixels whose luma is 255.
    public let clippedBright: Double
    /// 64 bits, most of which are the same for similar photographs.
    public let perceptualHash: UInt64

    /// The shorter side in pixels at which sharpness is measured, so that photographs of all sizes can be compared. A
    /// larger photograph is scaled down first; a smaller one is not changed.
    public static let side = 256

    /// Creates measures from their values.
    public init(
        width: Int, height: Int, sharpness: Double, exposure: Double, clippedDark: Double, clippedBright: Double,
        perceptualHash: UInt64
    ) {
        self.width = width
        self.height = height
        self.sharpness = sharpness
        self.exposure = exposure
        self.clippedDark = clippedDark
        self.clippedBright = clippedBright
        self.perceptualHash = perceptualHash
    }

    /// Decodes a photograph and measures it.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a missing file, else an ``ImagingError``.
    public init(of photograph: PhotographFile) throws {
        let (raster, width, height) = try Self.part(of: photograph)
        self.init(of: raster, width: width, height: height)
    }

    /// Decodes a photograph and measures it, with the perceptual hashes that it has when turned or mirrored.
    ///
    /// - Throws: As ``init(of:)``.
    public static func withTurnedHashes(
        of photograph: PhotographFile
    ) throws -> (measures: PhotographMeasures, turned: [Orientation: UInt64]) {
        let (raster, width, height) = try part(of: photograph)
        return (PhotographMeasures(of: raster, width: width, height: height), Luma(raster).turnedHashes)
    }

    /// The used part of a photograph, upright and reduced, and its size before the reduction.
    private static func part(
        of photograph: PhotographFile
    ) throws -> (raster: Raster, width: Int, height: Int) {
        let file = try PictureFile(at: photograph.url, salvage: photograph.salvage)
        let part = try file.part(of: photograph)
        let raster = try file.decoded(part, atLeast: side)
        return (raster, part?.width ?? file.width, part?.height ?? file.height)
    }

    /// Measures a picture decoded from one of `width` x `height`.
    ///
    /// - Complexity: O(pixels).
    init(of raster: Raster, width: Int, height: Int) {
        let luma = Luma(raster)
        let count = Double(luma.levels.count)
        let share = Double(Self.side) / Double(min(raster.width, raster.height))
        let reduced =
            share < 1
            ? Luma(
                raster.resized(
                    width: Int((Double(raster.width) * share).rounded()),
                    height: Int((Double(raster.height) * share).rounded()))) : luma
        self.width = width
        self.height = height
        sharpness = reduced.laplacianVariance
        exposure = Double(luma.levels.reduce(0) { $0 + Int($1) }) / (255 * count)
        clippedDark = Double(luma.levels.count { $0 == 0 }) / count
        clippedBright = Double(luma.levels.count { $0 == 255 }) / count
        perceptualHash = luma.perceptualHash
    }
}
