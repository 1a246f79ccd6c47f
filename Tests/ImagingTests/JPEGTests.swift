import Basics
import Foundation
import Testing

@testable import Imaging

@Suite struct JPEGTests {
    @Test func `A truncated file is refused, or keeps its upper part and is grey below`() throws {
        let folder = try TemporaryFolder()
        let picture = Raster.asymmetric(width: 64, height: 160)
        let whole = try picture.jpeg(quality: 95)
        let decoded = try PictureFile(whole, name: "x").decoded()
        let cut = try folder.photograph("cut", whole.prefix(whole.count * 6 / 10))
        #expect(throws: ImagingError.truncated(file: cut.url.path)) { try Raster.decoding(cut) }
        let salvaged = try Raster.decoding(PhotographFile(id: "cut", url: cut.url, salvage: .grey))
        let lost = try #require(try PictureFile(at: cut.url).lostShare())
        #expect((0.2...0.6).contains(lost))
        let kept = Int((Double(160) * (1 - lost)).rounded())
        let upper = try #require(PixelBox(x: 0, y: 0, width: 64, height: kept - 1))
        #expect(salvaged.cropped(to: upper) == decoded.cropped(to: upper))
        let lowest = salvaged[63, 159]
        #expect((lowest.red, lowest.green, lowest.blue) == (128, 128, 128))
        #expect(try PictureFile(whole, name: "x").lostShare() == nil)
        // Without its end mark, a file lacks nothing else, but the last row of blocks is counted.
        let endless = try PictureFile(whole.dropLast(2), name: "x", salvage: .grey)
        #expect(try endless.lostShare() == 0.05 && endless.decoded() == decoded)
    }

    @Test func `A file cut in its header cannot be salvaged, and one cut anywhere crashes nothing`() throws {
        let whole = try Raster.asymmetric(width: 24, height: 24).jpeg(quality: 60)
        for count in 2..<whole.count {
            do {
                let file = try PictureFile(whole.prefix(count), name: "x", salvage: .grey)
                let raster = try file.decoded()
                #expect((raster.width, raster.height) == (24, 24) && count > 200)
            } catch {
                #expect(error as? ImagingError == .truncated(file: "x"), "\(count) of \(whole.count) bytes")
            }
        }
    }

    private let picture = Raster.asymmetric(width: 61, height: 43)

    private func decode(_ data: Data, pixelLimit: Int = PictureFile.largestPixelCount) throws -> Raster {
        try PictureFile(data, name: "x.jpg", pixelLimit: pixelLimit).decoded()
    }

