import Basics
import Drawing
import Imaging

/// A photograph with its mark, as shown in a grid.
public struct PhotographTile: Sendable, Equatable {
    /// The result of the photograph's own query, or its correctness as a match.
    public enum Mark: String, Sendable, CaseIterable {
        case none, right, late, wrong
    }

    public let id: String
    /// The photograph; nil if it cannot be read.
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

extension PhotographTile {
    /// Width and height of the framed photograph in points.
    static let side = 100.0
    /// Between two tiles.
    static let gap = 8.0

    private static let captionHeight = 13.0
    private static let captionTop = 3.0
    /// Keeps the frame off the photograph, against which its colour could be hard to see.
    static let frameRoom = 4.0

    /// The room below the photographs of tiles in one row.
    static func captionRoom(of tiles: [PhotographTile]) -> Double {
        let lines = tiles.map(\.captions.count).max() ?? 0
        return lines == 0 ? 0 : captionTop + Double(lines) * captionHeight
    }

    /// Draws the tile with its top left corner at a point.
    func draw(at corner: Point, on canvas: Canvas) {
        let frame = Rect(x: corner.x, y: corner.y, width: Self.side, height: Self.side)
        drawPicture(in: frame.inset(by: Self.frameRoom), on: canvas)
        mark.drawFrame(frame, on: canvas)
        mark.drawBadge(at: Point(frame.maxX - 13, frame.y + 13), on: canvas)
        for (index, caption) in captions.enumerated() {
            canvas.line(
                caption, at: Point(corner.x + 1, frame.maxY + Self.captionTop + Double(index) * Self.captionHeight),
                limit: Self.side - 1,
                style: TextStyle(size: 9.5, color: index == 0 ? Palette.ink : Palette.secondaryInk))
        }
    }

    /// Draws the photograph in the middle of a rectangle, or says that it cannot be read.
    func drawPicture(in room: Rect, on canvas: Canvas) {
        canvas.fill(.rectangle(room), Palette.empty)
        canvas.note(id, in: room)
        guard let picture else {
            canvas.text(
                "cannot be read", at: room.center, anchor: .center,
                style: TextStyle(
                    size: 9.5, color: Palette.secondaryInk, alignment: .center, width: room.width - 12, lines: 2))
            return
        }
        canvas.draw(picture, in: room.fitting(width: picture.width, height: picture.height))
    }
}

extension Rect {
    /// The largest rectangle of a picture's proportions within this one, centred.
    func fitting(width: Int, height: Int) -> Rect {
        let scale = min(self.width / Double(width), self.height / Double(height))
        let (width, height) = (Double(width) * scale, Double(height) * scale)
        return Rect(x: center.x - width / 2, y: center.y - height / 2, width: width, height: height)
    }
}
