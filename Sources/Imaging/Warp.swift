import CPixels
import Foundation

/// An affine map of the plane, in pixels: pixel (0, 0) covers the unit square, so its centre is (0.5, 0.5).
public struct AffineMap: Sendable, Equatable {
    /// x' = xx · x + xy · y + x0.
    public var xx, xy, x0: Double
    /// y' = yx · x + yy · y + y0.
    public var yx, yy, y0: Double

    /// Creates the map with these coefficients, by default the identity.
    public init(
        xx: Double = 1, xy: Double = 0, x0: Double = 0, yx: Double = 0, yy: Double = 1, y0: Double = 0
    ) {
        (self.xx, self.xy, self.x0) = (xx, xy, x0)
        (self.yx, self.yy, self.y0) = (yx, yy, y0)
    }

    /// A shift to the right and down.
    public static func shift(x: Double, y: Double) -> AffineMap { AffineMap(x0: x, y0: y) }

    /// A stretch about the top left corner; a negative factor mirrors.
    public static func scale(x: Double, y: Double) -> AffineMap { AffineMap(xx: x, yy: y) }

    /// An anticlockwise turn, as displayed, about the top left corner.
    public static func rotation(degrees: Double) -> AffineMap { rotation(radians: degrees * .pi / 180) }

    /// An anticlockwise turn, as displayed, about the top left corner.
    static func rotation(radians: Double) -> AffineMap {
        let (sine, cosine) = (sin(radians), cos(radians))
        return AffineMap(xx: cosine, xy: sine, yx: -sine, yy: cosine)
    }

    /// This map and then `next`.
    public func then(_ next: AffineMap) -> AffineMap {
        AffineMap(
            xx: next.xx * xx + next.xy * yx, xy: next.xx * xy + next.xy * yy,
            x0: next.xx * x0 + next.xy * y0 + next.x0,
            yx: next.yx * xx + next.yy * yx, yy: next.yx * xy + next.yy * yy,
            y0: next.yx * x0 + next.yy * y0 + next.y0)
    }

    /// The image of a point.
    public func callAsFunction(x: Double, y: Double) -> (x: Double, y: Double) {
        (xx * x + xy * y + x0, yx * x + yy * y + y0)
    }
}

/// What a warped picture shows where the original has no pixels.
public enum Surroundings: Sendable {
    case black
    /// The original's nearest pixel.
    case edge
}

extension Raster {
    /// The picture warped by an affine map, interpolated between the four nearest pixels.
    ///
    /// The map leads from a point of the new picture to the point of this one that appears there. The picture is not
    /// smoothed: if the map shrinks it by a factor far from 1, resize first.
    ///
    /// - Complexity: O(width · height) of both pictures.
    public func warped(
        width newWidth: Int, height newHeight: Int, source map: AffineMap, outside: Surroundings = .black
    ) -> Raster {
        let framed = framed(outside)
        // Fixed point with 16 fractional bits; the frame shifts everything by one, pixel centres by a half.
        let one = 65536.0
        let stepX = Int((map.xx * one).rounded())
        let stepY = Int((map.yx * one).rounded())
        let (limitX, limitY) = ((width + 1) << 16, (height + 1) << 16)
        let size = 3 * newWidth * newHeight
        let warped = [UInt8](unsafeUninitializedCapacity: size + 1) { target, count in
            for row in 0..<newHeight {
                let start = map(x: 0.5, y: Double(row) + 0.5)
                let firstX = Int(((start.x + 0.5) * one).rounded())
                let firstY = Int(((start.y + 0.5) * one).rounded())
                let inside = Self.steps(from: firstX, by: stepX, below: limitX, count: newWidth)
                    .clamped(to: Self.steps(from: firstY, by: stepY, below: limitY, count: newWidth))
                let line = UnsafeMutableBufferPointer(
                    rebasing: target[3 * row * newWidth..<3 * (row + 1) * newWidth])
                func fill(_ columns: Range<Int>) {
                    guard outside == .edge else {
                        return line[3 * columns.lowerBound..<3 * columns.upperBound].update(repeating: 0)
                    }
                    for column in columns {
                        // Each is written over the extra byte of the one before.
                        warp(
                            min(max(firstX + column * stepX, 0), limitX - 1),
                            min(max(firstY + column * stepY, 0), limitY - 1), column..<column + 1)
                    }
                }
                func warp(_ x: Int, _ y: Int, _ columns: Range<Int>) {
                    guard let place = line.baseAddress else { return }
                    wb_warp_row(
                        framed, 3 * (width + 2), Int64(x), Int64(y), Int64(stepX), Int64(stepY), columns.count,
                        place + 3 * columns.lowerBound)
                }
                fill(0..<inside.lowerBound)
                warp(firstX + inside.lowerBound * stepX, firstY + inside.lowerBound * stepY, inside)
                // After the call, because it writes one extra byte.
                fill(inside.upperBound..<newWidth)
            }
            count = size
        }
        return Raster(width: newWidth, height: newHeight, pixels: warped)
    }