    /// The bytes with the size in their frame header changed.
    private func claiming(width: UInt16, height: UInt16, _ data: Data) throws -> Data {
        var bytes = [UInt8](data)
        let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        bytes.replaceSubrange(
            frame + 5..<frame + 9,
            with: [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)])
        return Data(bytes)
    }

    @Test func `A picture reads back nearly equal`() throws {
        for (quality, tolerance) in [(100, 5), (90, 8), (75, 24)] {
            let again = try decode(picture.jpeg(quality: quality))
            #expect((again.width, again.height) == (61, 43))
            let difference = again.difference(from: picture)
            // At 100 only the transform's rounding; below, quantisation of a smooth picture.
            #expect(difference.largest <= tolerance && difference.mean < 2, "quality \(quality): \(difference)")
        }
        #expect(try picture.jpeg(quality: 50).count < picture.jpeg(quality: 95).count)
        #expect(try picture.jpeg(quality: 80) == picture.jpeg(quality: 80))
    }

    @Test func `Colour spaces and types of coding decode to Pillow's levels`() throws {
        let reference = try Golden.decode(Golden.Pictures.self, from: "jpeg.json")
        #expect(reference.pictures.map(\.mode).filter { $0 == "CMYK" }.count == 2)
        #expect(reference.pictures.contains { $0.mode == "L" })
        for wanted in reference.pictures {
            let decoded = try PictureFile(wanted.file, name: wanted.name).decoded()
            // Every libjpeg-turbo since 2.0 has the same transform and smoothing; 1 level allows for other builds.
            #expect(decoded.difference(from: wanted.raster).largest <= 1, "\(wanted.name)")
        }
    }

    @Test func `A file truncated anywhere gives an error that says so`() throws {
        let whole = try picture.jpeg(quality: 90)
        let shares = [whole.count - 1, whole.count - 2, whole.count * 9 / 10, whole.count / 2, 700, 100, 30, 3, 2]
        for count in shares {
            let error = try #require(throws: ImagingError.self, "\(count) of \(whole.count) bytes") {
                try decode(whole.prefix(count))
            }
            #expect(error == .truncated(file: "x.jpg"), "\(count) of \(whole.count) bytes")
        }
        #expect(ImagingError.truncated(file: "a.jpg").description.hasPrefix("a.jpg is cut short: "))
    }

    @Test func `A file with overwritten pixels is damaged`() throws {
        var bytes = try picture.jpeg(quality: 95)
        for index in bytes.count / 2..<bytes.count - 2 { bytes[index] = 0xFF }
        let error = try #require(throws: ImagingError.self) { try decode(bytes) }
        guard case .damaged("x.jpg", let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test func `A header that claims too many pixels is refused before anything is decoded`() throws {
        let bomb = try claiming(width: 65000, height: 65000, picture.jpeg(quality: 90))
        let error = try #require(throws: ImagingError.self) { try PictureFile(bomb, name: "bomb.jpg") }
        #expect(error == .tooLarge(file: "bomb.jpg", width: 65000, height: 65000, limit: 200_000_000))
        let data = try picture.jpeg(quality: 90)
        #expect(throws: ImagingError.self) { try decode(data, pixelLimit: 61 * 43 - 1) }
        #expect(try decode(data, pixelLimit: 61 * 43).width == 61)
    }

    @Test func `A header that claims more rows than exist is an error`() throws {
        let longer = try claiming(width: 61, height: 4000, picture.jpeg(quality: 90))
        #expect(throws: ImagingError.self) { try decode(longer) }
    }

    @Test func `Neither a prefix of a file nor a flipped byte crashes the decoder`() throws {
        let whole = try [UInt8](Raster.asymmetric(width: 17, height: 9).jpeg(quality: 80))
        var generator = SeededGenerator(seed: 1, "damage")
        for round in 0..<2000 {
            var bytes = whole
            for _ in 0..<generator.integer(in: 1..<6) {
                bytes[generator.integer(in: 0..<bytes.count)] = UInt8(generator.integer(in: 0..<256))
            }
            // A small limit, so that a changed size costs no time.
            let decoded = try? PictureFile(Data(bytes), name: "\(round)", pixelLimit: 100_000).decoded()
            if let decoded { #expect(decoded.width * decoded.height <= 100_000) }
        }
    }

    @Test func `Reduced decoding keeps the requested side and the picture`() throws {
        let large = Raster.asymmetric(width: 400, height: 300)
        let file = try PictureFile(large.jpeg(quality: 95), name: "large")
        #expect(
            [1, 37, 38, 39, 75, 76, 150, 151, 300, 999].map { JPEGCodec.eighths(shorterSide: 300, atLeast: $0) }
                == [1, 1, 1, 2, 2, 4, 4, 8, 8, 8])
        for (side, width, height) in [(38, 50, 38), (75, 100, 75), (150, 200, 150), (151, 400, 300)] {
            let reduced = try file.decoded(atLeast: side)
            #expect((reduced.width, reduced.height) == (width, height))
            let difference = reduced.difference(from: large.resized(width: width, height: height))
            #expect(difference.mean < 1.5, "\(side): \(difference)")
        }
    }

    @Test func `A written file has no metadata`() throws {
        let data = try picture.jpeg(quality: 90)
        #expect(data.range(of: Data("Exif".utf8)) == nil)
        #expect(JPEGSegments.markers(of: data).allSatisfy { !(0xE1...0xEF).contains($0) && $0 != 0xFE })
    }

    @Test func `A side beyond the format's limit is an error`() throws {
        let error = try #require(throws: ImagingError.self) { try Raster(width: 70000, height: 1).jpeg(quality: 80) }
        #expect(error.description.contains("70000 x 1"))
    }
}

/// The markers of a JPEG file's headers, in order.
enum JPEGSegments {
    static func markers(of data: Data) -> [UInt8] {
        let bytes = [UInt8](data)
        var markers: [UInt8] = []
        var offset = 2
        while offset + 3 < bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] != 0xDA {
            markers.append(bytes[offset + 1])
            offset += 2 + Int(bytes[offset + 2]) << 8 + Int(bytes[offset + 3])
        }
        return markers
    }
}
