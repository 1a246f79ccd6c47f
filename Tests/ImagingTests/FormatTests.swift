import Basics
import Foundation
import Testing

@testable import Imaging

/// WebP, TIFF and HEIC.
@Suite struct FormatTests {
    private static let kinds = ["webp", "tiff", "heic"]

    private func pictures(_ kind: String) throws -> [Golden.Pictures.Picture] {
        try Golden.decode(Golden.Pictures.self, from: "\(kind).json").pictures
    }

    private func picture(_ kind: String, _ name: String) throws -> Golden.Pictures.Picture {
        try #require(pictures(kind).first { $0.name == name }, "\(kind).json has no '\(name)'")
    }

    private func decode(_ bytes: Data) throws -> Raster {
        try PictureFile(bytes, name: "x", pixelLimit: 100_000).decoded()
    }

    /// CMYK: Pillow rounds the product of two shares, libtiff rounds it down. Half colour: another version of libheif
    /// rounds its matrix differently.
    private static let tolerances = ["cmyk": 1, "half colour": 1]

    @Test(arguments: kinds) func `Every type of picture decodes to Pillow's levels, over black if transparent`(
        kind: String
    ) throws {
        for wanted in try pictures(kind) {
            let file = try PictureFile(wanted.file, name: wanted.name)
            #expect((file.width, file.height) == (wanted.width, wanted.height), "\(wanted.name)")
            let largest = try file.decoded().difference(from: wanted.raster).largest
            #expect(largest <= Self.tolerances[wanted.name, default: 0], "\(wanted.name)")
        }
    }

    @Test(arguments: kinds) func `Orientation and time are read from EXIF`(kind: String) throws {
        let turned = try picture(kind, "turned").file
        // HEIC has its own rotation, which pillow-heif writes in place of EXIF's.
        let wanted: Orientation = kind == "heic" ? .upright : .turnedLeft
        #expect(try PictureFile(turned, name: "x").orientation == wanted)
        let folder = try TemporaryFolder()
        let file = try folder.photograph("turned", turned)
        #expect(try PictureHead(at: file.url).captureTime() == "2020:01:05 10:11:12")
        #expect(try PictureHead(at: file.url).picture().storedWidth > 0)
    }

    @Test(arguments: [
        ("webp", "lossless"), ("webp", "lossy, alpha"), ("tiff", "rgb"), ("tiff", "jpeg"),
        ("heic", "full colour"), ("heic", "alpha"),
    ])
    func `A file truncated anywhere gives an error that says so`(kind: String, name: String) throws {
        let whole = try picture(kind, name).file
        for count in 12..<whole.count {
            let error = try #require(throws: ImagingError.self, "\(count) of \(whole.count) bytes") {
                try decode(whole.prefix(count))
            }
            #expect(error == .truncated(file: "x"), "\(count) of \(whole.count) bytes")
        }
    }

    @Test(arguments: kinds) func `A header that claims too many pixels is refused before anything is decoded`(
        kind: String
    ) throws {
        let claimed = try #require(try pictures(kind).first)
        let area = claimed.width * claimed.height
        let error = try #require(throws: ImagingError.self) {
            try PictureFile(claimed.file, name: "bomb", pixelLimit: area - 1)
        }
        #expect(error == .tooLarge(file: "bomb", width: claimed.width, height: claimed.height, limit: area - 1))
    }

    /// A TIFF file without pixels; `entries` are tag and value, each a SHORT.
    private func tiff(_ entries: [(tag: UInt16, value: UInt16)]) -> Data {
        func short(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
        var bytes = Array("II".utf8) + [42, 0, 8, 0, 0, 0] + short(UInt16(entries.count))
        for entry in entries { bytes += short(entry.tag) + [3, 0, 1, 0, 0, 0] + short(entry.value) + [0, 0] }
        return Data(bytes + [0, 0, 0, 0])
    }

    @Test func `A raw file and 16 bits per sample are refused with the reason`() throws {
        let sides: [(UInt16, UInt16)] = [(256, 4), (257, 4)]
        let strip: [(UInt16, UInt16)] = [(273, 8), (279, 32)]
        let raw = try #require(throws: ImagingError.self) { try decode(tiff([(254, 1)] + sides + strip)) }
        #expect("\(raw)".contains("a type of TIFF that cannot be decoded (it is a camera's raw file"))
        let deep = try #require(throws: ImagingError.self) { try decode(tiff(sides + [(258, 16), (262, 1)] + strip)) }
        #expect("\(deep)".contains("it has 16 bits per sample"))
        let canon = Data("II*\0\u{10}\0\0\0CR\u{2}\0".utf8)
        let error = try #require(throws: ImagingError.self) { try decode(canon) }
        #expect(error == .notPicture(file: "x", found: "a camera's raw file"))
    }

    @Test(arguments: kinds) func `No flipped byte of a file crashes the decoder`(kind: String) throws {
        var generator = SeededGenerator(seed: 1, "damage")
        for wanted in try pictures(kind) {
            let whole = [UInt8](wanted.file)
            for _ in 0..<50 {
                var bytes = whole
                for _ in 0..<generator.integer(in: 1..<4) {
                    bytes[generator.integer(in: 0..<bytes.count)] = UInt8(generator.integer(in: 0..<256))
                }
                if let decoded = try? decode(Data(bytes)) { #expect(decoded.width * decoded.height <= 100_000) }
            }
        }
    }
}
