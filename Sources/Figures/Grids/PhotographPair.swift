import Basics
import Drawing

/// Two photographs to compare by eye, next to each other and equally wide, with lines between the marks that agree.
public struct PhotographPair: Figure {
    private let pair: MatchedPair
    private let lines: Int
    private let shape: TileShape

    private static let margin = 10.0
    /// Between the photographs, so that frames and lines stay apart.
    private static let gap = 14.0

    /// Creates a figure; `lines` is the most lines, which the strongest matches have.
    public init(_ pair: MatchedPair, lines: Int) {
        let turned = pair.turned(amongLong: [pair.query, pair.answer].areLong)
        self.pair = turned
        self.lines = lines
        let aspects = [turned.query, turned.answer].compactMap(\.picture).map { Double($0.width) / Double($0.height) }
        shape = TileShape(width: (TileShape.page - 2 * Self.margin - Self.gap) / 2, aspect: aspects.min() ?? 1)
    }

    private var tiles: [PhotographTile] { [pair.query, pair.answer] }

    public var size: Size {
        Size(TileShape.page, 2 * Self.margin + shape.height + PhotographTile.captionRoom(of: tiles))
    }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        let corners = [0, 1].map { Point(Self.margin + Double($0) * (shape.width + Self.gap), Self.margin) }
        for (tile, corner) in zip(tiles, corners) { tile.draw(at: corner, in: shape, on: canvas) }
        guard let one = pair.query.picture, let other = pair.answer.picture else { return }
        let rooms = zip([one, other], corners).map { picture, corner in
            Rect(x: corner.x, y: corner.y, width: shape.width, height: shape.height)
                .inset(by: PhotographTile.frameRoom).fitting(width: picture.width, height: picture.height)
        }
        MatchedMarks(query: rooms[0], answer: rooms[1]).drawLines(pair.agreement.agreeing.prefix(lines), on: canvas)
    }

    public var data: JSONValue { ["kind": "pair", "pair": pair.data(lines: lines, showsOthers: false)] }

    public var alternativeText: String {
        let shown = tiles.map {
            ([$0.captions.joined(separator: ", ")] + ($0.picture == nil ? ["cannot be read"] : []))
        }
        let count = pair.agreement.agreeing.count
        let marks = count == 0 ? "" : " with \(NumberText.counted(count, "mark that agrees", "marks that agree"))"
        return "Two photographs\(marks): \(shown.map { $0.joined(separator: ", ") }.joined(separator: "; "))."
    }
}
