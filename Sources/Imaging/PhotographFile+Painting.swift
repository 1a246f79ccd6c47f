import Basics

/// What distinguishes an animal from its background in a photograph.
public enum AnimalRegion: String, Sendable, Codable, CaseIterable {
    /// The animal's outline, in the part of the photograph that is used.
    case outline
    /// Only the box: what lies around it in the photograph is the background.
    case box
}

extension PhotographFile {
    /// What distinguishes the animal from its background; nil if nothing does, or if one of them has hardly a pixel.
    ///
    /// - Throws: As ``outlineGrid(longestSide:)``.
    /// - Complexity: That of decoding the outline; only the file's header is parsed.
    public func animalRegion() throws -> AnimalRegion? {
        guard outline != nil || box != nil else { return nil }
        return try PictureHead(at: url).picture().animalRegion(of: self)
    }
}

extension PictureFile {
    /// The least share of the pixels that an animal, or its background, has.
    private static let leastShare = 0.01
    /// The side of the grid on which shares are measured.
    private static let grid = 64

    func animalRegion(of photograph: PhotographFile) throws -> AnimalRegion? {
        let part = try part(of: photograph)
        func isDivided(_ share: Double) -> Bool { share >= Self.leastShare && share <= 1 - Self.leastShare }
        let grid = try outlineGrid(of: photograph, in: part, width: Self.grid, height: Self.grid)
        if let grid, isDivided(grid.share) { return .outline }
        let area = part.map { Double($0.width * $0.height) / Double(width * height) }
        return area.map(isDivided) == true ? .box : nil
    }

    /// The used part of a photograph with the animal or its background in the mean colour of what remains, so that
    /// nothing of the painted part is left but its shape.
    ///
    /// With an outline, both are within the used part. With only a box, the background is what lies around it in the
    /// photograph: with the animal painted over the whole photograph is shown, and with the background painted over
    /// only the box, as usual. With neither, nothing is painted.
    ///
    /// - Throws: ``ImagingError``; ``FileError`` for a malformed outline.
    func painted(_ photograph: PhotographFile, over painted: PaintedPart, atLeast side: Int?) throws -> Raster {
        let part = try part(of: photograph)
        switch try animalRegion(of: photograph) {
        case .outline:
            let picture = try decoded(part, atLeast: side)
            let grid = try outlineGrid(of: photograph, in: part, width: picture.width, height: picture.height)
            return picture.painted { grid?.cells[$0] == (painted == .animal) }
        case .box where painted == .animal:
            let picture = try decoded(atLeast: side)
            guard let part else { return picture }
            let map = AffineMap.scale(
                x: Double(width) / Double(picture.width), y: Double(height) / Double(picture.height)
            ).then(part.map.inverseOfTurn)
            return picture.painted { pixel in
                let (x, y) = map(
                    x: Double(pixel % picture.width) + 0.5, y: Double(pixel / picture.width) + 0.5)
                return x >= 0 && y >= 0 && x < Double(part.width) && y < Double(part.height)
            }
        case .box, nil: return try decoded(part, atLeast: side)
        }
    }
}

extension Raster {
    /// The picture with some pixels, by their positions row by row, in the mean colour of the others.
    ///
    /// - Complexity: O(pixels).
    func painted(where isPainted: (Int) -> Bool) -> Raster {
        let places = (0..<width * height).map(isPainted)
        var sums = [0, 0, 0]
        for (pixel, isPainted) in places.enumerated() where !isPainted {
            for channel in 0..<3 { sums[channel] += Int(pixels[3 * pixel + channel]) }
        }
        let remaining = places.count { !$0 }
        guard remaining > 0 else { return self }
        let colour = sums.map { UInt8(($0 + remaining / 2) / remaining) }
        var result = self
        for (pixel, isPainted) in places.enumerated() where isPainted {
            for channel in 0..<3 { result.pixels[3 * pixel + channel] = colour[channel] }
        }
        return result
    }
}
