import Basics
import Imaging

/// A photograph with its marks, as it stands in a grid.
public struct PhotographTile: Sendable, Equatable {
    /// What became of the photograph's search or what it is worth as an answer.
    public enum Mark: String, Sendable, CaseIterable {
        case none, right, late, wrong
    }

    public let id: String
    /// The photograph; nil where it cannot be read.
    public let picture: Raster?
    /// The lines below the photograph.
    public let captions: [String]
    public let mark: Mark

    /// Creates a tile.
    public init(id: String, picture: Raster?, captions: [String], mark: Mark = .none) {
        self.id = id
        self.picture = picture
        self.captions = captions
        self.mark = mark
    }

    var data: JSONValue {
        [
            "id": .string(id), "mark": .string(mark.rawValue), "captions": .array(captions.map { .string($0) }),
            "readable": .bool(picture != nil),
        ]
    }
}
