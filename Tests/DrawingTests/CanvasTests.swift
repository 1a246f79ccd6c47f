import Foundation
import Imaging
import Testing

@testable import Drawing

struct CanvasTests {
    private static func picture(_ body: (Canvas) throws -> Void) throws -> Raster {
        try Canvas.raster(width: 40, height: 20, body)
    }

    @Test func `A filled outline has its colour inside and the background outside`() throws {
        let raster = try Self.picture {
            $0.fill(.rectangle(Rect(x: 10, y: 5, width: 20, height: 10)), Color(hex: 0xD55E00))
        }
        #expect(raster[20, 10] == (0xD5, 0x5E, 0x00))
        #expect(raster[2, 2] == (255, 255, 255))
    }

    @Test func `A layer is multiplied with the drawing below`() throws {
        let raster = try Self.picture { canvas in
            canvas.fill(with: .color(Color(red: 0.5, green: 1, blue: 0)))
            canvas.layer(blend: .multiply) { canvas.fill(with: .color(Color(red: 0.5, green: 0.5, blue: 1))) }
        }
        let pixel = raster[5, 5]
        #expect(abs(Int(pixel.red) - 64) <= 1)
        #expect(abs(Int(pixel.green) - 128) <= 1)
        #expect(pixel.blue == 0)
    }

    @Test func `A picture keeps its colours and its orientation`() throws {
        var small = Raster(width: 2, height: 1)
        small[0, 0] = (255, 0, 0)
        small[1, 0] = (0, 0, 255)
        let raster = try Self.picture { $0.draw(small, in: Rect(x: 0, y: 0, width: 40, height: 20)) }
        #expect(raster[2, 10] == (255, 0, 0))
        #expect(raster[37, 10] == (0, 0, 255))
    }

    @Test func `Drawing outside a clip is unchanged, and the clip ends with its scope`() throws {
        let raster = try Self.picture { canvas in
            canvas.saved {
                canvas.clip(to: .circle(center: Point(10, 10), radius: 5))
                canvas.fill(with: .color(.black))
            }
            canvas.fill(.rectangle(Rect(x: 35, y: 0, width: 5, height: 5)), .black)
        }
        #expect(raster[10, 10] == (0, 0, 0))
        #expect(raster[20, 10] == (255, 255, 255))
        #expect(raster[37, 2] == (0, 0, 0))
    }

    @Test func `An error in a layer is thrown`() {
        struct Stop: Error {}
        #expect(throws: Stop.self) { try Self.picture { try $0.layer { throw Stop() } } }
    }

    @Test func `A drawing without a size is refused`() {
        let error = #expect(throws: DrawingError.self) { try Canvas.raster(size: Size(0, 10)) { _ in } }
        #expect(error.map { "\($0)".contains("0.0 x 10.0") } == true)
    }

    @Test func `Identifiers are numbered by first appearance, and nothing else changes`() {
        let svg = """
            <g id="glyph7-12"/><use xlink:href="#glyph7-12"/><use href="#glyph7-13"/><clipPath id="clip4"/>
            <path clip-path="url(#clip4)" fill="#33AA00" id="surface19"/><text id="x">#1-2" (#abc) #a1- id="b-"</text>
            """
        let wanted = """
            <g id="glyph0"/><use xlink:href="#glyph0"/><use href="#glyph1"/><clipPath id="clip0"/>
            <path clip-path="url(#clip0)" fill="#33AA00" id="surface0"/><text id="x">#1-2" (#abc) #a1- id="b-"</text>
            """
        #expect(String(decoding: SVGIdentifiers.renumbered(Array(svg.utf8)), as: UTF8.self) == wanted)
    }

    @Test func `The same drawing has the same bytes, whatever was drawn before`() throws {
        func drawing(_ canvas: Canvas) {
            canvas.fill(
                .ellipse(center: Point(20, 10), radii: Size(15, 5), angle: 0.3),
                with: .linear(from: Point(0, 0), to: Point(40, 0), stops: [(0, .black), (1, Color(hex: 0x56B4E9))]))
            canvas.saved {
                canvas.clip(to: .circle(center: Point(20, 10), radius: 8))
                canvas.text("mAP@20", at: Point(20, 10), anchor: .center, style: TextStyle(size: 8))
            }
        }
        let first = try Canvas.svg(size: Size(40, 20), drawing)
        _ = try Canvas.svg(size: Size(99, 99)) { canvas in
            for _ in 0..<3 { canvas.layer(opacity: 0.5) { drawing(canvas) } }
        }
        #expect(try Canvas.svg(size: Size(40, 20), drawing) == first)
        let image = try Canvas.raster(size: Size(40, 20), scale: 2, drawing)
        #expect(try Canvas.raster(size: Size(40, 20), scale: 2, drawing) == image)
    }
}

struct TextTests {
    private static func size(_ text: String, _ style: TextStyle) throws -> Size {
        var size = Size(0, 0)
        _ = try Canvas.raster(width: 1, height: 1) { size = $0.size(of: text, style: style) }
        return size
    }

    @Test func `Text grows with its letters, and linearly with their size`() throws {
        let short = try Self.size("whale", TextStyle(size: 10))
        #expect(try Self.size("whales", TextStyle(size: 10)).width > short.width)
        let large = try Self.size("whale", TextStyle(size: 20))
        #expect(abs(large.width - 2 * short.width) < 0.1)
    }

    @Test func `Wrapped text keeps to its width and its number of lines`() throws {
        let long = "the first right answer stood at rank thirty-seven of the whole database"
        let one = try Self.size(long, TextStyle(size: 10, width: 100))
        let two = try Self.size(long, TextStyle(size: 10, width: 100, lines: 2))
        #expect(one.width == 100)
        #expect(abs(two.height - 2 * one.height) < 1)
    }

    @Test func `The anchor is the point of the box at the given position`() throws {
        let raster = try Canvas.raster(width: 100, height: 40) {
            $0.text("M", at: Point(100, 40), anchor: .bottomRight, style: TextStyle(size: 30, weight: .bold))
        }
        let darkColumns = (0..<100).filter { x in (0..<40).contains { raster[x, $0].red < 100 } }
        #expect(darkColumns.min().map { $0 > 60 } == true)
    }

    @Test func `Characters that would turn or break the line are drawn visibly`() throws {
        func raster(_ text: String) throws -> Raster {
            try Canvas.raster(width: 200, height: 40) { canvas in
                canvas.text(text, at: Point(4, 4), style: TextStyle(size: 12))
            }
        }
        #expect(try raster("a\u{202E}bc\nd\u{1B}").pixels == raster("a\\u{202E}bc\\u{A}d\\u{1B}").pixels)
    }
}
