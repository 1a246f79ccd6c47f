import Foundation
import Testing

@testable import Imaging

@Suite struct ResizeTests {
    struct Reference: Decodable {
        struct Source: Decodable { let width, height: Int, pixels: [UInt8] }
        struct Case: Decodable {
            let filter: String
            let width, height: Int
            let region: [Double]?
            let pixels: [UInt8]
        }
        let source: Source
        let cases: [Case]
    }

    @Test func `Resizing gives Pillow's levels exactly`() throws {
        let reference = try Golden.decode(Reference.self, from: "resize.json")
        let source = Raster(
            width: reference.source.width, height: reference.source.height, pixels: reference.source.pixels)
        #expect(reference.cases.count == 18)
        for wanted in reference.cases {
            let region = wanted.region.map { Region(x: $0[0], y: $0[1], width: $0[2], height: $0[3]) }
            let resized = source.resized(
                width: wanted.width, height: wanted.height, filter: wanted.filter == "bicubic" ? .bicubic : .bilinear,
                from: region)
            #expect(
                resized.pixels == wanted.pixels,
                "\(wanted.filter) to \(wanted.width) x \(wanted.height) from \(wanted.region ?? [])")
        }
    }

    @Test func `A picture of one colour keeps it at any size`() {
        let grey = Raster(width: 37, height: 11, red: 200, green: 3, blue: 255)
        for filter in [ResizeFilter.bilinear, .bicubic] {
            #expect(
                grey.resized(width: 5, height: 90, filter: filter)
                    == Raster(width: 5, height: 90, red: 200, green: 3, blue: 255))
        }
    }

    @Test func `A picture of unchanged size keeps its bytes`() {
        let picture = Raster.asymmetric(width: 9, height: 7)
        #expect(picture.resized(width: 9, height: 7, filter: .bicubic) == picture)
    }

    @Test func `A crop takes the given pixels`() {
        let picture = Raster.asymmetric(width: 9, height: 7)
        let part = picture.cropped(x: 3, y: 2, width: 5, height: 4)
        #expect((part.width, part.height) == (5, 4))
        for y in 0..<4 {
            for x in 0..<5 { #expect(part[x, y] == picture[x + 3, y + 2]) }
        }
    }
}

@Suite struct WarpTests {
    @Test func `The identity map keeps every byte`() {
        let picture = Raster.asymmetric(width: 13, height: 8)
        #expect(picture.warped(width: 13, height: 8, source: AffineMap()) == picture)
    }

    @Test func `A shift by whole pixels moves them and leaves black behind`() {
        let picture = Raster.asymmetric(width: 10, height: 6)
        let moved = picture.warped(width: 10, height: 6, source: .shift(x: -3, y: 2))
        for y in 0..<6 {
            for x in 0..<10 {
                let inside = x >= 3 && y < 4
                #expect(moved[x, y] == (inside ? picture[x - 3, y + 2] : (0, 0, 0)))
            }
        }
    }

    @Test func `Quarter turns and mirror images are those of the orientations`() {
        let picture = Raster.asymmetric(width: 8, height: 8)
        let about = { (map: AffineMap) in AffineMap.shift(x: -4, y: -4).then(map).then(.shift(x: 4, y: 4)) }
        // The map is inverse: an anticlockwise map turns the picture clockwise.
        #expect(
            picture.warped(width: 8, height: 8, source: about(.rotation(degrees: 90))) == picture.turned(.turnedLeft))
        #expect(picture.warped(width: 8, height: 8, source: about(.scale(x: -1, y: 1))) == picture.mirrored())
    }

    @Test func `The value halfway between two pixels is their mean`() {
        var picture = Raster(width: 2, height: 1)
        picture[0, 0] = (100, 0, 40)
        picture[1, 0] = (200, 255, 50)
        let between = picture.warped(width: 1, height: 1, source: .shift(x: 0.5, y: 0))
        #expect(between[0, 0] == (150, 128, 45))
        // At the edge half of each pixel is black.
        #expect(picture.warped(width: 1, height: 1, source: .shift(x: -0.5, y: 0))[0, 0] == (50, 0, 20))
    }

    @Test func `A map to points outside shows black`() {
        let picture = Raster(width: 4, height: 4, red: 255, green: 255, blue: 255)
        let elsewhere = picture.warped(width: 5, height: 3, source: .shift(x: 1e6, y: -1e6))
        #expect(elsewhere == Raster(width: 5, height: 3))
    }

    @Test func `Maps are applied in the order in which they are written`() {
        let map = AffineMap.shift(x: 1, y: 2).then(.scale(x: 3, y: 5)).then(.rotation(degrees: 90))
        let point = map(x: 1, y: 1)  // (2, 3), then (6, 15), then a quarter anticlockwise, as displayed
        #expect(abs(point.x - 15) < 1e-12 && abs(point.y + 6) < 1e-12)
    }
}
