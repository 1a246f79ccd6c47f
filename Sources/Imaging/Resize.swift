import CPixels
import Foundation

/// The interpolation between source pixels.
public enum ResizeFilter: Sendable {
    /// The triangle filter, used for networks.
    case bilinear
    /// Keys' cubic with a = -0.5: sharper, for pictures to look at.
    case bicubic
    /// The sinc function with a window of three lobes on either side, used for perceptual hashes.
    case lanczos

    /// The reach to either side in source pixels when enlarging.
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

/// A rectangle of a picture in pixels, possibly fractional.
public struct Region: Sendable, Equatable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    /// Creates the rectangle with the top left corner (`x`, `y`).
    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

extension Raster {
    /// The picture, or a region within it, resized; smoothed if it shrinks.
    ///
    /// Equal to Pillow's `Image.resize(size, filter, box)` to the last bit: weights in fixed point with 22 fractional
    /// bits, rows first, rounded to 8 bits between the passes. (Pillow 13 starts with the columns for tall pictures,
    /// which rounds differently: by one level for the bilinear filter.)
    ///
    /// - Complexity: O(width · region height · taps) + O(width · height · taps), where a pass has 2 (bilinear), 4
    ///   (bicubic) or 6 (Lanczos) taps for a growing side, multiplied by the factor of a shrinking side.
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

    /// The first pass, over the rows that the second needs.
    private func resizedColumns(_ columns: ResizeWeights, rows: Range<Int>) -> Raster {
        let newWidth = columns.firsts.count
        let size = 3 * newWidth * rows.count
        let resized = [UInt8](unsafeUninitializedCapacity: size + 1) { target, count in
            pixels.withUnsafeBufferPointer { source in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                func resize(_ line: UnsafePointer<UInt8>, to row: Int) {
                    wb_resize_row(
                        line, columns.firsts, newWidth, columns.weights, columns.taps, target + 3 * row * newWidth)
                }
                for (row, line) in rows.enumerated() where line < height - 1 {
                    resize(source + 3 * line * width, to: row)
                }
                if rows.upperBound == height {
                    // There may be no memory after the last row.
                    let last = UnsafeBufferPointer(start: source + 3 * (height - 1) * width, count: 3 * width) + [0]
                    resize(last, to: rows.count - 1)
                }
            }
            count = size
        }
        return Raster(width: newWidth, height: rows.count, pixels: resized)
    }

    /// The second pass; the raster's first row is row `firstRow` of the picture for which `rows` was made.
    private func resizedRows(_ rows: ResizeWeights, firstRow: Int) -> Raster {
        let stride = 3 * width
        let size = stride * rows.firsts.count
        let resized = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            pixels.withUnsafeBufferPointer { source in
                rows.weights.withUnsafeBufferPointer { weights in
                    guard let source = source.baseAddress, let weights = weights.baseAddress,
                        let target = target.baseAddress
                    else { return }
                    for (row, first) in rows.firsts.enumerated() {
                        wb_sum_rows(
                            source + (Int(first) - firstRow) * stride, stride, weights + row * rows.taps, rows.taps,
                            target + row * stride)
                    }
                }
            }
            count = size
        }
        return Raster(width: width, height: rows.firsts.count, pixels: resized)
    }
}

/// The source pixels and weights for each pixel of one side.
private struct ResizeWeights {
    /// The number of source pixels for a pixel. It is the same for all, with some weights 0, so that loops need no
    /// branches.
    let taps: Int
    /// The first source pixel of each pixel.
    let firsts: [Int32]
    /// ``taps`` weights for each pixel.
    let weights: [Int32]

    /// Computes the weights that resize a stretch of a side of `sourceCount` pixels, from `start` on and `length` long,
    /// to `count` pixels.
    init(from sourceCount: Int, start: Double, length: Double, to count: Int, filter: ResizeFilter) {
        let scale = length / Double(count)
        let stretch = max(scale, 1)
        let support = filter.support * stretch
        let bounds = (0..<count).map { index -> (center: Double, sources: Range<Int>) in
            let center = start + (Double(index) + 0.5) * scale
            return (center, max(0, Int(center - support + 0.5))..<min(sourceCount, Int(center + support + 0.5)))
        }
        let taps = bounds.map(\.sources.count).max() ?? 0
        var weights = [Int32](repeating: 0, count: taps * count)
        var exact: [Double] = []
        firsts = bounds.enumerated().map { index, bound in
            exact.removeAll(keepingCapacity: true)
            for source in bound.sources {
                exact.append(filter.weight(at: (Double(source) - bound.center + 0.5) * (1 / stretch)))
            }
            let total = exact.reduce(0, +)
            let first = min(bound.sources.lowerBound, sourceCount - taps)
            let offset = index * taps + bound.sources.lowerBound - first
            for (place, weight) in exact.enumerated() {
                let fixed = (total == 0 ? weight : weight / total) * Double(Int32(1) << Int32(WB_WEIGHT_BITS))
                weights[offset + place] = Int32(fixed < 0 ? fixed - 0.5 : fixed + 0.5)
            }
            return Int32(first)
        }
        self.taps = taps
        self.weights = weights
    }

    /// The source pixels with a non-zero weight.
    var sources: Range<Int> {
        guard let first = firsts.min(), let last = firsts.max() else { return 0..<0 }
        return Int(first)..<Int(last) + taps
    }
}
