import Foundation

/// How pixels between the source's are weighed.
public enum ResizeFilter: Sendable {
    /// The triangle: what networks are fed with here.
    case bilinear
    /// Keys' cubic with a = -0.5: sharper, for pictures to be looked at.
    case bicubic
    /// The sinc function under a window of three of its arches on either side: what perceptual hashes are made with.
    case lanczos

    /// Reach to either side in source pixels, when the picture grows.
    fileprivate var support: Double {
        switch self {
        case .bilinear: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    fileprivate func weight(at offset: Double) -> Double {
        let x = abs(offset)
        switch self {
        case .bilinear: return max(0, 1 - x)
        case .bicubic:
            let a = -0.5
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
        case .lanczos:
            func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(.pi * x) / (.pi * x) }
            return x < 3 ? sinc(x) * sinc(x / 3) : 0
        }
    }
}

/// A rectangle of a picture in pixels, not necessarily whole ones.
public struct Region: Sendable, Equatable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    /// The rectangle whose top left corner is (`x`, `y`).
    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

extension Raster {
    /// The picture, or a region of it, stretched to another size; smoothed first where it shrinks.
    ///
    /// Equal to Pillow's `Image.resize(size, filter, box)` to the last bit: weights in fixed point with 22 fractional
    /// bits, rows first, rounded to 8 bits between the passes. (Pillow 13 begins tall pictures with the columns, which
    /// rounds otherwise: by a level where the filter is bilinear.)
    ///
    /// - Parameter region: Within the picture; nil for all of it.
    /// - Complexity: O(width · region height · taps) + O(width · height · taps), where a pass has 2 (bilinear), 4
    ///   (bicubic) or 6 (Lanczos) taps for a growing side and as many times more as a side shrinks.
    public func resized(
        width newWidth: Int, height newHeight: Int, filter: ResizeFilter = .bilinear, from region: Region? = nil
    ) -> Raster {
        precondition(newWidth > 0 && newHeight > 0, "a picture cannot be resized to \(newWidth) x \(newHeight)")
        let region = region ?? Region(x: 0, y: 0, width: Double(width), height: Double(height))
        precondition(
            region.x >= 0 && region.y >= 0 && region.width > 0 && region.height > 0
                && region.x + region.width <= Double(width) && region.y + region.height <= Double(height),
            "\(region) does not lie within \(width) x \(height) pixels")
        let keepsColumns = newWidth == width && region.x == 0 && region.width == Double(width)
        let keepsRows = newHeight == height && region.y == 0 && region.height == Double(height)
        if keepsColumns && keepsRows { return self }
        if keepsRows {
            let columns = ResizeWeights(
                from: width, start: region.x, length: region.width, to: newWidth, filter: filter)
            return resizedColumns(columns, rows: 0..<height)
        }
        let rows = ResizeWeights(from: height, start: region.y, length: region.height, to: newHeight, filter: filter)
        if keepsColumns { return resizedRows(rows, firstRow: 0) }
        let columns = ResizeWeights(from: width, start: region.x, length: region.width, to: newWidth, filter: filter)
        return resizedColumns(columns, rows: rows.sources).resizedRows(rows, firstRow: rows.sources.lowerBound)
    }

    /// The first pass, over the rows that the second will read.
    private func resizedColumns(_ columns: ResizeWeights, rows: Range<Int>) -> Raster {
        let newWidth = columns.taps.count
        let size = 3 * newWidth * rows.count
        let resized = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            pixels.withUnsafeBufferPointer { source in
                columns.weights.withUnsafeBufferPointer { weights in
                    columns.taps.withUnsafeBufferPointer { taps in
                        var output = 0
                        for row in rows {
                            let start = 3 * row * width
                            for tap in taps {
                                var (red, green, blue) = (ResizeWeights.half, ResizeWeights.half, ResizeWeights.half)
                                var input = start + 3 * tap.firstSource
                                for index in tap.firstWeight..<tap.firstWeight + tap.count {
                                    let weight = weights[index]
                                    red &+= Int32(source[input]) &* weight
                                    green &+= Int32(source[input + 1]) &* weight
                                    blue &+= Int32(source[input + 2]) &* weight
                                    input += 3
                                }
                                target[output] = ResizeWeights.level(red)
                                target[output + 1] = ResizeWeights.level(green)
                                target[output + 2] = ResizeWeights.level(blue)
                                output += 3
                            }
                        }
                    }
                }
            }
            count = size
        }
        return Raster(width: newWidth, height: rows.count, pixels: resized)
    }

