import Basics
import Drawing
import Foundation
import Imaging
import Testing

@testable import Figures

struct RetrievalGridTests {
    private static func grid(answers: Int, note: String = "") -> RetrievalGrid {
        RetrievalGrid(rows: [
            RetrievalRow(query: Samples.tile("q"), answers: (0..<answers).map { Samples.tile("\($0)") }, note: note)
        ])
    }

    @Test func `Every grid has the width of a page, and matches continue on further lines`() throws {
        for answers in [1, 4, 20] { #expect(try Self.grid(answers: answers).size.width == TileShape.page) }
        #expect(try Self.grid(answers: 5).size.height > Self.grid(answers: 4).size.height + 100)
        #expect(try Self.grid(answers: 8).size.height == Self.grid(answers: 5).size.height)
    }

    @Test func `Long photographs are over 200 points wide, three in a line, below their query`() throws {
        func grid(_ answers: Int) -> RetrievalGrid {
            func tile(_ id: String) -> PhotographTile { Samples.tile(id, width: 90, height: 30) }
            return RetrievalGrid(rows: [
                RetrievalRow(query: tile("q"), answers: (0..<answers).map { tile("\($0)") }, note: "")
            ])
        }
        let raster = try grid(1).raster()
        let isPicture = { (y: Int) in raster[100, y] == (200, 30, 120) }
        let starts = (1..<raster.height).filter { isPicture($0) && !isPicture($0 - 1) }
        #expect(starts.count == 2)
        let found = try #require(raster.bounds { $0 == (200, 30, 120) })
        #expect(found.x.count > 220)
        #expect(try grid(4).size.height > grid(3).size.height + 80)
        #expect(try grid(6).size.height == grid(4).size.height)
    }

    @Test func `A legend above the first query explains the symbols that occur`() throws {
        func tile(_ mark: PhotographTile.Mark) -> PhotographTile {
            PhotographTile(
                id: "x", picture: Raster(width: 40, height: 40, red: 0, green: 0, blue: 250), captions: [], mark: mark)
        }
        func grid(_ marks: [PhotographTile.Mark]) -> RetrievalGrid {
            RetrievalGrid(rows: [RetrievalRow(query: tile(.none), answers: marks.map(tile), note: "")])
        }
        #expect(try grid([.right]).size.height > grid([.none]).size.height + 20)
        let (one, two) = (try grid([.right, .right]).raster(), try grid([.right, .wrong]).raster())
        func ink(_ raster: Raster) -> Int {
            (0..<35).reduce(0) { sum, y in sum + (0..<raster.width).count { raster[$0, y] != (255, 255, 255) } }
        }
        #expect(ink(two) > ink(one) + 300)
    }

    @Test(arguments: [3, 4])
    func `Missed photographs follow the last match under their own heading`(answers: Int) throws {
        let row = Self.grid(answers: answers).rows[0]
        let missed = PhotographTile(
            id: "m", picture: Raster(width: 40, height: 40, red: 0, green: 250, blue: 0), captions: ["rank 87", "top"],
            mark: .next)
        let grid = RetrievalGrid(
            rows: [RetrievalRow(query: row.query, answers: row.answers, missed: [missed], note: "")])
        let found = try grid.raster()
        let place = try #require(found.bounds { $0 == (0, 250, 0) })
        let answer = try #require(found.bounds { $0 == (200, 30, 120) })
        #expect(answers == 3 ? place.x.lowerBound > answer.x.upperBound : place.y.lowerBound > answer.y.upperBound)
        #expect(place.x.upperBound < found.width - 10)
        #expect(grid.data[path: "rows.0.missed.0.id"]?.string == "m")
    }

    @Test func `A note gets up to six lines and is not cut at the border`() throws {
        let bare = try Self.grid(answers: 6).size.height
        let short = try Self.grid(answers: 6, note: "The first is right.").size.height
        let long = String(repeating: "the query is a left view, the first match a top view; ", count: 40)
        let full = Self.grid(answers: 6, note: long)
        #expect(bare < short)
        #expect(try short < full.size.height && full.size.height < short + 90)
        let raster = try full.raster()
        let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
        #expect(ink.x.upperBound < raster.width - 5 && ink.y.upperBound < raster.height - 5)
    }

    @Test func `The query has its own background`() throws {
        let raster = try Samples.grid.raster()
        let panel = Palette.panel
        let ground = try #require(
            raster.bounds { $0 == (UInt8(panel.red * 255), UInt8(panel.green * 255), UInt8(panel.blue * 255)) })
        #expect(ground.x.upperBound < 180)
    }

    @Test func `The data has each photograph with its mark, and the notes`() {
        let data = Samples.grid.data
        #expect(data[path: "rows.0.query.id"]?.string == "q1")
        #expect(data[path: "rows.0.answers.1.mark"]?.string == "right")
        #expect(data[path: "rows.0.note"]?.string == "The first right match has rank 2.")
        #expect(data[path: "rows.1.answers.2.id"]?.string == "e")
    }

    @Test func `The alternative text has the number of right matches and the first right ranks`() {
        #expect(
            Samples.grid.alternativeText
                == "2 queries with their first 3 matches: 1 of 6 is correct. "
                + "First correct match: rank 2 for 1 query, not among those shown for 1 query.")
        #expect(Self.grid(answers: 0).alternativeText == "1 query without matches.")
        #expect(RetrievalGrid(rows: []).alternativeText == "No queries.")
    }

    @Test func `The same grid has the same bytes twice`() throws {
        #expect(try Samples.grid.png(scale: 1.5) == Samples.grid.png(scale: 1.5))
        #expect(try Samples.grid.svg() == Samples.grid.svg())
    }

    @Test func `Without rows or without matches the figure says so`() throws {
        for grid in [RetrievalGrid(rows: []), Self.grid(answers: 0)] {
            let raster = try grid.raster()
            #expect(raster.bounds { $0.red < 120 && $0.blue < 140 } != nil)
        }
    }

    @Test func `A figure that exceeds an image's limit is drawn at a smaller scale`() throws {
        let grid = RetrievalGrid(
            rows: (0..<200).map { _ in
                RetrievalRow(query: Samples.tile("q", captions: []), answers: [], note: "")
            })
        let png = try grid.png(scale: 6)
        // The height in pixels: bytes 20 to 23 of every PNG file.
        let height = png[20..<24].reduce(0) { $0 << 8 | Int($1) }
        #expect(height > 32_000 && height <= 32_767)
    }
}
