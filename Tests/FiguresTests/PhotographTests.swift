import Basics
import Drawing
import Foundation
import Imaging
import Testing

@testable import Figures

struct PhotographTests {
    private static func isPicture(_ pixel: (red: UInt8, green: UInt8, blue: UInt8)) -> Bool {
        pixel == (200, 30, 120)
    }

    @Test(arguments: [(80, 40), (40, 80), (60, 60), (300, 10)])
    func `A photograph keeps its proportions and stays in its tile`(width: Int, height: Int) throws {
        let grid = PhotographGrid(tiles: [Samples.tile("a", .none, width: width, height: height)])
        let shown = try #require(try grid.raster().bounds(where: Self.isPicture))
        let room = PhotographTile.side - 2 * PhotographTile.frameRoom
        let scale = room / Double(max(width, height))
        // A pixel at either border may be mixed with the background.
        #expect(abs(Double(shown.x.count) - Double(width) * scale) <= 2)
        #expect(abs(Double(shown.y.count) - Double(height) * scale) <= 2)
    }

    /// The pixels of a badge that have ink, whatever its colour.
    private static func shape(of mark: PhotographTile.Mark) throws -> Set<Int> {
        let raster = try Canvas.raster(width: 30, height: 30) { mark.drawBadge(at: Point(15, 15), on: $0) }
        return Set((0..<900).filter { raster[$0 % 30, $0 / 30].green < 200 })
    }

    @Test(arguments: [
        (PhotographTile.Mark.right, PhotographTile.Mark.wrong), (.right, .late), (.late, .wrong), (.none, .right),
    ])
    func `Badges differ in shape when every colour is the same`(
        one: PhotographTile.Mark, other: PhotographTile.Mark
    ) throws {
        let (first, second) = (try Self.shape(of: one), try Self.shape(of: other))
        let shared = Double(first.intersection(second).count) / Double(first.union(second).count)
        #expect(shared < 0.75)
    }

    @Test func `Tiles of different marks differ in grey`() throws {
        let grey = try PhotographTile.Mark.allCases.map { mark in
            let raster = try PhotographGrid(tiles: [Samples.tile("a", mark)]).raster()
            return (0..<raster.width * raster.height).map { index -> Double in
                let pixel = raster[index % raster.width, index / raster.width]
                return 0.2126 * Double(pixel.red) + 0.7152 * Double(pixel.green) + 0.0722 * Double(pixel.blue)
            }
        }
        for (index, one) in grey.enumerated() {
            for other in grey.dropFirst(index + 1) {
                // Frame and badge cover about a tenth of the tile.
                #expect(zip(one, other).count { abs($0 - $1) > 40 } > 400)
            }
        }
    }

    @Test func `Frames differ in their strokes: unbroken, dotted, dashed`() throws {
        // Changes between background and stroke along the left side.
        let changes = try PhotographTile.Mark.allCases.map { mark in
            let raster = try Canvas.raster(width: 100, height: 100) {
                mark.drawFrame(Rect(x: 0, y: 0, width: 100, height: 100), on: $0)
            }
            let side = (5..<95).map { raster[mark == .none ? 3 : 1, $0].blue < 200 }
            return zip(side, side.dropFirst()).count { $0 != $1 }
        }
        let counts = Dictionary(uniqueKeysWithValues: zip(PhotographTile.Mark.allCases, changes))
        #expect(counts[.right] == 0)
        #expect(try #require(counts[.wrong]) > 8)
        #expect(try #require(counts[.late]) > 2 * #require(counts[.wrong]))
    }

    @Test func `Rows have up to six photographs, and fewer make a narrower figure`() {
        func size(_ count: Int) -> Size { PhotographGrid(tiles: (0..<count).map { Samples.tile("\($0)") }).size }
        #expect(size(3).width < size(6).width)
        #expect(size(6).width == 664)
        #expect(size(7).width == size(6).width)
        #expect(size(7).height > 2 * size(6).height - 25)
    }

    @Test func `Photographs of one group are nearer to each other than to others`() throws {
        let grid = PhotographGrid(tiles: (0..<4).map { Samples.tile("\($0)") }, together: 2)
        let raster = try grid.raster()
        let isPicture = { (x: Int) in raster[x, 40] == (200, 30, 120) }
        let starts = (1..<raster.width).filter { isPicture($0) && !isPicture($0 - 1) }
        #expect(starts.count == 4)
        #expect(starts[2] - starts[1] > starts[1] - starts[0] + 15 && starts[3] - starts[2] == starts[1] - starts[0])
        #expect(grid.size.width < 500)
    }

    @Test func `Captions may be missing, empty, long and of any script`() throws {
        for captions in [
            [], [""], ["", "b"], [String(repeating: "long ", count: 40), "a|<&>"], ["кит", "حوت", "three"],
        ] {
            let raster = try PhotographGrid(tiles: [Samples.tile("a", captions: captions)]).raster()
            let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
            #expect(ink.x.lowerBound >= 12 && ink.x.upperBound <= 112)
            #expect(ink.y.upperBound < raster.height - 8)
        }
    }

    @Test func `The data and the alternative text have each mark and the unreadable photographs`() {
        let unreadable = PhotographTile(id: "c", picture: nil, captions: [], mark: .wrong)
        let grid = PhotographGrid(tiles: [Samples.tile("a", .right), Samples.tile("b", .late), unreadable])
        #expect(grid.data[path: "photographs.1.mark"]?.string == "late")
        #expect(grid.data[path: "photographs.0.captions.1"]?.string == "left, 0.812")
        #expect(grid.data[path: "photographs.2.readable"]?.bool == false)
        #expect(grid.alternativeText == "3 photographs: 1 right, 1 late, 1 wrong. 1 cannot be read.")
        #expect(PhotographGrid(tiles: []).alternativeText == "No photographs.")
    }
}
