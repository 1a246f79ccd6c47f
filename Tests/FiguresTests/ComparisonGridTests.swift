import Basics
import Drawing
import Imaging
import Testing

@testable import Figures

struct ComparisonGridTests {
    private static func ranking(_ marks: [PhotographTile.Mark], measure: String = "AP 0.50") -> ComparisonRow.Ranking {
        .init(answers: marks.enumerated().map { Samples.tile("a\($0)", $1) }, measure: measure)
    }

    private static func grid(_ before: [PhotographTile.Mark], _ after: [PhotographTile.Mark]) -> ComparisonGrid {
        ComparisonGrid(rows: [
            ComparisonRow(query: Samples.tile("q"), before: ranking(before), after: ranking(after), note: "")
        ])
    }

    private static func isPicture(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> Bool {
        pixel == (200, 30, 120)
    }

    /// The left borders of photographs along a row of pixels.
    private static func columns(_ raster: Raster, y: Int) -> [Int] {
        (1..<raster.width).filter { isPicture(raster[$0, y]) && !isPicture(raster[$0 - 1, y]) }
    }

    @Test func `The matches after are below those before, rank under rank, and the query is shown once`() throws {
        let raster = try Self.grid([.wrong, .none, .none], [.none, .none, .none]).raster()
        let bounds = try #require(raster.bounds(where: Self.isPicture))
        let (before, after) = (
            Self.columns(raster, y: bounds.y.lowerBound + 60), Self.columns(raster, y: bounds.y.upperBound - 30)
        )
        #expect(before.count == 4, "the query and three matches")
        #expect(Array(before.dropFirst()) == after)
    }

    @Test func `The query's background spans both lists`() throws {
        let raster = try Self.grid([.none], [.none]).raster()
        let panel = Palette.panel
        let ground = try #require(
            raster.bounds { $0 == (UInt8(panel.red * 255), UInt8(panel.green * 255), UInt8(panel.blue * 255)) })
        #expect(ground.x.upperBound < 180)
        #expect(ground.y.count > raster.height - 50)
    }

    @Test func `Each list has its name before it`() throws {
        let named = try Self.grid([.none], [.none]).raster()
        func isInk(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> Bool { pixel.red < 90 && pixel.blue < 100 }
        let labels = (0..<named.height).filter { y in (132..<180).contains { isInk(named[$0, y]) } }
        let gaps = zip(labels, labels.dropFirst()).filter { $1 - $0 > 60 }
        #expect(gaps.count == 1, "two groups of letters, one for each list")
    }

    @Test func `Empty lists, long lists and no rows are drawn without being cut off`() throws {
        let many = Array(repeating: PhotographTile.Mark.wrong, count: 20)
        for grid in [Self.grid([], []), Self.grid(many, []), Self.grid([.right], many), ComparisonGrid(rows: [])] {
            let raster = try grid.raster()
            let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
            #expect(ink.x.upperBound < raster.width - 5 && ink.y.upperBound < raster.height - 5)
        }
        #expect(try Self.grid(many, many).size.width < 980)
    }

    @Test func `The data and the alternative text distinguish before from after`() {
        let grid = Self.grid([.wrong, .right], [.right, .wrong])
        #expect(grid.data[path: "rows.0.before.answers.0.mark"]?.string == "wrong")
        #expect(grid.data[path: "rows.0.after.answers.0.mark"]?.string == "right")
        #expect(grid.data[path: "rows.0.query.id"]?.string == "q")
        #expect(
            grid.alternativeText
                == "1 query, each with its matches before and after. First match right: before 0, after 1. "
                + "Right matches shown: before 1 of 2, after 1 of 2.")
        #expect(ComparisonGrid(rows: []).alternativeText == "No queries.")
    }
}
