import Basics

extension Fit {
    /// The part of a picture that is shown, in pixels.
    func source(width: Int, height: Int) -> Region {
        let (columns, rows) = (Double(width), Double(height))
        guard self == .crop else { return Region(x: 0, y: 0, width: columns, height: rows) }
        let side = min(columns, rows)
        // Whole pixels, so that what keeps its size keeps its levels.
        return Region(
            x: ((columns - side) / 2).rounded(.down), y: ((rows - side) / 2).rounded(.down), width: side, height: side)
    }

    /// Columns and rows that the picture, or what ``source(width:height:)`` takes of it, fills in the middle of a
    /// square of `size`.
    func frame(width: Int, height: Int, size: Int) -> (width: Int, height: Int) {
        guard self == .letterbox else { return (size, size) }
        func side(_ side: Int) -> Int {
            let share = Double(side) / Double(max(width, height))
            return max(1, Int((share * Double(size)).rounded()))
        }
        return (side(width), side(height))
    }
}

extension Raster {
    /// The picture as a square of `size`.
    ///
    /// - Complexity: O(width · height).
    public func fitted(_ fit: Fit, size: Int) -> Raster {
        let frame = fit.frame(width: width, height: height, size: size)
        return resized(
            width: frame.width, height: frame.height, from: fit.source(width: width, height: height)
        ).centred(in: size)
    }

    /// The picture in the middle of a black square that is no smaller; a bar that cannot be halved is wider at the
    /// right or at the bottom.
    func centred(in size: Int) -> Raster {
        if width == size && height == size { return self }
        var square = Raster(width: size, height: size)
        let (left, top) = ((size - width) / 2, (size - height) / 2)
        square.pixels.withUnsafeMutableBufferPointer { target in
            pixels.withUnsafeBufferPointer { source in
                for row in 0..<height {
                    let start = 3 * ((top + row) * size + left)
                    let line = UnsafeMutableBufferPointer(rebasing: target[start..<start + 3 * width])
                    _ = line.update(fromContentsOf: source[3 * row * width..<3 * (row + 1) * width])
                }
            }
        }
        return square
    }
}
