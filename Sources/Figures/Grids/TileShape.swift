import Imaging

/// The room of each photograph of a figure, its frame included, in points.
struct TileShape: Equatable {
    let width: Double
    let height: Double

    /// The width of a page in points, as figures of photographs fill it.
    static let page = 760.0
    /// From this ratio of sides, photographs are long: two of them fill a page's width.
    private static let long = 1.7
    /// The greatest ratio of sides of a tile; longer photographs leave room above and below.
    private static let longest = 4.0

    /// A tile of this width for photographs with this ratio of width to height.
    init(width: Double, aspect: Double) {
        let room = 2 * PhotographTile.frameRoom
        self.width = width
        height = (width - room) / min(max(aspect, 0.75), Self.longest) + room
    }

    /// Whether photographs of this ratio are long.
    static func isLong(_ aspect: Double) -> Bool { aspect >= long }
}

extension [PhotographTile] {
    /// The middle ratio of the longer to the shorter side; 1 without a readable photograph.
    private var elongation: Double {
        let ratios = compactMap(\.picture).map {
            Double(Swift.max($0.width, $0.height)) / Double(Swift.min($0.width, $0.height))
        }
        return ratios.isEmpty ? 1 : ratios.sorted()[ratios.count / 2]
    }

    /// Whether most photographs are long, so that the upright ones lie down and all can be compared.
    var areTurned: Bool { TileShape.isLong(elongation) }

    /// The middle ratio of width to height as shown, after turning; 1 without a readable photograph.
    var aspect: Double {
        if areTurned { return elongation }
        let ratios = compactMap(\.picture).map { Double($0.width) / Double($0.height) }
        return ratios.isEmpty ? 1 : ratios.sorted()[ratios.count / 2]
    }
}

extension PhotographTile {
    /// The tile with an upright photograph turned a quarter to the left, so that its longer side lies.
    var lying: PhotographTile {
        guard let picture, picture.height > picture.width else { return self }
        return PhotographTile(
            id: id, picture: picture.turned(.turnedRight), captions: captions, mark: mark, isTurned: true)
    }
}
