import Basics
import Drawing
import Imaging

/// A query with some matches, each pair with maps of what makes the two similar.
public struct ExplainedRow: Sendable, Equatable {
    /// A match next to its query.
    public struct Pair: Sendable, Equatable {
        /// The text before the pair, the first line in bold.
        public let labels: [String]
        /// The query under its map.
        public let query: PhotographTile
        public let answer: PhotographTile
        /// The match under its map.
        public let coveredAnswer: PhotographTile
        /// The heat over the query and over the match.
        public let maps: [HeatMap]

        /// Creates a pair.
        public init(
            labels: [String], query: PhotographTile, answer: PhotographTile, coveredAnswer: PhotographTile,
            maps: [HeatMap]
        ) {
            self.labels = labels
            self.query = query
            self.answer = answer
            self.coveredAnswer = coveredAnswer
            self.maps = maps
        }

        fileprivate var data: JSONValue {
            [
                "answer": answer.data, "labels": .array(labels.map { .string($0) }),
                "maps": .array(
                    maps.map { map in
                        [
                            "height": .number(Double(map.height)), "width": .number(Double(map.width)),
                            "values": .array(map.values.map { .number($0) }),
                        ]
                    }),
            ]
        }
    }

    public let query: PhotographTile
    public let pairs: [Pair]
    /// The text of the row; empty for none.
    public let note: String

    /// Creates a row.
    public init(query: PhotographTile, pairs: [Pair], note: String) {
        self.query = query
        self.pairs = pairs
        self.note = note
    }

    fileprivate var data: JSONValue {
        ["query": query.data, "pairs": .array(pairs.map(\.data)), "note": .string(note)]
    }
}

/// Queries next to matches, with heat maps over all of them.
public struct HeatMapGrid: Figure {
    public let rows: [ExplainedRow]

    /// Creates a grid.
    public init(rows: [ExplainedRow]) { self.rows = rows }

    private static let legendHeight = 34.0

    public var size: Size {
        get throws {
            let size = try drawing.size
            return rows.isEmpty ? size : Size(size.width, size.height + Self.legendHeight)
        }
    }

    /// Draws the figure into a canvas of its ``size``.
    public func draw(on canvas: Canvas) {
        drawing.draw(on: canvas)
        guard let height = try? drawing.size.height, !rows.isEmpty else { return }
        Self.drawLegend(y: height, on: canvas)
    }

    private var drawing: AnswerRows {
        AnswerRows(
            rows.map { row in
                AnswerRow(
                    query: row.query,
                    strands: row.pairs.map {
                        .init(labels: $0.labels, answers: [$0.answer, $0.coveredAnswer, $0.query])
                    },
                    note: row.note)
            }, heads: ["match", "heat on the match", "heat on the query"])
    }

    /// The scale as it looks over a medium grey photograph.
    private static func drawLegend(y: Double, on canvas: Canvas) {
        let style = TextStyle(size: 9.5, color: Palette.secondaryInk)
        let bar = Rect(x: 74, y: y + 4, width: 120, height: 12)
        let grey = Color(hex: 0x808080)
        let stops = (0...16).map { step -> (Double, Color) in
            let heat = Double(step) / 16
            return (heat, grey.mixed(with: HeatScale.color(heat), share: HeatScale.cover(heat)))
        }
        canvas.line("heat: none", at: Point(bar.x - 6, bar.center.y), anchor: .right, style: style)
        canvas.fill(
            .rectangle(bar),
            with: .linear(from: Point(bar.x, bar.y), to: Point(bar.maxX, bar.y), stops: stops))
        canvas.line(
            "most, scaled per photograph", at: Point(bar.maxX + 6, bar.center.y), anchor: .left, style: style)
    }

    public var data: JSONValue { ["kind": "heat-maps", "rows": .array(rows.map(\.data))] }

    public var alternativeText: String {
        guard !rows.isEmpty else { return "No queries." }
        let pairs = rows.flatMap(\.pairs)
        let right = pairs.count { $0.answer.mark == .right }
        return NumberText.counted(rows.count, "query", "queries") + ", each with matches, and heat maps over all: "
            + "\(NumberText.counted(pairs.count, "pair", "pairs")), \(right) of the same animal. The table gives "
            + "the place of the heat."
    }
}

/// The colours of heat: darker is less, in even steps for every kind of colour vision and in grey.
///
/// Source: "inferno" of Smith and van der Walt, matplotlib 2015, at nine places.
enum HeatScale {
    private static let stops: [Color] = [
        0x000004, 0x210C4A, 0x57106E, 0x8A226A, 0xBC3754, 0xE45A31, 0xF98E09, 0xF9CB35, 0xFCFFA4,
    ].map { Color(hex: $0) }

    /// The colour of a heat within 0…1.
    static func color(_ heat: Double) -> Color {
        let place = min(max(heat, 0), 1) * Double(stops.count - 1)
        let first = min(Int(place), stops.count - 2)
        return stops[first].mixed(with: stops[first + 1], share: place - Double(first))
    }

    /// The share of the photograph that a heat covers: little heat leaves it visible.
    static func cover(_ heat: Double) -> Double { 0.25 + 0.5 * min(max(heat, 0), 1) }
}

extension Raster {
    /// The picture in grey under the colours of a map over the square that the network saw; other parts stay grey.
    ///
    /// `framing` is how the picture filled the square.
    ///
    /// - Complexity: O(width · height).
    public func covered(by map: HeatMap, framing: Framing = Framing()) -> Raster {
        var result = self
        for y in 0..<height {
            for x in 0..<width {
                let pixel = self[x, y]
                // Rec. 601.
                let level = 0.299 * Double(pixel.red) + 0.587 * Double(pixel.green) + 0.114 * Double(pixel.blue)
                let grey = Color(red: level / 255, green: level / 255, blue: level / 255)
                let place = framing.place(x: x, y: y, width: width, height: height)
                var color = grey
                if (0...1).contains(place.x), (0...1).contains(place.y) {
                    let heat = map.heat(x: place.x, y: place.y)
                    color = grey.mixed(with: HeatScale.color(heat), share: HeatScale.cover(heat))
                }
                func byte(_ share: Double) -> UInt8 { UInt8((share * 255).rounded()) }
                result[x, y] = (byte(color.red), byte(color.green), byte(color.blue))
            }
        }
        return result
    }
}

extension Framing {
    /// The centre of a picture's pixel within the square made from the picture, in shares of its sides.
    fileprivate func place(x: Int, y: Int, width: Int, height: Int) -> (x: Double, y: Double) {
        let (columns, rows) = (Double(width), Double(height))
        let side =
            switch fit {
            case .stretch: (x: columns, y: rows)
            case .letterbox: (x: max(columns, rows), y: max(columns, rows))
            case .crop: (x: min(columns, rows), y: min(columns, rows))
            }
        let visible = fit == .letterbox ? 1 : share
        return (
            (Double(x) + 0.5 - columns / 2) / (side.x * visible) + 0.5,
            (Double(y) + 0.5 - rows / 2) / (side.y * visible) + 0.5
        )
    }
}
