import Basics
import Drawing
import Imaging
import Testing

@testable import Figures

struct HeatMapGridTests {
    private static let map = HeatMap(height: 2, width: 2, scaling: [4, 0, -1, 0])

    private static func pair(_ mark: PhotographTile.Mark) -> ExplainedRow.Pair {
        .init(
            labels: [mark.rawValue, "rank 1"], query: Samples.tile("q"), answer: Samples.tile("a", mark),
            coveredAnswer: Samples.tile("a"), maps: [map, map])
    }

    private static let grid = HeatMapGrid(rows: [
        ExplainedRow(query: Samples.tile("q"), pairs: [pair(.wrong), pair(.right)], note: "")
    ])

    private static func level(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> Int {
        Int(pixel.red) + Int(pixel.green) + Int(pixel.blue)
    }

    @Test func `A map is brightest at its heat and is interpolated between the centres of its cells`() {
        #expect(Self.map.values == [1, 0, 0, 0])
        #expect(Self.map.heat(x: 0, y: 0) == 1)
        #expect(Self.map.heat(x: 0.5, y: 0.25) == 0.5)
        #expect(Self.map.heat(x: 0.5, y: 0.5) == 0.25)
        #expect(HeatMap(height: 1, width: 1, scaling: [-2]).values == [0])
        let grey = Raster(width: 40, height: 40, red: 128, green: 128, blue: 128)
        let covered = grey.covered(by: Self.map, framing: Framing(.stretch))
        #expect(Self.level(covered[2, 2]) > Self.level(covered[20, 10]))
        #expect(Self.level(covered[20, 10]) > Self.level(covered[37, 37]))
    }

    @Test func `The scale rises evenly in lightness`() {
        let levels = (0...20).map { step -> Double in
            let color = HeatScale.color(Double(step) / 20)
            return 0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue
        }
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `Parts that the network did not see stay grey, and the map excludes bars around a photograph`() {
        let wide = Raster(width: 80, height: 40, red: 90, green: 90, blue: 90)
        let cropped = wide.covered(by: Self.map, framing: Framing(.crop))
        #expect(cropped[5, 5] == (90, 90, 90) && cropped[75, 20] == (90, 90, 90))
        #expect(cropped[22, 3] != (90, 90, 90))
        // The middle half of the sides, which the map covers as before the middle square.
        let part = wide.covered(by: Self.map, framing: Framing(.crop, share: 0.5))
        #expect(part[22, 3] == (90, 90, 90) && part[32, 12] != (90, 90, 90))
        // Half of the square is bars, so the centre of the map is on the photograph's centre.
        let boxed = wide.covered(by: Self.map, framing: Framing(.letterbox))
        let stretched = wide.covered(by: Self.map, framing: Framing(.stretch))
        #expect(Self.level(boxed[0, 0]) < Self.level(stretched[0, 0]) + 1)
        #expect(Self.level(boxed[40, 20]) > Self.level(stretched[79, 39]))
    }

    @Test func `The grid has the query once and three photographs for each match, with a scale below`() throws {
        let raster = try Self.grid.raster()
        let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
        #expect(ink.x.upperBound < raster.width - 5 && ink.y.upperBound < raster.height - 5)
        let bounds = try #require(raster.bounds { $0 == (200, 30, 120) })
        let row = bounds.y.lowerBound + 50
        func isPicture(_ x: Int) -> Bool { raster[x, row] == (200, 30, 120) }
        #expect((1..<raster.width).count { isPicture($0) && !isPicture($0 - 1) } == 4)
        #expect(raster.height - bounds.y.upperBound > 50)
        #expect(try HeatMapGrid(rows: []).size.height < 60)
    }

    @Test func `The data has every map, and the alternative text the counts`() {
        let data = Self.grid.data
        #expect(data[path: "rows.0.pairs.0.maps.0.values"]?.numbers == [1, 0, 0, 0])
        #expect(data[path: "rows.0.pairs.1.answer.mark"]?.string == "right")
        #expect(
            Self.grid.alternativeText
                == "1 query, each with matches, and heat maps over all: 2 pairs, 1 of the same animal. The table gives "
                + "the place of the heat.")
        #expect(HeatMapGrid(rows: []).alternativeText == "No queries.")
    }
}
