import Foundation
import Testing

@testable import Imaging

@Suite struct OrientationTests {
    /// Where the pixel at (x, y) of the upright picture lies in the stored one, by EXIF's own words for each number:
    /// which side of the scene the stored row 0 and column 0 are.
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

    /// A JPEG file with an EXIF segment that holds some other tags and the orientation.
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
    func `A stored picture comes out upright`(orientation: Orientation) throws {
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
            // What writing at quality 100 costs.
            #expect(decoded.difference(from: upright).largest <= 4)
        }
    }

    @Test func `A number that means nothing leaves the picture as it is`() throws {
        for number in [0, 9, 255] {
            let data = try file(.asymmetric(width: 8, height: 6), orientation: number, bigEndian: true)
            #expect(try PictureFile(data, name: "odd").orientation == .upright)
        }
    }

    @Test func `EXIF cut off or lying about its lengths is read within its bounds`() throws {
        let data = try [UInt8](file(.asymmetric(width: 8, height: 6), orientation: 6, bigEndian: false))
        for count in 0..<80 {
            // A copy of its own size, so that a read behind the end can be noticed.
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
