import Basics
import Drawing
import Foundation
import Imaging

/// A photograph with its mark, as shown in a grid.
public struct PhotographTile: Sendable, Equatable {
    /// The result of the photograph's own query, or its correctness as a match.
    public enum Mark: String, Sendable, CaseIterable {
        case none, right, late, wrong
        /// A correct photograph beyond those shown.
        case next
        /// A photograph whose name is to be checked.
        case doubtful
    }

    public let id: String
    /// The photograph; nil if it cannot be read.
    public let picture: Raster?
    /// The lines below the photograph.
    public let captions: [String]
    public let mark: Mark
    /// How the animal lies in the photograph.
    public let pose: AnimalPose
    /// How the photograph was turned to be compared with others, as a sign says.
    let turn: Turn

    /// Creates a tile.
    public init(id: String, picture: Raster?, captions: [String], mark: Mark = .none, pose: AnimalPose = AnimalPose()) {
        self.init(id: id, picture: picture, captions: captions, mark: mark, pose: pose, turn: .none)
    }

    init(id: String, picture: Raster?, captions: [String], mark: Mark, pose: AnimalPose, turn: Turn) {
        self.id = id
        self.picture = picture
        self.captions = captions
        self.mark = mark
        self.pose = pose
        self.turn = turn
    }

    var data: JSONValue {
        [
            "id": .string(id), "mark": .string(mark.rawValue), "captions": .array(captions.map { .string($0) }),
            "readable": .bool(picture != nil),
        ]
    }
}

extension PhotographTile {
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
    func draw(at corner: Point, in shape: TileShape, on canvas: Canvas) {
        let frame = Rect(x: corner.x, y: corner.y, width: shape.width, height: shape.height)
        drawPicture(in: frame.inset(by: Self.frameRoom), on: canvas)
        mark.drawFrame(frame, on: canvas)
        mark.drawBadge(at: Point(frame.maxX - 13, frame.y + 13), on: canvas)
        drawTurn(in: frame, on: canvas)
        for (index, caption) in captions.enumerated() {
            canvas.line(
                caption, at: Point(corner.x + 1, frame.maxY + Self.captionTop + Double(index) * Self.captionHeight),
                limit: shape.width - 1,
                style: TextStyle(size: 9.5, color: index == 0 ? Palette.ink : Palette.secondaryInk))
        }
    }

    /// Draws an arrow in a corner that turns back to how the photograph was taken, if it was turned; it has two heads
    /// after half a turn.
    func drawTurn(in frame: Rect, on canvas: Canvas) {
        turn.drawArrow(at: Point(frame.x + 14, frame.maxY - 14), on: canvas)
    }
}

extension Turn {
    /// Draws an arrow that turns back; nothing without a turn.
    func drawArrow(at center: Point, on canvas: Canvas) {
        guard self != .none else { return }
        let radius = 5.0
        canvas.fill(.circle(center: center, radius: radius + 3), Color.white.opacity(0.8))
        func stroke(_ points: [Point]) { canvas.stroke(.polyline(points), Palette.ink, width: 1.3) }
        guard self != .around else {
            // Half a circle over the top.
            let arc = (0...12).map { step -> Point in
                let angle = Double.pi * (Double(step) / 12 - 1)
                return Point(center.x + radius * cos(angle), center.y + 2 + radius * sin(angle))
            }
            stroke(arc)
            for end in [arc[0], arc[arc.count - 1]] {
                stroke([Point(end.x - 2.8, end.y - 2.8), end, Point(end.x + 2.8, end.y - 2.8)])
            }
            return
        }
        // Back is clockwise after a turn to the left.
        let side = self == .left ? 1.0 : -1.0
        let arc = (0...12).map { step -> Point in
            let angle = Double.pi * (1.5 * Double(step) / 12 - 1)
            return Point(center.x + side * radius * cos(angle), center.y + radius * sin(angle))
        }
        stroke(arc)
        let end = arc[arc.count - 1]
        stroke([Point(end.x + side * 2.8, end.y - 2.8), end, Point(end.x + side * 2.8, end.y + 2.8)])
    }
}

extension PhotographTile {

    /// Draws the photograph in the middle of a rectangle, or says that it cannot be read.
    func drawPicture(in room: Rect, on canvas: Canvas) {
        canvas.note(id, in: room)
        guard let picture else {
            canvas.fill(.rectangle(room), Palette.empty)
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
