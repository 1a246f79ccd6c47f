/// How a stored picture is to be turned to stand upright: EXIF's tag 0x0112, under its numbers.
///
/// Source: CIPA DC-008 (Exif 2.32), section 4.6.4 A.
public enum Orientation: Int, Sendable, CaseIterable {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case mirroredUpsideDown = 4
    /// Rows and columns exchanged.
    case transposed = 5
    /// To be turned a quarter clockwise.
    case turnedLeft = 6
    /// Rows and columns exchanged, then upside down.
    case transverse = 7
    /// To be turned a quarter anticlockwise.
    case turnedRight = 8

    /// Whether width and height change places.
    public var swapsSides: Bool { rawValue >= 5 }

    /// What undoes it: only the quarter turns do not undo themselves.
    var inverse: Orientation {
        switch self {
        case .turnedLeft: .turnedRight
        case .turnedRight: .turnedLeft
        default: self
        }
    }
}

extension Raster {
    /// The picture upright, given the orientation it was stored in.
    ///
    /// - Complexity: O(width · height).
    public func turned(_ orientation: Orientation) -> Raster {
        if orientation == .upright { return self }
        let turnedWidth = orientation.swapsSides ? height : width
        let turnedHeight = orientation.swapsSides ? width : height
        let (right, bottom) = (width - 1, height - 1)
        // The stored pixel (as column, row) that comes to the top left, and the steps from there.
        let (startX, startY, right1, down1): (Int, Int, (Int, Int), (Int, Int)) =
            switch orientation {
            case .upright: (0, 0, (1, 0), (0, 1))
            case .mirrored: (right, 0, (-1, 0), (0, 1))
            case .upsideDown: (right, bottom, (-1, 0), (0, -1))
            case .mirroredUpsideDown: (0, bottom, (1, 0), (0, -1))
            case .transposed: (0, 0, (0, 1), (1, 0))
            case .turnedLeft: (0, bottom, (0, -1), (1, 0))
            case .transverse: (right, bottom, (0, -1), (-1, 0))
            case .turnedRight: (right, 0, (0, 1), (-1, 0))
            }
        let columnStep = 3 * (right1.1 * width + right1.0)
        let rowStep = 3 * (down1.1 * width + down1.0)
        let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
            pixels.withUnsafeBufferPointer { source in
                var output = 0
                for row in 0..<turnedHeight {
                    var input = 3 * (startY * width + startX) + row * rowStep
                    for _ in 0..<turnedWidth {
                        target[output] = source[input]
                        target[output + 1] = source[input + 1]
                        target[output + 2] = source[input + 2]
                        output += 3
                        input += columnStep
                    }
                }
            }
            count = pixels.count
        }
        return Raster(width: turnedWidth, height: turnedHeight, pixels: turned)
    }

    /// The mirror image, left and right exchanged.
    public func mirrored() -> Raster { turned(.mirrored) }
}
