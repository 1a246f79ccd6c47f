import Basics
import Drawing

/// A query with some answers, each pair with the maps of what makes both alike.
public struct ExplainedRow: Sendable, Equatable {
    /// An answer beside its query.
    public struct Pair: Sendable, Equatable {
        /// What stands before the pair, the first line in bold.
        public let labels: [String]
        /// The query under its map.
        public let query: PhotographTile
        public let answer: PhotographTile
        /// The answer under its map.
        public let coveredAnswer: PhotographTile
        /// The heat over the query and over the answer.
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
    /// What is to be said of the row; empty for nothing.
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

/// Queries beside answers, with heat maps over all of them.
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
                        .init(labels: $0.labels, answers: [$0.query, $0.answer, $0.coveredAnswer])
                    },
                    note: row.note)
            }, heads: ["query, heat", "answer", "answer, heat"])
    }

    /// The scale as it looks over a photograph of middle grey.
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
            "most, each photograph by itself", at: Point(bar.maxX + 6, bar.center.y), anchor: .left, style: style)
    }

    public var data: JSONValue { ["kind": "heat-maps", "rows": .array(rows.map(\.data))] }

    public var alternativeText: String {
        guard !rows.isEmpty else { return "No queries." }
        let pairs = rows.flatMap(\.pairs)
        let right = pairs.count { $0.answer.mark == .right }
        return NumberText.counted(rows.count, "query", "queries") + ", each beside answers, with heat maps over all: "
            + "\(NumberText.counted(pairs.count, "pair", "pairs")), \(right) of the same animal. The table says where the "
            + "heat lies."
    }
}
