import Basics
import Drawing
import Evaluation
import Imaging

@testable import Figures

/// One small figure of each kind.
extension Samples {
    static let curves = chart(
        [
            LineChart.Line(
                name: "all queries", points: [Point(1, 0.3), Point(2, 0.42), Point(3, 0.51)],
                band: [0.2...0.4, nil, 0.4...0.6], isEmphasised: true),
            line("left|top", [0.2, 0.25, 0.275]),
            LineChart.Line(
                name: "before training", points: [Point(1, 0.1), Point(2, 0.15), Point(3, 0.16)],
                band: [0.05...0.2, 0.1...0.2, 0.1...0.25], isDashed: true),
        ], range: 0...1)

    static let scatter = ScatterChart(
        horizontal: "first principal component", vertical: "second",
        groups: [
            .init(name: "w1", points: [Point(0, 0), Point(2, 1)], ids: ["a", "b"]),
            .init(name: "<w2> & co.", points: [Point(1, 3)], ids: ["c"]),
            .init(name: "others", points: [Point(4, 1)], ids: ["d"], isBackground: true),
        ], size: Size(360, 240))

    static let bars = BarChart(
        horizontal: "% of queries to which the cause applies", series: ["of 24 misses", "of 40 hits"],
        rows: [
            .init(name: "hub", values: [62, 3], note: "12 misses"),
            .init(name: "few photographs in the database", values: [25, 17.5], note: "6 misses"),
            .init(name: "unknown", values: [25, .nan], note: "6 misses"),
        ], width: 480)

    static let intervals = IntervalChart(
        horizontal: "mAP@20, with the 95% interval",
        rows: [
            .init(name: "top-top", value: 0.75, interval: 0.61...0.86, note: "0.750 (0.610 to 0.860)"),
            .init(name: "left|top", value: 0.275, interval: nil, note: "0.275"),
            .init(name: "кит <белый>", value: .nan, interval: nil, note: "no answerable query"),
            .init(
                name: "all queries", value: 0.5125, interval: 0.4...0.6, note: "0.512 (0.400 to 0.600)",
                isEmphasised: true),
        ], range: 0...1, width: 480)

    static let dumbbells = DumbbellChart(
        horizontal: "mAP@20",
        legend: .init(
            before: "before (run 1)", risen: "after (run 2)", fallen: "after, worse",
            interval: "95% interval of the change, from the value before"),
        rows: [
            .init(name: "top-top", before: 0.75, after: 0.81, interval: 0.76...0.87, note: "0.750 to 0.810, +0.060"),
            .init(name: "left|top", before: 0.475, after: 0.43, interval: 0.38...0.5, note: "0.475 to 0.430, −0.045"),
            .init(name: "кит <белый>", before: 0.6, after: 0.6, note: "0.600 to 0.600, 0.000"),
            .init(name: "not measured", before: .nan, after: 0.5, note: "–"),
            .init(
                name: "all queries", before: 0.6125, after: 0.635, interval: 0.6...0.66,
                note: "0.613 to 0.635, +0.022", isEmphasised: true),
        ], width: 600)

    static let histogram = Histogram(
        horizontal: "cosine to the nearest photograph", vertical: "Photographs", range: 0.4...1,
        series: [
            .init(name: "the animal is in the database", counts: [0, 1, 2, 6, 14, 9]),
            .init(name: "the animal is not", counts: [3, 9, 12, 6, 2, 0]),
        ], landmarks: [.init(name: "called new below 0.672", value: 0.672)], size: Size(480, 264))

    static let reliability = ReliabilityChart(
        horizontal: "Probability of a new animal", vertical: "Share that is new", counted: "Predictions",
        bins: [
            .init(range: 0..<0.1, said: 0.04, share: 0.06, interval: 0...0.12, count: 40),
            .init(range: 0.4..<0.5, said: 0.46, share: 0.35, interval: 0.2...0.55, count: 12),
            .init(range: 0.9..<1, said: 0.97, share: 1, interval: nil, count: 31),
        ], size: Size(384, 336))

    static let photographs = PhotographGrid(tiles: [
        tile("a", .right), tile("b", .late, captions: ["top, 2019-07-01", "found at rank 4"]), tile("c", .wrong),
        tile("d", width: 20),
    ])

    static let comparison = ComparisonGrid(rows: [
        ComparisonRow(
            query: tile("q"), before: [tile("a", .wrong), tile("b", .right)],
            after: [tile("b", .right), tile("a", .wrong)], missed: tile("c", .late), sameSide: [tile("d", .wrong)],
            note: "The correct one moved up.")
    ])

    static let workflow = WorkflowGraphTests.graph(members: ["b5", "b7"], seeds: 1) { $0 < 3 ? .fresh : .stale }

    static let heatMaps = HeatMapGrid(rows: [
        ExplainedRow(
            query: tile("q"),
            pairs: [
                .init(
                    labels: ["wrong", "rank 1"], query: tile("q"), answer: tile("a", .wrong),
                    coveredAnswer: tile("a"),
                    maps: [
                        HeatMap(height: 2, width: 2, scaling: [4, 0, -1, 0]),
                        HeatMap(height: 2, width: 2, scaling: [1, 1, 1, 1]),
                    ])
            ], note: "Half on 20%.")
    ])

    static let matches = MatchGrid(
        pairs: [
            MatchedPair(
                title: "wrong, rank 1", query: tile("q", width: 40, height: 30),
                answer: tile("a", .wrong, width: 36, height: 30),
                agreement: MarkAgreement(
                    (0..<5).map { number in
                        let x = 0.3 + 0.1 * Double(number)
                        return MarkMatch(
                            query: MarkPlace(x: x, y: 0.3 + 0.08 * Double(number), radius: 0.02 + x / 50),
                            database: MarkPlace(x: x - 0.1, y: 0.7 - x / 2, radius: 0.02 + x / 50),
                            similarity: 0.78 + 0.05 * Double(number), isExplained: true)
                    } + [
                        MarkMatch(
                            query: MarkPlace(x: 0.6, y: 0.8, radius: 0.02),
                            database: MarkPlace(x: 0.3, y: 0.9, radius: 0.02), similarity: 0.9, isExplained: false)
                    ])),
            MatchedPair(
                title: "right, rank 9", query: tile("q", width: 40, height: 30), answer: tile("b", .right),
                agreement: MarkAgreement([])),
        ], lines: 4, showsOthers: true, width: 480)

    static let pair = PhotographPair(
        MatchedPair(
            title: "whale 1 and whale 2", query: tile("q", width: 60, height: 30),
            answer: tile("a", width: 90, height: 30),
            agreement: matches.pairs[0].agreement), lines: 4)
}
