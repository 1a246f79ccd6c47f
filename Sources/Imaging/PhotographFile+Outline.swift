import Basics

/// A grid over a photograph's used part: which cells show the animal.
public struct OutlineGrid: Sendable, Equatable {
    /// Columns of the grid.
    public let width: Int
    /// Rows of the grid.
    public let height: Int
    /// Whether the centre of each cell is inside the outline, row by row from the top.
    public let cells: [Bool]
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
}

extension PictureFile {
    /// The outline in a part of the displayed picture, or in all of it, as a grid of any size; nil without an outline,
    /// and if no cell is inside.
    ///
    /// - Throws: As ``Outline/mask(stored:displayed:)``.
    func outlineGrid(
        of photograph: PhotographFile, in part: PicturePart?, width: Int, height: Int
    ) throws(FileError) -> OutlineGrid? {
        guard let outline = photograph.outline else { return nil }
        let (mask, isDisplayed) = try outline.mask(stored: storedSides, displayed: displayedSides)
        let scale = AffineMap.scale(
            x: Double(part?.width ?? self.width) / Double(width),
            y: Double(part?.height ?? self.height) / Double(height))
        let seen = scale.then(part?.map ?? AffineMap())
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
