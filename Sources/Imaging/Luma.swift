import Foundation

/// A picture's brightness, 8 bits per pixel.
struct Luma {
    let width: Int
    let height: Int
    /// Row by row from the top.
    let levels: [UInt8]

    /// 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), with Pillow's rounding.
    init(_ raster: Raster) {
        (width, height) = (raster.width, raster.height)
        let area = raster.width * raster.height
        levels = [UInt8](unsafeUninitializedCapacity: area) { levels, count in
            raster.pixels.withUnsafeBufferPointer { pixels in
                for index in 0..<area {
                    let (red, green, blue) = (pixels[3 * index], pixels[3 * index + 1], pixels[3 * index + 2])
                    let sum = UInt32(red) &* 19595 &+ UInt32(green) &* 38470 &+ UInt32(blue) &* 7471 &+ 0x8000
                    levels[index] = UInt8(truncatingIfNeeded: sum >> 16)
                }
            }
            count = area
        }
    }

    /// The variance, over the pixels at some positions, of each pixel's four neighbours less four times itself; the picture
    /// is mirrored at its outermost pixels, as in OpenCV's `Laplacian`.
    func laplacianVariance(at places: [Int]) -> Double {
        func inside(_ place: Int, _ count: Int) -> Int {
            let mirrored = place < 0 ? -place : place >= count ? 2 * count - 2 - place : place
            return min(max(mirrored, 0), count - 1)
        }
        var (sum, squares) = (0, 0)
        levels.withUnsafeBufferPointer { levels in
            for place in places {
                let (x, y) = (place % width, place / width)
                let (left, right) = (y * width + inside(x - 1, width), y * width + inside(x + 1, width))
                let (above, below) = (inside(y - 1, height) * width + x, inside(y + 1, height) * width + x)
                let sides = Int(levels[left]) + Int(levels[right])
                let ends = Int(levels[above]) + Int(levels[below])
                let laplacian = sides + ends - 4 * Int(levels[place])
                sum += laplacian
                squares += laplacian * laplacian
            }
        }
        let count = Double(places.count)
        let mean = Double(sum) / count
        return Double(squares) / count - mean * mean
    }

    /// A perceptual hash: the bits say which of the 8 x 8 lowest frequencies of the picture at 32 x 32 exceed their
    /// median, row by row from the highest bit.
    ///
    /// Equal to `phash` of the Python package imagehash. Source: Zauner, 2010, section 3.2.1 (DCT based hash).
    var perceptualHash: UInt64 { Self.hash(of: Self.frequencies(of: grey)) }

    /// The perceptual hashes of the picture after each of the seven turns and mirrorings: a mirroring changes the sign
    /// of the odd frequencies across, or down.
    var turnedHashes: [Orientation: UInt64] {
        let count = Self.frequencyCount
        // Transposed on its own, because the reduction to 32 x 32 rounds across before down.
        let (plain, transposed) = (Self.frequencies(of: grey), Self.frequencies(of: grey.turned(.transposed)))
        let turns = Orientation.allCases.filter { $0 != .upright }.map { orientation in
            let hash = Self.hash(
                of: (orientation.swapsSides ? transposed : plain).enumerated().map { place, value in
                    let (down, across) = (place / count, place % count)
                    let isNegative =
                        switch orientation {
                        case .upright, .transposed: false
                        case .mirrored, .turnedLeft: across % 2 == 1
                        case .mirroredUpsideDown, .turnedRight: down % 2 == 1
                        case .upsideDown, .transverse: (down + across) % 2 == 1
                        }
                    return isNegative ? -value : value
                })
            return (orientation, hash)
        }
        return Dictionary(uniqueKeysWithValues: turns)
    }

    private static func frequencies(of grey: Raster) -> [Double] {
        let small = grey.resized(width: hashedSide, height: hashedSide, filter: .lanczos)
        return lowestFrequencies(stride(from: 0, to: small.pixels.count, by: 3).map { small.pixels[$0] })
    }

    private static func hash(of frequencies: [Double]) -> UInt64 {
        let sorted = frequencies.sorted()
        let median = (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
        return frequencies.reduce(0) { $0 << 1 | ($1 > median ? 1 : 0) }
    }

    private static let hashedSide = 32
    private static let frequencyCount = 8

    private var grey: Raster {
        let pixels = [UInt8](unsafeUninitializedCapacity: 3 * levels.count) { pixels, count in
            for (index, level) in levels.enumerated() {
                for channel in 0..<3 { pixels[3 * index + channel] = level }
            }
            count = 3 * levels.count
        }
        return Raster(width: width, height: height, pixels: pixels)
    }

    /// The lowest frequencies of the cosine transform (DCT-II) down and across a square of levels, row by row.
    private static func lowestFrequencies(_ levels: [UInt8]) -> [Double] {
        let side = hashedSide
        /// The cosines, `[frequencyCount, hashedSide]`.
        let waves = (0..<frequencyCount).map { frequency in
            (0..<side).map { place in
                cos(.pi * Double(frequency * (2 * place + 1)) / Double(2 * side))
            }
        }
        let down = waves.map { wave in
            (0..<side).map { column in
                (0..<side).reduce(0.0) { $0 + wave[$1] * Double(levels[$1 * side + column]) }
            }
        }
        return down.flatMap { row in
            waves.map { wave in (0..<side).reduce(0.0) { $0 + wave[$1] * row[$1] } }
        }
    }
}

extension Raster {
    /// The brightness of each pixel, row by row: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
    public var luma: [UInt8] { Luma(self).levels }
}
