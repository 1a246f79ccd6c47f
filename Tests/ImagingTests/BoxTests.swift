import Basics
import Foundation
import Testing

@testable import Imaging

@Suite struct BoxTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: Orientation.allCases)
    func `A box turns with its picture`(orientation: Orientation) throws {
        let stored = Raster.asymmetric(width: 30, height: 20)
        let box = try #require(PixelBox(x: 4, y: 3, width: 11, height: 6))
        let seen = box.turned(orientation, width: 30, height: 20)
        #expect(stored.turned(orientation).cropped(to: seen) == stored.cropped(to: box).turned(orientation))
    }

    @Test func `A box is cut out of the picture, and cut at the edge if it extends beyond`() throws {
        let whole = Raster.asymmetric(width: 64, height: 48)
        let file = try folder.photograph("whole", whole.jpeg(quality: 95))
        let decoded = try Raster.decoding(file)
        let inner = try #require(PixelBox(x: 8, y: 4, width: 20, height: 30))
        let crop = try Raster.decoding(PhotographFile(id: "whole", url: file.url, box: inner))
        #expect(crop == decoded.cropped(to: inner))
        let beyond = try #require(PixelBox(x: 50, y: -5, width: 100, height: 20))
        let edge = try Raster.decoding(PhotographFile(id: "whole", url: file.url, box: beyond))
        #expect(edge == decoded.cropped(to: try #require(PixelBox(x: 50, y: 0, width: 14, height: 15))))
    }

    @Test(arguments: Orientation.allCases)
    func `The corners of a box are those in the displayed picture`(orientation: Orientation) throws {
        let jpeg = try Raster.asymmetric(width: 40, height: 20).jpeg(quality: 90)
        let url = try folder.photograph("turned", jpeg.withOrientation(UInt8(orientation.rawValue))).url
        let box = try #require(PixelBox(x: 30, y: 5, width: 50, height: 10))
        let seen = try #require(box.clipped(toWidth: 40, height: 20)).turned(orientation, width: 40, height: 20)
        let (width, height) = orientation.swapsSides ? (20.0, 40.0) : (40.0, 20.0)
        let corners = try #require(try PhotographFile(id: "turned", url: url, box: box).boxCorners())
        let (left, top) = (Double(seen.x) / width, Double(seen.y) / height)
        let (right, bottom) = (left + Double(seen.width) / width, top + Double(seen.height) / height)
        // Sums and quotients of small whole numbers round by a few units in the last place.
        for (corner, wanted) in zip(corners, [(left, top), (right, top), (right, bottom), (left, bottom)]) {
            #expect(abs(corner.x - wanted.0) < 1e-12 && abs(corner.y - wanted.1) < 1e-12)
        }
        #expect(corners.count == 4)
        #expect(try PhotographFile(id: "whole", url: url).boxCorners() == nil)
    }

    @Test func `A small part of a large picture keeps the requested pixels`() throws {
        let file = try folder.photograph("large", Raster.asymmetric(width: 800, height: 640).jpeg(quality: 95))
        let box = try #require(PixelBox(x: 101, y: 203, width: 160, height: 120))
        let crop = try Raster.decoding(PhotographFile(id: "large", url: file.url, box: box), atLeast: 30)
        // A quarter is the smallest share that keeps 30 rows; the crop may take one more at each edge.
        #expect((40...42).contains(crop.width) && (30...32).contains(crop.height))
    }

    @Test func `A box outside the picture is an error with both sizes`() throws {
        let file = try folder.photograph("small", Raster.asymmetric(width: 16, height: 12).jpeg(quality: 90))
        let box = try #require(PixelBox(x: 16, y: 0, width: 4, height: 4))
        let error = try #require(throws: ImagingError.self) {
            try Raster.decoding(PhotographFile(id: "small", url: file.url, box: box))
        }
        #expect(error == .boxOutside(file: file.url.path, box: box, width: 16, height: 12))
    }

    @Test(arguments: Orientation.allCases)
    func `A box is of the displayed picture if the sides in the metadata fit only that`(orientation: Orientation) throws
    {
        let stored = Raster.asymmetric(width: 64, height: 48)
        let file = try folder.photograph(
            "turned", stored.jpeg(quality: 95).withOrientation(UInt8(orientation.rawValue)))
        let box = try #require(PixelBox(x: 3, y: 30, width: 20, height: 14))
        func crop(_ sides: PictureSides?) throws -> Raster {
            try Raster.decoding(PhotographFile(id: "turned", url: file.url, box: box, sides: sides))
        }
        let whole = try Raster.decoding(file)
        let decoded = try PictureFile(stored.jpeg(quality: 95), name: "x").decoded()
        let ofStored = decoded.cropped(to: box).turned(orientation)
        let ofDisplayed = whole.cropped(to: box)
        #expect(ofStored != ofDisplayed || orientation == .upright)
        #expect(try crop(nil) == ofStored)
        #expect(try crop(PictureSides(width: 64, height: 48)) == ofStored)
        if orientation.swapsSides {
            let displayed = PhotographFile(
                id: "turned", url: file.url, box: box, sides: PictureSides(width: 48, height: 64))
            #expect(try Raster.decoding(displayed) == ofDisplayed)
            let measures = try PhotographMeasures(of: displayed)
            #expect((measures.width, measures.height) == (20, 14))
        }
    }

    @Test func `The cache distinguishes boxes of the stored and of the displayed picture`() throws {
        let jpeg = try Raster.asymmetric(width: 64, height: 48).jpeg(quality: 95).withOrientation(6)
        let file = try folder.photograph("turned", jpeg)
        let box = try #require(PixelBox(x: 0, y: 0, width: 16, height: 16))
        let loader = PhotographLoader(size: 16, normalisation: .symmetric, cacheLimit: 1 << 20)
        let pictures = try [PictureSides(width: 64, height: 48), PictureSides(width: 48, height: 64)].map { sides in
            try loader.picture(of: PhotographFile(id: "turned", url: file.url, box: box, sides: sides)).raster
        }
        #expect(pictures[0] != pictures[1])
    }

    @Test func `The cache distinguishes parts of one file`() throws {
        let file = try folder.photograph("pair", Raster.asymmetric(width: 64, height: 48).jpeg(quality: 95))
        let loader = PhotographLoader(size: 16, normalisation: .symmetric, cacheLimit: 1 << 20)
        let pictures = try [0, 32].map { x in
            let box = try #require(PixelBox(x: x, y: 0, width: 32, height: 48))
            return try loader.picture(of: PhotographFile(id: "pair", url: file.url, box: box)).raster
        }
        #expect(pictures[0] != pictures[1])
    }
}
