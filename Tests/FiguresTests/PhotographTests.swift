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

    @Test(arguments: [(80, 40), (40, 80), (60, 60), (40, 60), (300, 10), (10, 300)])
    func `A photograph keeps its proportions and stays in its tile`(width: Int, height: Int) throws {
        let grid = PhotographGrid(tiles: [Samples.tile("a", .none, width: width, height: height)])
        let shown = try #require(try grid.raster().bounds(where: Self.isPicture))
        let room = (
            width: grid.shape.width - 2 * PhotographTile.frameRoom,
            height: grid.shape.height - 2 * PhotographTile.frameRoom
        )
        // Long photographs lie.
        let isTurned = Double(height) > 1.7 * Double(width)
        let (long, short) = (Double(isTurned ? height : width), Double(isTurned ? width : height))
        let scale = min(room.width / long, room.height / short)
        // A pixel at either border may be mixed with the background.
        #expect(abs(Double(shown.x.count) - long * scale) <= 2)
        #expect(abs(Double(shown.y.count) - short * scale) <= 2)
    }

    @Test func `Upright photographs lie among long ones, with a sign, and others stay`() throws {
        let (long, upright) = (Samples.tile("a", width: 90, height: 30), Samples.tile("b", width: 30, height: 90))
        #expect([long, upright, long].areLong)
        #expect(upright.turned(amongLong: true).turn == .left && long.turned(amongLong: true).turn == .none)
        #expect(upright.turned(amongLong: true).picture?.width == 90)
        #expect(![Samples.tile("a", width: 40, height: 30), Samples.tile("b", width: 30, height: 40)].areLong)
        // The first row turns to the left, down.
        var marked = Raster(width: 2, height: 4, red: 0, green: 0, blue: 0)
        marked[0, 0] = (255, 0, 0)
        let lying = try #require(PhotographTile(id: "c", picture: marked, captions: []).turned(amongLong: true).picture)
        #expect(lying[0, 1] == (255, 0, 0))
    }

    @Test func `A photograph from above turns by its head, and its tile has the shape after the turn`() throws {
        let pose = AnimalPose(heading: .down, side: .aboveOrBelow)
        let picture = Raster(width: 30, height: 40, red: 200, green: 30, blue: 120)
        let tile = PhotographTile(id: "a", picture: picture, captions: [], pose: pose)
        #expect(tile.turned(amongLong: false).turn == .right)
        #expect(abs([tile].aspect - 4.0 / 3) < 1e-12)
    }

    @Test func `The signs of the three turns differ, and the photograph as taken has none`() throws {
        let signs = try Turn.allCases.map { turn in
            let tile = PhotographTile(id: "a", picture: nil, captions: [], mark: .none, pose: AnimalPose(), turn: turn)
            return try Canvas.raster(width: 30, height: 30) {
                tile.drawTurn(in: Rect(x: 0, y: 0, width: 30, height: 30), on: $0)
            }
        }
        for one in signs.indices { for other in 0..<one { #expect(signs[one] != signs[other]) } }
        #expect(signs[0].pixels.allSatisfy { $0 == signs[0].pixels[0] })
        // The arrows back from either quarter mirror each other about the middle of the sign.
        func dark(_ raster: Raster, _ x: Int, _ y: Int) -> Bool { raster[x, y].green < 128 }
        let differing = (0..<28).flatMap { y in (0..<28).map { ($0, y) } }
            .count { dark(signs[1], $0, $1) != dark(signs[3], 27 - $0, $1) }
        // Cairo's edges are not exactly symmetric.
        #expect(differing <= 4)
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

    @Test func `Two long photographs or four others fill the width of a page, and fewer make a narrower figure`() {
        func size(_ count: Int, width: Int = 60) -> Size {
            PhotographGrid(tiles: (0..<count).map { Samples.tile("\($0)", width: width, height: 60) }).size
        }
        for (most, width) in [(4, 60), (2, 150)] {
            #expect(size(most - 1, width: width).width < size(most, width: width).width)
            #expect(abs(size(most, width: width).width - TileShape.page) < 1)
            #expect(size(most + 1, width: width).width == size(most, width: width).width)
            #expect(size(most + 1, width: width).height > 2 * size(most, width: width).height - 25)
        }
    }

    @Test func `Four long photographs fill the width of a dense grid`() {
        let tiles = (0..<5).map { Samples.tile("\($0)", width: 150, height: 60) }
        let (dense, usual) = (PhotographGrid(tiles: tiles, isDense: true), PhotographGrid(tiles: tiles))
        #expect(abs(dense.size.width - TileShape.page) < 1 && abs(usual.size.width - TileShape.page) < 1)
        #expect(dense.shape.width < 0.55 * usual.shape.width)
    }

    @Test func `Photographs of one group are nearer to each other than to others`() throws {
        let grid = PhotographGrid(tiles: (0..<4).map { Samples.tile("\($0)") }, together: 2)
        let raster = try grid.raster()
        let isPicture = { (x: Int) in raster[x, 40] == (200, 30, 120) }
        let starts = (1..<raster.width).filter { isPicture($0) && !isPicture($0 - 1) }
        #expect(starts.count == 4)
        #expect(starts[2] - starts[1] > starts[1] - starts[0] + 15 && starts[3] - starts[2] == starts[1] - starts[0])
        #expect(abs(grid.size.width - TileShape.page) < 1)
    }

    @Test func `Captions may be missing, empty, long and of any script`() throws {
        for captions in [
            [], [""], ["", "b"], [String(repeating: "long ", count: 40), "a|<&>"], ["кит", "حوت", "three"],
        ] {
            let grid = PhotographGrid(tiles: [Samples.tile("a", captions: captions)])
            let (raster, shape) = (try grid.raster(), grid.shape)
            let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
            #expect(ink.x.lowerBound >= 12 && ink.x.upperBound <= 12 + Int(shape.width))
            #expect(ink.y.upperBound < raster.height - 8)
        }
    }

    @Test func `The data and the alternative text have each mark and the unreadable photographs`() {
        let unreadable = PhotographTile(id: "c", picture: nil, captions: [], mark: .wrong)
        let grid = PhotographGrid(tiles: [Samples.tile("a", .right), Samples.tile("b", .late), unreadable])
        #expect(grid.data[path: "photographs.1.mark"]?.string == "late")
        #expect(grid.data[path: "photographs.0.captions.1"]?.string == "left, 0.812")
        #expect(grid.data[path: "photographs.2.readable"]?.bool == false)
        #expect(
            grid.alternativeText == "3 photographs: 1 with a tick, 1 with a clock, 1 with a cross. 1 cannot be read.")
        #expect(PhotographGrid(tiles: []).alternativeText == "No photographs.")
    }
}
