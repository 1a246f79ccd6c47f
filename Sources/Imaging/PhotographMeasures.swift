import Basics

/// Measures of a photograph: its size, the sharpness and clipping of its animal, brightness and a perceptual hash.
public struct PhotographMeasures: Sendable, Equatable {
    /// Columns of the used part of the photograph, upright.
    public let width: Int
    /// Rows of the used part of the photograph, upright.
    public let height: Int
    /// The standard deviation of the luma's Laplacian over the animal, at a longer side of ``side`` pixels, relative to the
    /// animal's mean luma, so that a darker exposure of a scene has the same; blurred animals are near 0.
    ///
    /// Source: Pech-Pacheco et al., ICPR 2000, for the Laplacian's variance, whose root this is.
    public let sharpness: Double
    /// The mean luma, in 0...1. It is of all of the used part, because that of the animal says more about its skin than
    /// about the light: of the sample's 17 underexposed photographs, a limit on it finds 16, on the animal's 13.
    public let exposure: Double
    /// The share of the animal's pixels whose luma is 0.
    public let clippedDark: Double
    /// The share of the animal's pixels whose luma is 255.
    public let clippedBright: Double
    /// 64 bits, most of which are the same for similar photographs.
    public let perceptualHash: UInt64

    /// The longer side in pixels at which sharpness is measured, so that photographs of all sizes can be compared, and
    /// grain and compression count little. A larger photograph is scaled down first; a smaller one is not changed.
    public static let side = 128
    /// The shorter side in pixels of what is decoded at least.
    static let decodedSide = 256

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
        let (raster, width, height, animal) = try Self.part(of: photograph)
        self.init(of: raster, width: width, height: height, animal: animal)
    }

    /// Decodes a photograph and measures it, with the perceptual hashes that it has when turned or mirrored.
    ///
    /// - Throws: As ``init(of:)``.
    public static func withTurnedHashes(
        of photograph: PhotographFile
    ) throws -> (measures: PhotographMeasures, turned: [Orientation: UInt64]) {
        let (raster, width, height, animal) = try part(of: photograph)
        return (
            PhotographMeasures(of: raster, width: width, height: height, animal: animal), Luma(raster).turnedHashes
        )
    }

    /// The used part of a photograph, upright and reduced, its size before the reduction, and where the animal is.
    private static func part(
        of photograph: PhotographFile
    ) throws -> (raster: Raster, width: Int, height: Int, animal: AnimalPlace) {
        let file = try PictureFile(at: photograph.url, salvage: photograph.salvage)
        let part = try file.part(of: photograph)
        let raster = try file.decoded(part, atLeast: decodedSide)
        let (width, height) = reduced(raster)
        // An outline that cannot be used is a problem of its annotation, which the catalogue's inspection reports.
        let grid = try? file.outlineGrid(of: photograph, in: part, width: width, height: height)
        return (
            raster, part?.width ?? file.width, part?.height ?? file.height,
            grid.map(AnimalPlace.outline) ?? (part == nil ? .middle : .everywhere)
        )
    }

    /// The size at which sharpness is measured.
    private static func reduced(_ raster: Raster) -> (width: Int, height: Int) {
        let share = min(1, Double(side) / Double(max(raster.width, raster.height)))
        func reduced(_ side: Int) -> Int { max(1, Int((Double(side) * share).rounded())) }
        return (reduced(raster.width), reduced(raster.height))
    }

    /// Measures a picture decoded from one of `width` x `height`.
    ///
    /// - Complexity: O(pixels).
    init(of raster: Raster, width: Int, height: Int, animal: AnimalPlace = .everywhere) {
        let luma = Luma(raster)
        let (columns, rows) = Self.reduced(raster)
        let isReduced = columns < raster.width || rows < raster.height
        let small = isReduced ? Luma(raster.resized(width: columns, height: rows)) : luma
        let body = animal.pixels(width: columns, height: rows)
        let mean = Double(body.reduce(0) { $0 + Int(small.levels[$1]) }) / Double(body.count)
        let seen = isReduced ? animal.pixels(width: raster.width, height: raster.height) : body
        let count = Double(seen.count)
        self.width = width
        self.height = height
        sharpness = mean > 0 ? small.laplacianVariance(at: body).squareRoot() / mean : 0
        exposure = Double(luma.levels.reduce(0) { $0 + Int($1) }) / (255 * Double(luma.levels.count))
        clippedDark = Double(seen.count { luma.levels[$0] == 0 }) / count
        clippedBright = Double(seen.count { luma.levels[$0] == 255 }) / count
        perceptualHash = luma.perceptualHash
    }
}

/// The pixels of a picture that show its animal.
enum AnimalPlace {
    case outline(OutlineGrid)
    /// The used part is a box around the animal.
    case everywhere
    /// Nothing is known, and most photographs are aimed at their animal: the middle ``share`` of each side.
    case middle

    /// As of the option `match.middle`, unless it is changed.
    static let share = 0.6

    /// Positions row by row, at least one.
    func pixels(width: Int, height: Int) -> [Int] {
        switch self {
        case .everywhere: return Array(0..<width * height)
        case .middle:
            func margin(_ side: Int) -> Int { Int((Double(side) * (1 - Self.share) / 2).rounded()) }
            return (margin(height)..<height - margin(height)).flatMap { row in
                (margin(width)..<width - margin(width)).map { row * width + $0 }
            }
        case .outline(let grid):
            return (0..<width * height).filter { place in
                let (row, column) = (place / width * grid.height / height, place % width * grid.width / width)
                return grid.cells[row * grid.width + column]
            }
        }
    }
}
