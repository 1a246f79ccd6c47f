import Basics
import Foundation
import Testing

@testable import Imaging

@Suite struct MeasuresTests {
    struct Reference: Decodable {
        struct Picture: Decodable {
            let name: String
            let width, height: Int
            let pixels: Data
            let sharpness, exposure, clippedDark, clippedBright, middle, middleBright: Double
            let hash: String
            let lanczos: [UInt8]
            var raster: Raster { Raster(width: width, height: height, pixels: [UInt8](pixels)) }
        }
        let pictures: [Picture]
    }

    private func hash(_ raster: Raster) -> UInt64 {
        PhotographMeasures(of: raster, width: raster.width, height: raster.height).perceptualHash
    }

    @Test func `Measures are OpenCV's and NumPy's, hashes imagehash's, and the resize to them Pillow's`() throws {
        let pictures = try Golden.decode(Reference.self, from: "measures.json").pictures
        #expect(pictures.count == 4)
        for wanted in pictures {
            let found = PhotographMeasures(of: wanted.raster, width: 7, height: 5)
            #expect((found.width, found.height) == (7, 5))
            // The sums are of whole numbers, so only divisions and the root round.
            #expect(abs(found.sharpness / wanted.sharpness - 1) < 1e-12, "\(wanted.name)")
            #expect(abs(found.exposure - wanted.exposure) < 1e-12, "\(wanted.name)")
            #expect(found.clippedDark == wanted.clippedDark && found.clippedBright == wanted.clippedBright)
            let middle = PhotographMeasures(of: wanted.raster, width: 7, height: 5, animal: .middle)
            #expect(abs(middle.sharpness / wanted.middle - 1) < 1e-12 && middle.exposure == found.exposure)
            #expect(middle.clippedBright == wanted.middleBright, "\(wanted.name)")
            #expect(found.perceptualHash == UInt64(wanted.hash, radix: 16), "\(wanted.name)")
            #expect(wanted.raster.resized(width: 8, height: 8, filter: .lanczos).pixels == wanted.lanczos)
        }
        #expect(pictures[0].sharpness > 2 * pictures[1].sharpness)
        #expect(pictures.contains { $0.clippedDark > 0 } && pictures.contains { $0.clippedBright > 0 })
    }

    @Test func `A smaller copy and one saved again have nearly the same hash, but another picture does not`() throws {
        let pictures = try Golden.decode(Reference.self, from: "measures.json").pictures.map(\.raster)
        let own = hash(pictures[0])
        let saved = try PictureFile(pictures[0].jpeg(quality: 60), name: "saved").decoded()
        let smaller = pictures[0].resized(width: 30, height: 21)
        #expect((own ^ hash(saved)).nonzeroBitCount <= 6 && (own ^ hash(smaller)).nonzeroBitCount <= 6)
        for other in pictures.dropFirst() { #expect((own ^ hash(other)).nonzeroBitCount > 16) }
        #expect((own ^ hash(pictures[0].mirrored())).nonzeroBitCount > 16)
    }

    @Test(arguments: Orientation.allCases.dropFirst())
    func `The hashes of turned pictures are known from the picture as it is`(orientation: Orientation) throws {
        for picture in try Golden.decode(Reference.self, from: "measures.json").pictures.map(\.raster) {
            let known = try #require(Luma(picture).turnedHashes[orientation])
            let found = hash(picture.turned(orientation))
            #expect(known == found)
            #expect((hash(picture) ^ found).nonzeroBitCount > 6)
        }
    }

    @Test func `A photograph is measured by its box, upright, and a large one at the common scale`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.photograph("large", Raster.asymmetric(width: 1200, height: 900).jpeg(quality: 95))
        let whole = try PhotographMeasures(of: file)
        #expect((whole.width, whole.height) == (1200, 900))
        let scaled = try Raster.decoding(file, atLeast: PhotographMeasures.decodedSide).resized(width: 128, height: 96)
        #expect(whole.sharpness == PhotographMeasures(of: scaled, width: 128, height: 96, animal: .middle).sharpness)
        let box = try #require(PixelBox(x: 100, y: 200, width: 40, height: 900))
        let part = try PhotographMeasures(of: PhotographFile(id: "part", url: file.url, box: box))
        #expect((part.width, part.height) == (40, 700))
    }

    /// Fine squares in some columns, and smooth water in all others.
    private static func squares(in columns: Range<Int>) -> Raster {
        var raster = Raster(width: 100, height: 60, red: 90, green: 110, blue: 120)
        for y in 0..<60 {
            for x in columns where (x / 3 + y / 3) % 2 == 0 { raster[x, y] = (220, 220, 210) }
        }
        return raster
    }

    @Test func `Sharpness is that of the animal, not of the waves around it`() throws {
        let folder = try TemporaryFolder()
        let sharp = try folder.photograph("sharp", Self.squares(in: 30..<70).jpeg(quality: 95))
        let blurred = try folder.photograph("blurred", Self.squares(in: 88..<100).jpeg(quality: 95))
        // The animal is in the middle, unless a box or an outline says where it is.
        let middles = try [sharp, blurred].map { try PhotographMeasures(of: $0).sharpness }
        #expect(middles[0] > 0.5 && middles[1] < 0.05, "\(middles)")
        let box = try #require(PixelBox(x: 88, y: 0, width: 12, height: 60))
        let boxes = try [sharp, blurred].map {
            try PhotographMeasures(of: PhotographFile(id: $0.id, url: $0.url, box: box)).sharpness
        }
        #expect(boxes[0] < 0.05 && boxes[1] > 0.5, "\(boxes)")
        // The columns 88 to 99, as run lengths down the columns.
        let outline = Outline(
            text: Data(#"{"size": [60, 100], "counts": [5280, 720]}"#.utf8), sides: nil, place: "a.json, annotation 1")
        let outlines = try [sharp, blurred].map {
            try PhotographMeasures(of: PhotographFile(id: $0.id, url: $0.url, outline: outline)).sharpness
        }
        #expect(outlines[0] < 0.05 && outlines[1] > 0.5, "\(outlines)")
    }

    @Test func `A darker exposure of the same scene is as sharp`() throws {
        let raster = Self.squares(in: 0..<100)
        let dark = Raster(width: 100, height: 60, pixels: raster.pixels.map { $0 / 2 })
        let found = [raster, dark].map { PhotographMeasures(of: $0, width: 100, height: 60) }
        // Halved levels are rounded, by less than one in a hundred.
        #expect(abs(found[1].sharpness / found[0].sharpness - 1) < 0.02)
        #expect(abs(found[1].exposure / found[0].exposure - 0.5) < 0.01)
    }

    @Test func `One pixel can be measured`() {
        let dot = PhotographMeasures(of: Raster(width: 1, height: 1), width: 1, height: 1)
        #expect(dot.sharpness == 0 && dot.exposure == 0 && dot.clippedDark == 1 && dot.clippedBright == 0)
    }
}
