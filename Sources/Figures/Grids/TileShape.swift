import Basics
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
    var areLong: Bool { TileShape.isLong(elongation) }

    /// The middle ratio of width to height as shown, after turning; 1 without a readable photograph.
    var aspect: Double {
        if areLong { return elongation }
        let ratios = compactMap { $0.sides(amongLong: false) }.map { Double($0.width) / Double($0.height) }
        return ratios.isEmpty ? 1 : ratios.sorted()[ratios.count / 2]
    }
}

extension PhotographTile {
    /// The tile with its photograph turned to be compared with others, which may be long.
    func turned(amongLong: Bool) -> PhotographTile {
        let turn = pose.turn(of: sides, amongLong: amongLong)
        guard let picture, turn != .none else { return self }
        return PhotographTile(
            id: id, picture: picture.turned(turn), captions: captions, mark: mark, pose: pose, turn: turn)
    }

    private var sides: PictureSides? { picture.map { PictureSides(width: $0.width, height: $0.height) } }

    /// The sides of the photograph after ``turned(amongLong:)``; nil if it cannot be read.
    fileprivate func sides(amongLong: Bool) -> PictureSides? {
        sides.map {
            pose.turn(of: $0, amongLong: amongLong).swapsSides ? PictureSides(width: $0.height, height: $0.width) : $0
        }
    }
}
