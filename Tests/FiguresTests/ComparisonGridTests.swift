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

    @Test func `The matches before are at the left and those after at the right, and the query is above them`() throws {
        let raster = try Self.grid([.wrong, .none, .none], [.none, .none, .none]).raster()
        let bounds = try #require(raster.bounds(where: Self.isPicture))
        let (query, matches) = (
            Self.columns(raster, y: bounds.y.lowerBound + 40), Self.columns(raster, y: bounds.y.upperBound - 20)
        )
        #expect(query.count == 1 && matches.count == 6)
        let middle = raster.width / 2
        #expect(matches.count { $0 < middle } == 3)
        let steps = zip(matches, matches.dropFirst()).map { $1 - $0 }
        #expect(Set([steps[0], steps[1], steps[3], steps[4]]).count <= 2 && steps[2] > steps[0] + 10)
    }

    @Test func `A correct photograph that neither list shows is at the right of the query`() throws {
        func grid(missed: PhotographTile?) -> ComparisonGrid {
            ComparisonGrid(rows: [
                ComparisonRow(
                    query: Samples.tile("q"), before: Self.ranking([.wrong]), after: Self.ranking([.wrong]),
                    missed: missed, note: "")
            ])
        }
        let raster = try grid(missed: Samples.tile("m", .late)).raster()
        let bounds = try #require(raster.bounds(where: Self.isPicture))
        let columns = Self.columns(raster, y: bounds.y.lowerBound + 40)
        #expect(columns.count == 2 && columns[1] > raster.width * 3 / 4)
        #expect(grid(missed: Samples.tile("m", .late)).data[path: "rows.0.missed.id"]?.string == "m")
        #expect(grid(missed: nil).data[path: "rows.0.missed"] == .null)
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
                == "1 query, each with its matches before and after. First match correct: before 0, after 1. "
                + "Correct matches shown: before 1 of 2, after 1 of 2.")
        #expect(ComparisonGrid(rows: []).alternativeText == "No queries.")
    }
}
