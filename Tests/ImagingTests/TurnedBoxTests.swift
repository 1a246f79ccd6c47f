import Basics
import Foundation
import Testing

@testable import Imaging

/// Boxes that are turned about their centres. Reference values: `Fixtures/turned.py`.
@Suite struct TurnedBoxTests {
    struct Reference: Decodable {
        struct Case: Decodable {
            let box: [Int]
            let theta: Double
            /// x and y of the box's own corners, clockwise from the first, in the picture.
            let corners: [Double]
            /// Of the cut, row by row.
            let levels: [Double]

            var pixelBox: PixelBox? { PixelBox(x: box[0], y: box[1], width: box[2], height: box[3]) }
        }
        let width, height: Int
        let pixels: [UInt8]
        let cases: [Case]

        var sides: PictureSides { PictureSides(width: width, height: height) }
    }

    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `A turned box is cut out upright, as Wildbook turns it`() throws {
        let reference = try Golden.decode(Reference.self, from: "turned.json")
        let picture = Raster(width: reference.width, height: reference.height, pixels: reference.pixels)
        #expect(reference.cases.count == 8)
        for wanted in reference.cases {
            let box = try #require(wanted.pixelBox)
            let part = try #require(PicturePart(box, theta: wanted.theta, of: reference.sides))
            #expect([part.width, part.height] == Array(wanted.box.suffix(2)))
            let (width, height) = (Double(part.width), Double(part.height))
            for (place, (x, y)) in [(0, 0), (width, 0), (width, height), (0, height)].enumerated() {
                let corner = part.map(x: x, y: y)
                // Both round in double precision.
                #expect(abs(corner.x - wanted.corners[2 * place]) < 1e-9)
                #expect(abs(corner.y - wanted.corners[2 * place + 1]) < 1e-9)
            }
            let differences = zip(part.cut(from: picture, of: reference.sides).pixels, wanted.levels).map {
                abs(Double($0) - $1)
            }
            // Rounding loses half a level, weights of 11 bits up to 255 / 2048 for each axis, and positions of 16 bits
            // that add up over a row less than that.
            #expect((differences.max() ?? 9) < 1, "\(wanted.box) \(wanted.theta)")
        }
    }

    @Test func `A quarter turn changes no level`() throws {
        let reference = try Golden.decode(Reference.self, from: "turned.json")
        let picture = Raster(width: reference.width, height: reference.height, pixels: reference.pixels)
        // The centre is the same pixel's, or corner's, after the turn.
        let box = try #require(PixelBox(x: 10, y: 8, width: 15, height: 11))
        let upright = try #require(PixelBox(x: 12, y: 6, width: 11, height: 15))
        let part = try #require(PicturePart(box, theta: .pi / 2, of: reference.sides))
        #expect(part.cut(from: picture, of: reference.sides) == picture.cropped(to: upright).turned(.turnedRight))
        let half = try #require(PicturePart(box, theta: -.pi, of: reference.sides))
        #expect(half.cut(from: picture, of: reference.sides) == picture.cropped(to: box).turned(.upsideDown))
    }