    /// The second pass; the raster's first row is row `firstRow` of what `rows` was made for.
    private func resizedRows(_ rows: ResizeWeights, firstRow: Int) -> Raster {
        let stride = 3 * width
        let size = stride * rows.taps.count
        let resized = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: stride) { sums in
                pixels.withUnsafeBufferPointer { source in
                    for (row, tap) in rows.taps.enumerated() {
                        sums.update(repeating: ResizeWeights.half)
                        for step in 0..<tap.count {
                            let weight = rows.weights[tap.firstWeight + step]
                            let start = (tap.firstSource - firstRow + step) * stride
                            let line = UnsafeBufferPointer(rebasing: source[start..<start + stride])
                            for index in 0..<stride {
                                sums[index] &+= Int32(line[index]) &* weight
                            }
                        }
                        let output = UnsafeMutableBufferPointer(rebasing: target[row * stride..<(row + 1) * stride])
                        for index in 0..<stride {
                            output[index] = ResizeWeights.level(sums[index])
                        }
                    }
                }
            }
            count = size
        }
        return Raster(width: width, height: rows.taps.count, pixels: resized)
    }
}

/// Which source pixels make up each pixel of one side, and with what weights.
private struct ResizeWeights {
    struct Tap {
        let firstSource: Int
        let firstWeight: Int
        let count: Int
    }

    /// 8 bits for the level and 2 for overshoot leave 22 of 32 for the fraction.
    private static let precision: Int32 = 22
    /// Where sums start, so that the final shift rounds.
    static let half: Int32 = 1 << (precision - 1)

    let taps: [Tap]
    let weights: [Int32]

    /// - Parameters:
    ///   - sourceCount: Pixels that there are along the side.
    ///   - start: Where the wanted stretch of them begins; it is `length` long.
    init(from sourceCount: Int, start: Double, length: Double, to count: Int, filter: ResizeFilter) {
        let scale = length / Double(count)
        let stretch = max(scale, 1)
        let support = filter.support * stretch
        var taps: [Tap] = []
        var weights: [Int32] = []
        taps.reserveCapacity(count)
        weights.reserveCapacity(count * (2 * Int(support.rounded(.up)) + 1))
        var exact: [Double] = []
        for index in 0..<count {
            let center = start + (Double(index) + 0.5) * scale
            let first = max(0, Int(center - support + 0.5))
            let end = min(sourceCount, Int(center + support + 0.5))
            exact.removeAll(keepingCapacity: true)
            for source in first..<end {
                exact.append(filter.weight(at: (Double(source) - center + 0.5) * (1 / stretch)))
            }
            let total = exact.reduce(0, +)
            taps.append(Tap(firstSource: first, firstWeight: weights.count, count: exact.count))
            for weight in exact {
                let fixed = (total == 0 ? weight : weight / total) * Double(Int32(1) << Self.precision)
                weights.append(Int32(fixed < 0 ? fixed - 0.5 : fixed + 0.5))
            }
        }
        self.taps = taps
        self.weights = weights
    }

    /// The source pixels that carry any weight.
    var sources: Range<Int> {
        guard let first = taps.first, let last = taps.last else { return 0..<0 }
        return first.firstSource..<last.firstSource + last.count
    }

    @inline(__always)
    static func level(_ sum: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(255, max(0, sum >> precision))) }
}