    /// The steps of `0..<count` at which `start + step * by` lies in `0..<limit`.
    private static func steps(from start: Int, by step: Int, below limit: Int, count: Int) -> Range<Int> {
        func isInside(_ index: Int) -> Bool { (0..<limit).contains(start + index * step) }
        if step == 0 { return isInside(0) ? 0..<count : 0..<0 }
        let crossings = [0, limit - 1].map { Double($0 - start) / Double(step) }.sorted()
        var first = Int(max(0, min(Double(count), crossings[0].rounded(.up))))
        var end = Int(max(0, min(Double(count), crossings[1].rounded(.down) + 1)))
        while first < end, !isInside(first) { first += 1 }
        while first < end, !isInside(end - 1) { end -= 1 }
        return first < end ? first..<end : 0..<0
    }

    /// The picture's pixels with one more around them, so that interpolation at the edge needs no special case, and one
    /// extra byte at the end.
    private func framed(_ surroundings: Surroundings) -> [UInt8] {
        let stride = 3 * (width + 2)
        let size = stride * (height + 2) + 1
        return [UInt8](unsafeUninitializedCapacity: size) { target, count in
            pixels.withUnsafeBufferPointer { source in
                func copy(_ row: Int, to line: Int) {
                    let pixels = source[3 * row * width..<3 * (row + 1) * width]
                    let start = stride * line + 3
                    _ = target[start..<start + 3 * width].update(fromContentsOf: pixels)
                    let isBlack = surroundings == .black
                    for channel in 0..<3 {
                        target[start - 3 + channel] = isBlack ? 0 : pixels[pixels.startIndex + channel]
                        target[start + 3 * width + channel] = isBlack ? 0 : pixels[pixels.endIndex - 3 + channel]
                    }
                }
                for row in 0..<height { copy(row, to: row + 1) }
                switch surroundings {
                case .black:
                    target[..<stride].update(repeating: 0)
                    target[(stride * (height + 1))...].update(repeating: 0)
                case .edge:
                    copy(0, to: 0)
                    copy(height - 1, to: height + 1)
                    target[size - 1] = 0
                }
            }
            count = size
        }
    }

    /// The part of the picture that starts at column `x` and row `y`.
    public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Raster {
        precondition(
            x >= 0 && y >= 0 && newWidth > 0 && newHeight > 0 && x + newWidth <= width && y + newHeight <= height,
            "\(newWidth) x \(newHeight) at (\(x), \(y)) does not lie within \(width) x \(height) pixels")
        var cropped: [UInt8] = []
        cropped.reserveCapacity(3 * newWidth * newHeight)
        for row in y..<y + newHeight {
            cropped += pixels[3 * (row * width + x)..<3 * (row * width + x + newWidth)]
        }
        return Raster(width: newWidth, height: newHeight, pixels: cropped)
    }
}
