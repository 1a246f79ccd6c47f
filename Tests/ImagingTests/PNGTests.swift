import Basics
import Foundation
import Testing

@testable import Imaging

@Suite struct PNGTests {
    private let pictures: [Golden.Pictures.Picture]

    init() throws { pictures = try Golden.decode(Golden.Pictures.self, from: "png.json").pictures }

    private func picture(_ name: String) throws -> Golden.Pictures.Picture {
        try #require(pictures.first { $0.name == name }, "png.json has no '\(name)'")
    }

    private func decode(_ bytes: some Collection<UInt8>) throws -> Raster {
        try PictureFile(Data(bytes), name: "x.png", pixelLimit: 100_000).decoded()
    }

    /// The offset of each chunk's length, by the chunk's name.
    private func chunks(of bytes: [UInt8]) -> [(name: String, offset: Int)] {
        var (found, offset) = ([(name: String, offset: Int)](), 8)
        while offset + 12 <= bytes.count {
            found.append((String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self), offset))
            offset += 12 + bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        return found
    }

    /// The checksum of a chunk's name and body (PNG, annex D).
    private func crc32(_ bytes: some Collection<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }

    @Test(arguments: [(65_501, 1), (1, 65_501), (200_000_000, 1), (1, 200_000_000), (2_147_483_647, 1)])
    func `A side longer than a JPEG's is refused before anything is decoded`(width: Int, height: Int) throws {
        var bytes = try Array(Raster.asymmetric(width: 1, height: 1).png())
        func put(_ number: UInt32, at offset: Int) {
            for place in 0..<4 { bytes[offset + place] = UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32(place))) }
        }
        put(UInt32(width), at: 16)
        put(UInt32(height), at: 20)
        put(crc32(bytes[12..<29]), at: 29)
        let error = try #require(throws: ImagingError.self) { try PictureFile(Data(bytes), name: "x.png") }
        let isKnown = error == .tooLong(file: "x.png", width: width, height: height, limit: 65_500)
        // libpng itself allows at most a million.
        #expect(isKnown || max(width, height) > 1_000_000, "\(error)")
    }

    @Test(arguments: [(1, 1), (3, 5), (640, 37)])
    func `An encoded picture decodes to the same levels and encodes to the same bytes again`(width: Int, height: Int)
        throws
    {
        let raster = Raster.asymmetric(width: width, height: height)
        let bytes = try raster.png()
        #expect(try decode(bytes) == raster)
        #expect(try raster.png() == bytes)
        #expect(chunks(of: Array(bytes)).map(\.name).first == "IHDR")
    }

    @Test func `Every type of picture decodes to Pillow's levels, over black if transparent`() throws {
        #expect(Set(pictures.map(\.mode)).isSuperset(of: ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"]))
        for wanted in pictures {
            let file = try PictureFile(wanted.file, name: wanted.name)
            #expect((file.width, file.height) == (wanted.width, wanted.height), "\(wanted.name)")
            #expect(try file.decoded() == wanted.raster, "\(wanted.name)")
            #expect(try file.decoded(atLeast: 1) == wanted.raster, "\(wanted.name)")
        }
        #expect(try PictureFile(picture("turned").file, name: "turned").orientation == .turnedLeft)
    }

    @Test func `A file truncated anywhere gives an error that says so`() throws {
        for name in ["rgb", "interlaced", "palette and alpha"] {
            let whole = try picture(name).file
            for count in 4..<whole.count {
                let error = try #require(throws: ImagingError.self, "\(count) of \(whole.count) bytes") {
                    try decode(whole.prefix(count))
                }
                #expect(error == .truncated(file: "x.png"), "\(name): \(count) of \(whole.count) bytes")
            }
        }
    }

    @Test func `Overwritten or missing pixels are damage`() throws {
        let whole = try [UInt8](picture("rgb").file)
        let pixels = try #require(chunks(of: whole).first { $0.name == "IDAT" }).offset
        var overwritten = whole
        overwritten[pixels + 20] ^= 0xFF
        var taller = whole
        taller[23] += 1
        let header = chunks(of: taller)[0].offset
        let checksum = crc32(taller[header + 4..<header + 21])
        taller.replaceSubrange(header + 21..<header + 25, with: (0..<4).map { UInt8(checksum >> (24 - 8 * $0) & 255) })
        for bytes in [overwritten, taller] {
            let error = try #require(throws: ImagingError.self) { try decode(bytes) }
            guard case .damaged("x.png", let reason) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(!reason.isEmpty)
        }
    }

    @Test func `A header that claims too many pixels is refused before anything is decoded`() throws {
        let claimed = try picture("rgb").file
        let error = try #require(throws: ImagingError.self) {
            try PictureFile(claimed, name: "bomb.png", pixelLimit: 13 * 9 - 1)
        }
        #expect(error == .tooLarge(file: "bomb.png", width: 13, height: 9, limit: 116))
        #expect(try PictureFile(claimed, name: "x", pixelLimit: 13 * 9).decoded().width == 13)
    }

    @Test func `Chunks that do not affect the pixels are not read`() throws {
        var bytes = try [UInt8](picture("rgb").file)
        let pixels = try #require(chunks(of: bytes).first { $0.name == "IDAT" }).offset
        // An invalid colour profile with a wrong checksum.
        bytes.insert(contentsOf: [0, 0, 0, 3] + Array("iCCP".utf8) + [1, 2, 3] + [9, 9, 9, 9], at: pixels)
        #expect(try decode(bytes) == picture("rgb").raster)
    }

    @Test func `No flipped byte of a file crashes the decoder`() throws {
        var generator = SeededGenerator(seed: 1, "damage")
        for wanted in pictures {
            let whole = [UInt8](wanted.file)
            for _ in 0..<200 {
                var bytes = whole
                for _ in 0..<generator.integer(in: 1..<4) {
                    bytes[generator.integer(in: 0..<bytes.count)] = UInt8(generator.integer(in: 0..<256))
                }
                if let decoded = try? decode(bytes) { #expect(decoded.width * decoded.height <= 100_000) }
            }
        }
    }
}
