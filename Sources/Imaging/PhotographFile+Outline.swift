import Basics

/// A grid over a photograph's used part: which cells show the animal.
public struct OutlineGrid: Sendable, Equatable {
    /// Columns of the grid.
    public let width: Int
    /// Rows of the grid.
    public let height: Int
    /// Whether the centre of each cell is inside the outline, row by row from the top.
    public let cells: [Bool]

    /// The share of the cells that show the animal.
    public var share: Double { Double(cells.count { $0 }) / Double(cells.count) }

    /// The grid in the middle of an empty square that is at least as large, as ``Raster/centred(in:)``.
    func centred(in size: Int) -> OutlineGrid {
        guard width < size || height < size else { return self }
        let (left, top) = ((size - width) / 2, (size - height) / 2)
        var square = [Bool](repeating: false, count: size * size)
        for row in 0..<height {
            let start = (top + row) * size + left
            square.replaceSubrange(start..<start + width, with: cells[row * width..<(row + 1) * width])
        }
        return OutlineGrid(width: size, height: size, cells: square)
    }
}

extension PhotographFile {
    /// Checks that the outline, if there is one, is of this picture.
    ///
    /// - Throws: As ``Outline/mask(stored:displayed:)``.
    public func checkOutline(in picture: PictureFile) throws(FileError) {
        _ = try outline?.mask(stored: picture.storedSides, displayed: picture.displayedSides)
    }

    /// The animal's outline in the used part of the photograph, upright; only the file's header is parsed.
    ///
    /// - Parameter longestSide: The cells along the longer side of the part, or fewer if it has fewer pixels.
    /// - Returns: The grid; nil without an outline, and if no cell of the part is inside.
    /// - Throws: ``FileError``, ``ImagingError``, as for decoding the photograph; ``FileError`` for an outline that is
    ///   malformed or of another picture.
    /// - Complexity: O(text + boundary + cells · log(runs)).
    public func outlineGrid(longestSide: Int) throws -> OutlineGrid? {
        guard outline != nil else { return nil }
        let picture = try PictureHead(at: url).picture()
        let part = try picture.part(of: self)
        let (width, height) = (part?.width ?? picture.width, part?.height ?? picture.height)
        let longest = max(width, height)
        func reduced(_ side: Int) -> Int { longest <= longestSide ? side : max(1, side * longestSide / longest) }
        return try picture.outlineGrid(of: self, in: part, width: reduced(width), height: reduced(height))
    }

    /// The animal in the square of `size` that a network sees, one cell a pixel; only the file's header is parsed.
    ///
    /// - Returns: Nil unless the outline divides the used part: all that a network sees is within the box.
    /// - Throws: As ``outlineGrid(longestSide:)``.
    /// - Complexity: O(text + boundary + size² · log(runs)).
    public func animalGrid(_ framing: Framing, size: Int) throws -> OutlineGrid? {
        guard outline != nil else { return nil }
        let picture = try PictureHead(at: url).picture()
        guard try picture.animalRegion(of: self) == .outline else { return nil }
        let part = try picture.part(of: self)
        let (width, height) = (part?.width ?? picture.width, part?.height ?? picture.height)
        let frame = framing.fit.frame(width: width, height: height, size: size)
        return try picture.outlineGrid(
            of: self, in: part, width: frame.width, height: frame.height,
            from: framing.source(width: width, height: height, size: size))?.centred(in: size)
    }
}

extension PictureFile {
    /// The outline in a part of the displayed picture, or in all of it, as a grid of any size; nil without an outline,
    /// and if no cell is inside. The grid covers the part, or the `region` of it.
    ///
    /// - Throws: As ``Outline/mask(stored:displayed:)``.
    func outlineGrid(
        of photograph: PhotographFile, in part: PicturePart?, width: Int, height: Int, from region: Region? = nil
    ) throws(FileError) -> OutlineGrid? {
        guard let outline = photograph.outline else { return nil }
        let (mask, isDisplayed) = try outline.mask(stored: storedSides, displayed: displayedSides)
        let region =
            region
            ?? Region(x: 0, y: 0, width: Double(part?.width ?? self.width), height: Double(part?.height ?? self.height))
        let seen = AffineMap.scale(x: region.width / Double(width), y: region.height / Double(height))
            .then(.shift(x: region.x, y: region.y)).then(part?.map ?? AffineMap())
        let map = isDisplayed ? seen : seen.then(orientation.inverse.map(of: displayedSides))
        var cells = [Bool](repeating: false, count: width * height)
        var isEmpty = true
        for row in 0..<height {
            for column in 0..<width {
                let (x, y) = map(x: Double(column) + 0.5, y: Double(row) + 0.5)
                guard mask.contains(column: Int(x.rounded(.down)), row: Int(y.rounded(.down))) else { continue }
                cells[row * width + column] = true
                isEmpty = false
            }
        }
        return isEmpty ? nil : OutlineGrid(width: width, height: height, cells: cells)
    }
}
