import Basics
import Foundation
import Testing

@testable import Imaging

/// An animal's outline in the part of a photograph that is used.
@Suite struct OutlineGridTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The run lengths of the pixels for which `isInside` is true.
    private static func drawn(
        _ width: Int, _ height: Int, isInside: (_ x: Int, _ y: Int) -> Bool
    ) -> Outline? {
        var counts = [0]
        for x in 0..<width {
            for y in 0..<height {
                if isInside(x, y) == (counts.count % 2 == 0) { counts[counts.count - 1] += 1 } else { counts.append(1) }
            }
        }
        let text = "{\"size\": [\(height), \(width)], \"counts\": \(counts)}"
        return Outline(text: Data(text.utf8), sides: nil, place: "a.json, annotation 1")
    }

    /// An asymmetric figure: an L.
    private static func isInL(_ x: Int, _ y: Int) -> Bool {
        (10..<16).contains(x) && (5..<40).contains(y) || (16..<50).contains(x) && (33..<40).contains(y)
    }

    /// A picture that shows it, white on black.
    private static let picture: Raster = {
        var raster = Raster(width: 64, height: 48)
        for y in 0..<48 { for x in 0..<64 where isInL(x, y) { raster[x, y] = (255, 255, 255) } }
        return raster
    }()

    @Test(arguments: Orientation.allCases)
    func `The grid shows the same animal as the pixels of every part`(orientation: Orientation) throws {
        let jpeg = try Self.picture.jpeg(quality: 100).withOrientation(UInt8(orientation.rawValue))
        let file = try folder.photograph("l", jpeg)
        let displayed = Self.picture.turned(orientation)
        let stored = try #require(Self.drawn(64, 48, isInside: Self.isInL))
        let seen = try #require(Self.drawn(displayed.width, displayed.height) { displayed[$0, $1].red == 255 })
        let box = try #require(PixelBox(x: 8, y: 12, width: 30, height: 25))
        for (box, theta) in [(nil, 0.0), (box, 0), (box, 0.4), (box, -2)] {
            for outline in orientation.swapsSides ? [stored, seen] : [stored] {
                let photograph = PhotographFile(id: "l", url: file.url, box: box, theta: theta, outline: outline)
                let grid = try #require(try photograph.outlineGrid(longestSide: 64))
                let part = try Raster.decoding(photograph)
                #expect((grid.width, grid.height) == (part.width, part.height))
                let differing = zip(grid.cells, stride(from: 0, to: part.pixels.count, by: 3)).count {
                    $0 != (part.pixels[$1] > 127)
                }
                // A turned part is interpolated: centres of cells and levels may disagree along its boundary of up to
                // 150 pixels.
                #expect(differing <= (theta == 0 ? 0 : 20), "\(orientation) \(theta)")
            }
        }
    }

    @Test func `A smaller grid keeps the shape, and a photograph without its animal has none`() throws {
        let file = try folder.photograph("l", Self.picture.jpeg(quality: 90))
        let outline = try #require(Self.drawn(64, 48, isInside: Self.isInL))
        let grid = try #require(
            try PhotographFile(id: "l", url: file.url, outline: outline).outlineGrid(longestSide: 16))
        #expect((grid.width, grid.height) == (16, 12))
        for row in 0..<12 {
            for column in 0..<16 {
                #expect(grid.cells[16 * row + column] == Self.isInL(4 * column + 2, 4 * row + 2), "\(column) \(row)")
            }
        }
        let beside = try #require(PixelBox(x: 20, y: 0, width: 30, height: 30))
        #expect(
            try PhotographFile(id: "l", url: file.url, box: beside, outline: outline).outlineGrid(longestSide: 16)
                == nil
        )
        #expect(try PhotographFile(id: "l", url: file.url).outlineGrid(longestSide: 16) == nil)
    }

    @Test(arguments: [Framing(.stretch), Framing(.letterbox), Framing(.crop), Framing(.crop, share: 0.8)])
    func `A network's square shows the animal where its picture does`(framing: Framing) throws {
        let file = try folder.photograph("l", Self.picture.jpeg(quality: 100))
        let outline = try #require(Self.drawn(64, 48, isInside: Self.isInL))
        for box in [nil, PixelBox(x: 8, y: 12, width: 44, height: 25)] {
            let photograph = PhotographFile(id: "l", url: file.url, box: box, outline: outline)
            let grid = try #require(try photograph.animalGrid(framing, size: 96))
            #expect((grid.width, grid.height) == (96, 96))
            let square = try Raster.decoding(photograph).fitted(framing, size: 96)
            let differing = (0..<96 * 96).count { grid.cells[$0] != (square.pixels[3 * $0] > 127) }
            // Interpolated levels and centres of cells may disagree along a boundary of about 500 pixels.
            #expect(differing < 150, "\(framing) \(differing)")
            #expect(abs(grid.share - Double(square.pixels.count { $0 > 127 }) / Double(square.pixels.count)) < 0.01)
        }
        // Nothing but the animal is within this box, so nothing divides it.
        let inner = try #require(PixelBox(x: 10, y: 10, width: 6, height: 20))
        #expect(
            try PhotographFile(id: "l", url: file.url, box: inner, outline: outline).animalGrid(framing, size: 96)
                == nil
        )
        // A box alone is all that the network sees.
        #expect(try PhotographFile(id: "l", url: file.url, box: inner).animalGrid(framing, size: 96) == nil)
    }

    @Test func `An outline of another picture is an error with its place`() throws {
        let file = try folder.photograph("l", Self.picture.jpeg(quality: 90))
        let outline = try #require(Self.drawn(32, 24) { x, _ in x > 3 })
        let photograph = PhotographFile(id: "l", url: file.url, outline: outline)
        #expect { try photograph.outlineGrid(longestSide: 16) } throws: {
            "\($0)".hasPrefix("a.json, annotation 1: the outline is not usable: it is of a picture with 32 x 24 pixels")
        }
        #expect(throws: FileError.self) { try photograph.checkOutline(in: PictureFile(at: file.url)) }
        // The photograph itself can be used.
        #expect(try Raster.decoding(photograph).width == 64)
    }
}
