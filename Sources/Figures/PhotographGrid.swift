import Basics
import Drawing

/// Photographs in rows; fewer than a row holds make a narrower figure.
public struct PhotographGrid: Figure {
    public let tiles: [PhotographTile]
    /// How many tiles in turn belong together, and stand apart from the others.
    public let together: Int

    /// Creates a grid.
    public init(tiles: [PhotographTile], together: Int = 1) {
        self.tiles = tiles
        self.together = together
    }

    /// As many as leave letters their size on a page of 800 pixels.
    private var columns: Int { together > 1 ? 2 * together : 6 }
    private static let margin = 12.0
    private static let rowGap = 12.0
    private static let groupGap = 22.0

    public var size: Size {
        guard !tiles.isEmpty else { return Size(200, 40) }
        let last = min(tiles.count, columns) - 1
        return Size(
            2 * Self.margin + left(of: last) + PhotographTile.side,
            2 * Self.margin + rows.map(Self.height).reduce(0, +) + Double(rows.count - 1) * Self.rowGap)
    }

    /// The distance of a column from the first.
    private func left(of column: Int) -> Double {
        let gaps = together > 1 ? column / together : 0
        return Double(column) * (PhotographTile.side + PhotographTile.gap) + Double(gaps) * Self.groupGap
    }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        guard !tiles.isEmpty else {
            canvas.line(
                "no photographs to show", at: Point(Self.margin, 20), anchor: .left,
                style: TextStyle(size: 10.5, color: Palette.secondaryInk))
            return
        }
        var y = Self.margin
        for row in rows {
            for (column, tile) in row.enumerated() {
                tile.draw(at: Point(Self.margin + left(of: column), y), on: canvas)
            }
            y += Self.height(of: row) + Self.rowGap
        }
    }

    private var rows: [[PhotographTile]] { tiles.chunks(of: columns) }

    private static func height(of row: [PhotographTile]) -> Double {
        PhotographTile.side + PhotographTile.captionRoom(of: row)
    }

    public var data: JSONValue { ["kind": "photographs", "photographs": .array(tiles.map(\.data))] }

    public var alternativeText: String {
        guard !tiles.isEmpty else { return "No photographs." }
        let names: [PhotographTile.Mark: String] = [.none: "without a mark"]
        let counts = [.right, .late, .wrong, .none].compactMap { (mark: PhotographTile.Mark) -> String? in
            let count = tiles.count { $0.mark == mark }
            return count == 0 ? nil : "\(count) \(names[mark] ?? mark.rawValue)"
        }
        // Where marks do not tell the photographs apart their captions must.
        let told =
            together > 1 || tiles.allSatisfy { $0.mark == .none }
            ? Listing.sentence(tiles.map { $0.captions.joined(separator: ", ") }.filter { !$0.isEmpty }) : ""
        let unreadable = tiles.count { $0.picture == nil }
        return "\(tiles.count) \(tiles.count == 1 ? "photograph" : "photographs"): \(counts.joined(separator: ", "))."
            + (unreadable == 0 ? "" : " \(unreadable) cannot be read.") + (told.isEmpty ? "" : " " + told)
    }
}
