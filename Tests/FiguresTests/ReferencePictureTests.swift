import Basics
import Drawing
import Foundation
import Imaging
import Testing

@testable import Figures

/// Every kind of figure, compared with its picture stored with the tests.
struct ReferencePictureTests {
    static let figures: [(name: String, figure: any Figure)] = [
        ("lines", Samples.curves), ("scatter", Samples.scatter), ("bars", Samples.bars),
        ("intervals", Samples.intervals), ("dumbbells", Samples.dumbbells),
        ("histogram", Samples.histogram), ("reliability", Samples.reliability),
        ("retrieval-grid", Samples.grid), ("photograph-grid", Samples.photographs),
        ("comparison-grid", Samples.comparison), ("heat-map-grid", Samples.heatMaps),
        ("match-grid", Samples.matches), ("photograph-pair", Samples.pair), ("workflow-graph", Samples.workflow),
    ]

    @Test(arguments: figures.map(\.name)) func `A figure looks like its reference picture`(name: String) throws {
        let figure = try #require(Self.figures.first { $0.name == name }?.figure)
        let drawn = try figure.raster()
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name).png")
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try figure.png(scale: 1).write(to: file)
            Issue.record("\(file.lastPathComponent) was recorded; look at it, then run again without RECORD_GOLDEN")
            return
        }
        let reference = try Raster.decoding(PhotographFile(id: name, url: file))
        try #require(
            (drawn.width, drawn.height) == (reference.width, reference.height), "another size, \(drawn.width) wide")
        #expect(Self.share(drawn, reference) <= Self.tolerance)
    }

    @Test func `The tolerance passes neither a longer bar nor another mark`() throws {
        let bars = try Samples.bars.raster()
        let longer = BarChart(
            horizontal: Samples.bars.horizontal, series: Samples.bars.series,
            rows: [.init(name: "hub", values: [52, 3], note: "12 misses")] + Samples.bars.rows.dropFirst(), width: 480)
        #expect(Self.share(try longer.raster(), bars) > Self.tolerance)
        let grid = try Samples.grid.raster()
        let turned = RetrievalGrid(
            rows: [
                RetrievalRow(
                    query: Samples.grid.rows[0].query,
                    answers: [Samples.tile("a", .right)] + Samples.grid.rows[0].answers.dropFirst(),
                    note: Samples.grid.rows[0].note), Samples.grid.rows[1],
            ])
        #expect(Self.share(try turned.raster(), grid) > Self.tolerance)
    }

    /// Another version of Cairo, Pango or of the font sets the edges of letters and lines by a shade differently, but moves
    /// none: so many pixels of a figure may differ by more than a third of the range.
    private static let tolerance = 0.0005

    private static func share(_ one: Raster, _ other: Raster) -> Double {
        let pixels = one.width * one.height
        let differing = (0..<pixels).count { pixel in
            (3 * pixel..<3 * pixel + 3).contains { abs(Int(one.pixels[$0]) - Int(other.pixels[$0])) > 85 }
        }
        return Double(differing) / Double(pixels)
    }
}
