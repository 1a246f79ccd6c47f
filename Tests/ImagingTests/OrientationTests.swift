import Foundation
import Testing

@testable import Imaging

@Suite struct OrientationTests {
    /// The position in the stored picture of pixel (x, y) of the upright one, from EXIF's definition of each number:
    /// the sides of the scene at the stored row 0 and column 0.
    private func stored(
        _ orientation: Orientation, _ x: Int, _ y: Int, width: Int, height: Int
    ) -> (x: Int, y: Int) {
        switch orientation {
        case .upright: (x, y)  // row 0 is the top, column 0 the left side
        case .mirrored: (width - 1 - x, y)  // top, right
        case .upsideDown: (width - 1 - x, height - 1 - y)  // bottom, right
        case .mirroredUpsideDown: (x, height - 1 - y)  // bottom, left
        case .transposed: (y, x)  // left, top
        case .turnedLeft: (y, width - 1 - x)  // right, top
        case .transverse: (height - 1 - y, width - 1 - x)  // right, bottom
        case .turnedRight: (height - 1 - y, x)  // left, bottom
        }
    }

    /// A JPEG file with an EXIF segment that holds the orientation and some other tags.
    private func file(_ raster: Raster, orientation: Int, bigEndian: Bool, asLong: Bool = false) throws -> Data {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            let little = (0..<bytes).map { UInt8((value >> (8 * $0)) & 255) }
            return bigEndian ? little.reversed() : little
        }
        let padding: [UInt8] = asLong ? [] : [0, 0]
        var tiff: [UInt8] = bigEndian ? Array("MM".utf8) : Array("II".utf8)
        tiff += number(42, 2) + number(8, 4) + number(2, 2)
        tiff += number(0x0100, 2) + number(4, 2) + number(1, 4) + number(77, 4)
        tiff += number(0x0112, 2) + number(asLong ? 4 : 3, 2) + number(1, 4) + number(orientation, asLong ? 4 : 2)
        tiff += padding + number(0, 4)
        let payload = Array("Exif\0\0".utf8) + tiff
        let length = payload.count + 2
        let jpeg = try raster.jpeg(quality: 100)
        return jpeg.prefix(2) + Data([0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + payload)
            + jpeg.dropFirst(2)
    }

    @Test(arguments: Orientation.allCases)
    func `A stored picture is decoded upright`(orientation: Orientation) throws {
        let upright = Raster.asymmetric(width: 32, height: 24)
        var turned = Raster(
            width: orientation.swapsSides ? 24 : 32, height: orientation.swapsSides ? 32 : 24)
        for y in 0..<24 {
            for x in 0..<32 {
                let place = stored(orientation, x, y, width: 32, height: 24)
                turned[place.x, place.y] = upright[x, y]
            }
        }
        #expect(turned.turned(orientation) == upright)
        for (bigEndian, asLong) in [(true, false), (false, false), (true, true), (false, true)] {
            let data = try file(turned, orientation: orientation.rawValue, bigEndian: bigEndian, asLong: asLong)
            let file = try PictureFile(data, name: "turned")
            #expect(file.orientation == orientation)
            #expect((file.width, file.height) == (32, 24))
            let decoded = try file.decoded()
            #expect((decoded.width, decoded.height) == (32, 24))
            // The loss of encoding at quality 100.
            #expect(decoded.difference(from: upright).largest <= 4)
        }
    }

    @Test func `An invalid number does not change the picture`() throws {
        for number in [0, 9, 255] {
            let data = try file(.asymmetric(width: 8, height: 6), orientation: number, bigEndian: true)
            #expect(try PictureFile(data, name: "odd").orientation == .upright)
        }
    }

    @Test func `Truncated EXIF, or with false lengths, is read within its bounds`() throws {
        let data = try [UInt8](file(.asymmetric(width: 8, height: 6), orientation: 6, bigEndian: false))
        for count in 0..<80 {
            // A copy of exactly this size, so that a read beyond the end is detected.
            let prefix = Array(data.prefix(count))
            _ = prefix.withUnsafeBytes { EXIF(ofJPEG: $0).orientation }
        }
        for offset in 2..<60 {
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                var changed = data
                changed[offset] = value
                _ = changed.withUnsafeBytes { EXIF(ofJPEG: $0).orientation }
            }
        }
        #expect(data.withUnsafeBytes { EXIF(ofJPEG: $0).orientation } == .turnedLeft)
    }
}
