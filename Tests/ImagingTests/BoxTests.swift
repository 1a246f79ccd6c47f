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
