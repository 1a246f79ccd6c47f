import Basics

extension PictureFile {
    /// Decodes what counts of the picture, upright: a box of the stored picture, or all of it where there is none.
    ///
    /// A box that reaches beyond the picture is cut at the picture's edge.
    ///
    /// - Parameter side: As in ``decoded(atLeast:)``, of the box where there is one.
    /// - Throws: ``ImagingError``, also for a box that lies outside of the picture.
    func decoded(_ box: PixelBox?, atLeast side: Int?) throws -> Raster {
        guard let box else { return try decoded(atLeast: side) }
        guard let stored = box.clipped(toWidth: storedWidth, height: storedHeight) else {
            throw ImagingError.boxOutside(file: name, box: box, width: storedWidth, height: storedHeight)
        }
        // The whole picture is as much larger as it must be for its part to be large enough.
        let whole = min(storedWidth, storedHeight)
        let part = min(stored.width, stored.height)
        let raster = try decoded(atLeast: side.map { ($0 * whole + part - 1) / part })
        let seen = stored.turned(orientation, width: storedWidth, height: storedHeight)
        return raster.cropped(to: seen.scaled(from: (width, height), to: (raster.width, raster.height)))
    }
}

extension Raster {
    /// Reads and decodes what counts of a photograph, upright: its box, or all of it where it has none.
    ///
    /// A box that reaches beyond the picture is cut at the picture's edge.
    ///
    /// - Parameter side: As in ``PictureFile/decoded(atLeast:)``, of the box where there is one.
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a missing file, else an ``ImagingError``, also for a box
    ///   that lies outside of the picture.
    public static func decoding(_ photograph: PhotographFile, atLeast side: Int? = nil) throws -> Raster {
        try PictureFile(at: photograph.url).decoded(photograph.box, atLeast: side)
    }

    /// The part of the picture within `box`, which must lie inside.
    ///
    /// - Complexity: O(width · height) of the box.
    public func cropped(to box: PixelBox) -> Raster {
        precondition(
            box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height,
            "the box \(box.text) leaves the picture of \(width) x \(height)")
        let rows = box.y..<box.y + box.height
        let cut = [UInt8](unsafeUninitializedCapacity: 3 * box.width * box.height) { target, count in
            for row in rows {
                let start = 3 * (row * width + box.x)
                count = target[count...].update(fromContentsOf: pixels[start..<start + 3 * box.width])
            }
        }
        return Raster(width: box.width, height: box.height, pixels: cut)
    }
}

extension PixelBox {
    /// Where the box of a stored picture of that size lies once the picture is turned upright.
    func turned(_ orientation: Orientation, width pictureWidth: Int, height pictureHeight: Int) -> PixelBox {
        // Distances from the other two edges.
        let (right, bottom) = (pictureWidth - x - width, pictureHeight - y - height)
        let (left, top) =
            switch orientation {
            case .upright: (x, y)
            case .mirrored: (right, y)
            case .upsideDown: (right, bottom)
            case .mirroredUpsideDown: (x, bottom)
            case .transposed: (y, x)
            case .turnedLeft: (bottom, x)
            case .transverse: (bottom, right)
            case .turnedRight: (y, right)
            }
        return PixelBox(
            x: left, y: top, width: orientation.swapsSides ? height : width,
            height: orientation.swapsSides ? width : height) ?? self
    }

    /// Where the box of an upright picture of that size lies in the picture as it is stored.
    public func stored(_ orientation: Orientation, width pictureWidth: Int, height pictureHeight: Int) -> PixelBox {
        turned(orientation.inverse, width: pictureWidth, height: pictureHeight)
    }

    /// The smallest box of whole pixels that covers this one after a change of the picture's size.
    func scaled(from old: (width: Int, height: Int), to new: (width: Int, height: Int)) -> PixelBox {
        let (left, top) = (x * new.width / old.width, y * new.height / old.height)
        let right = ((x + width) * new.width + old.width - 1) / old.width
        let bottom = ((y + height) * new.height + old.height - 1) / old.height
        return PixelBox(x: left, y: top, width: right - left, height: bottom - top) ?? self
    }
}