    @Test func `A box is cut to its columns and rows that meet the picture`() throws {
        let sides = PictureSides(width: 40, height: 30)
        func part(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ theta: Double) throws -> PicturePart? {
            PicturePart(try #require(PixelBox(x: x, y: y, width: width, height: height)), theta: theta, of: sides)
        }
        // Turned by a quarter, the box covers columns -35...65 and rows 10...20.
        let across = try #require(try part(10, -35, 10, 100, .pi / 2))
        #expect((across.width, across.height) == (10, 40))
        // The picture's diagonal is 50 pixels; nothing larger is ever cut.
        let all = try #require(try part(-480, -485, 1000, 1000, 0.6))
        #expect(all.width <= 51 && all.height <= 51 && all.width >= 49 && all.height >= 46)
        let limit = 1_000_000_000
        for theta in [0.3, 1e9, 1e300, -7.0] {
            let part = try #require(try part(-limit / 2, -limit / 2, limit, limit, theta))
            #expect(part.width <= 51 && part.height <= 51)
        }
        #expect(try part(100, 100, 20, 20, 0.6) == nil)
        // Its corner nearest to the picture turns away.
        #expect(try part(40, 30, 20, 20, 0) == nil)
        #expect(try part(38, 28, 20, 20, .pi / 4) == nil)
        #expect(try part(38, 28, 20, 20, 0) != nil)
        #expect(try part(limit, limit, limit, limit, 0.6) == nil)
    }

    @Test func `Outside the picture its outermost pixels are repeated`() throws {
        var picture = Raster(width: 20, height: 20, red: 10, green: 20, blue: 30)
        for place in 0..<20 { for edge in [0, 19] { picture[edge, place] = (200, 100, 50) } }
        for place in 0..<20 { for edge in [0, 19] { picture[place, edge] = (200, 100, 50) } }
        let box = try #require(PixelBox(x: 0, y: 0, width: 20, height: 20))
        let part = try #require(PicturePart(box, theta: .pi / 4, of: picture.sides))
        let cut = part.cut(from: picture, of: picture.sides)
        for (x, y) in [(0, 0), (19, 0), (0, 19), (19, 19), (10, 10)] {
            let (red, green, blue) = cut[x, y]
            #expect((red, green, blue) == (x == 10 ? (10, 20, 30) : (200, 100, 50)), "\(x) \(y)")
        }
    }

    @Test(arguments: Orientation.allCases)
    func `A turned box turns with its picture, whether it is of the stored or of the displayed one`(
        orientation: Orientation
    ) throws {
        let stored = Raster.asymmetric(width: 64, height: 48)
        let file = try folder.photograph(
            "turned", stored.jpeg(quality: 95).withOrientation(UInt8(orientation.rawValue)))
        let box = try #require(PixelBox(x: 13, y: 10, width: 28, height: 17))
        let theta = 0.4
        func crop(_ sides: PictureSides?) throws -> Raster {
            try Raster.decoding(
                PhotographFile(id: "turned", url: file.url, box: box, theta: theta, sides: sides))
        }
        let decoded = try PictureFile(stored.jpeg(quality: 95), name: "x").decoded()
        let ofStored = try #require(PicturePart(box, theta: theta, of: decoded.sides)).cut(
            from: decoded, of: decoded.sides)
        // The interpolation rounds once more for the turn.
        #expect(try crop(nil).difference(from: ofStored.turned(orientation)).largest <= 1)
        #expect(try crop(nil).width == (orientation.swapsSides ? 17 : 28))
        let whole = try Raster.decoding(file)
        if orientation.swapsSides {
            let ofDisplayed = try #require(PicturePart(box, theta: theta, of: whole.sides)).cut(
                from: whole, of: whole.sides)
            #expect(try crop(PictureSides(width: 48, height: 64)) == ofDisplayed)
        }
        let measures = try PhotographMeasures(
            of: PhotographFile(id: "turned", url: file.url, box: box, theta: theta))
        #expect((measures.width, measures.height) == (orientation.swapsSides ? (17, 28) : (28, 17)))
    }

    @Test func `A large picture is decoded smaller, and shows the same part`() throws {
        let file = try folder.photograph("large", Raster.asymmetric(width: 800, height: 640).jpeg(quality: 95))
        let box = try #require(PixelBox(x: 201, y: 203, width: 320, height: 240))
        let photograph = PhotographFile(id: "large", url: file.url, box: box, theta: 0.5)
        let whole = try Raster.decoding(photograph)
        let small = try Raster.decoding(photograph, atLeast: 60)
        #expect((small.width, small.height) == (80, 60))
        // The picture is smooth; JPEG and the two reductions differ little.
        #expect(whole.resized(width: 80, height: 60).difference(from: small).largest <= 4)
    }

    @Test func `The cache distinguishes turns of one box, and a turned box outside is an error`() throws {
        let file = try folder.photograph("x", Raster.asymmetric(width: 64, height: 48).jpeg(quality: 95))
        let box = try #require(PixelBox(x: 16, y: 8, width: 32, height: 24))
        let loader = PhotographLoader(size: 16, normalisation: .symmetric, cacheLimit: 1 << 20)
        let pictures = try [0, 0.5].map { theta in
            try loader.picture(of: PhotographFile(id: "x", url: file.url, box: box, theta: theta)).raster
        }
        #expect(pictures[0] != pictures[1])
        let outside = try #require(PixelBox(x: 62, y: 46, width: 20, height: 20))
        #expect(throws: ImagingError.boxOutside(file: file.url.path, box: outside, width: 64, height: 48)) {
            try Raster.decoding(PhotographFile(id: "x", url: file.url, box: outside, theta: .pi / 4))
        }
    }
}

extension Raster {
    fileprivate var sides: PictureSides { PictureSides(width: width, height: height) }
}
