import Basics
import Drawing
import Imaging
import Testing

@testable import Figures

struct ComparisonGridTests {
    private static func tiles(
        _ marks: [PhotographTile.Mark], width: Int = 20, height: Int = 20
    ) -> [PhotographTile] {
        marks.enumerated().map { Samples.tile("a\($0)", $1, width: width, height: height) }
    }

    private static func grid(_ before: [PhotographTile.Mark], _ after: [PhotographTile.Mark]) -> ComparisonGrid {
        ComparisonGrid(rows: [
            ComparisonRow(query: Samples.tile("q"), before: tiles(before), after: tiles(after), note: "")
        ])
    }

    private static func isPicture(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> Bool {
        pixel == (200, 30, 120)
    }

    /// The left borders of photographs along a row of pixels.
    private static func columns(_ raster: Raster, y: Int) -> [Int] {
        (1..<raster.width).filter { isPicture(raster[$0, y]) && !isPicture(raster[$0 - 1, y]) }
    }

    /// The widths of photographs along a row of pixels.
    private static func widths(_ raster: Raster, y: Int) -> [Int] {
        columns(raster, y: y).map { left in (left..<raster.width).prefix { isPicture(raster[$0, y]) }.count }
    }

    @Test func `The query, the matches before and those after are side by side in one size`() throws {
        let raster = try Self.grid([.none, .none], [.none, .none]).raster()
        let bounds = try #require(raster.bounds(where: Self.isPicture))
        let y = bounds.y.lowerBound + 40
        let widths = Self.widths(raster, y: y)
        #expect(widths.count == 5 && Set(widths).count == 1, "\(widths)")
        #expect(bounds.y.count < widths[0] + 20, "one line")
    }

    @Test func `Long matches are larger: those after are below those before, beside the query`() throws {
        let long = ComparisonGrid(rows: [
            ComparisonRow(
                query: Samples.tile("q", width: 60, height: 20), before: Self.tiles([.none, .none], width: 60),
                after: Self.tiles([.none, .none], width: 60), note: "")
        ])
        let raster = try long.raster()
        let bounds = try #require(raster.bounds(where: Self.isPicture))
        let (first, last) = (
            Self.widths(raster, y: bounds.y.lowerBound + 20), Self.widths(raster, y: bounds.y.upperBound - 10)
        )
        #expect(first.count == 3 && last.count == 2 && Set(first + last).count == 1, "\(first), \(last)")
        #expect(first[0] > raster.width / 4)
    }

    @Test func `A correct photograph that neither list shows is below the query`() throws {
        func grid(missed: PhotographTile?) -> ComparisonGrid {
            ComparisonGrid(rows: [
                ComparisonRow(
                    query: Samples.tile("q"), before: Self.tiles([.wrong]), after: Self.tiles([.wrong]),
                    missed: missed, note: "")
            ])
        }
        let raster = try grid(missed: Samples.tile("m", .late)).raster()
        let bounds = try #require(raster.bounds(where: Self.isPicture))
        let columns = Self.columns(raster, y: bounds.y.upperBound - 20)
        #expect(columns.count == 1 && columns[0] < raster.width / 8, "\(columns)")
        #expect(grid(missed: Samples.tile("m", .late)).data[path: "rows.0.missed.id"]?.string == "m")
        #expect(grid(missed: nil).data[path: "rows.0.missed"] == .null)
    }

    @Test func `Animals from the query's side are under the query, and in a line of their own if there is no room`()
        throws
    {
        func raster(missed: PhotographTile?, sameSide: [PhotographTile]) throws -> Raster {
            try ComparisonGrid(rows: [
                ComparisonRow(
                    query: long("q"), before: Self.tiles([.none], width: 60), after: Self.tiles([.none], width: 60),
                    missed: missed, sameSide: sameSide, note: "")
            ]).raster()
        }
        func long(_ id: String) -> PhotographTile { Samples.tile(id, width: 60, height: 20) }
        let (one, two) = (long("s"), [long("s"), long("t")])
        let under = try raster(missed: nil, sameSide: [one])
        #expect(try raster(missed: one, sameSide: []).height == under.height)
        let more = try raster(missed: long("m"), sameSide: two)
        #expect(more.height > under.height + 100)
        let bounds = try #require(more.bounds(where: Self.isPicture))
        #expect(Self.widths(more, y: bounds.y.upperBound - 20).count == 2)
        #expect(Samples.comparison.data[path: "rows.0.same_side.0.id"]?.string == "d")
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
        #expect(grid.data[path: "rows.0.before.0.mark"]?.string == "wrong")
        #expect(grid.data[path: "rows.0.after.0.mark"]?.string == "right")
        #expect(grid.data[path: "rows.0.query.id"]?.string == "q")
        #expect(
            grid.alternativeText
                == "1 query, each with its matches before and after. First match correct: before 0, after 1. "
                + "Correct matches shown: before 1 of 2, after 1 of 2.")
        #expect(ComparisonGrid(rows: []).alternativeText == "No queries.")
    }
}
