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

    @Test func `Six matches take the width of a page, and more continue on further lines`() throws {
        #expect(try 760...900 ~= Self.grid(answers: 6).size.width)
        #expect(try Self.grid(answers: 12).size.width == Self.grid(answers: 6).size.width)
        #expect(try Self.grid(answers: 20).size.width < 920)
        #expect(try Self.grid(answers: 8).size.height > Self.grid(answers: 7).size.height + 100)
    }

    @Test(arguments: [3, 12])
    func `Missed photographs are apart at the row's end`(answers: Int) throws {
        let row = Self.grid(answers: answers).rows[0]
        let missed = PhotographTile(
            id: "m", picture: Raster(width: 40, height: 40, red: 0, green: 250, blue: 0), captions: ["rank 87", "top"],
            mark: .late)
        let grid = RetrievalGrid(
            rows: [RetrievalRow(query: row.query, answers: row.answers, missed: [missed], note: "")])
        let (found, others) = try (grid.raster(), Self.grid(answers: answers).raster())
        let apart = try #require(found.bounds { $0 == (0, 250, 0) })
        let answer = try #require(others.bounds { $0 == (200, 30, 120) })
        #expect(apart.x.lowerBound > answer.x.upperBound + 15)
        #expect(apart.x.upperBound < found.width - 10)
        #expect(grid.data[path: "rows.0.missed.0.id"]?.string == "m")
    }

    @Test func `A note gets up to three lines and is not cut at the border`() throws {
        let bare = try Self.grid(answers: 6).size.height
        let short = try Self.grid(answers: 6, note: "The first is right.").size.height
        let long = String(repeating: "the query is a left view, the first match a top view; ", count: 40)
        let full = Self.grid(answers: 6, note: long)
        #expect(bare < short)
        #expect(try short < full.size.height && full.size.height < short + 30)
        let raster = try full.raster()
        let ink = try #require(raster.bounds { $0 != (255, 255, 255) })
        #expect(ink.x.upperBound < raster.width - 5 && ink.y.upperBound < raster.height - 5)
    }

    @Test func `The query has its own background`() throws {
        let raster = try Samples.grid.raster()
        let panel = Palette.panel
        let ground = try #require(
            raster.bounds { $0 == (UInt8(panel.red * 255), UInt8(panel.green * 255), UInt8(panel.blue * 255)) })
        #expect(ground.x.upperBound < 130)
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
                == "2 queries with their first 3 matches: 1 of 6 is right. "
                + "First right match: rank 2 for 1 query, none for 1 query.")
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
