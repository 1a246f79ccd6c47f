import Foundation

extension Data {
    /// This JPEG file with an EXIF segment that holds only an orientation.
    func withOrientation(_ orientation: UInt8) -> Data {
        let tiff: [UInt8] =
            Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0] + [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
            + [0, 0, 0, 0]
        let body = Array("Exif\0\0".utf8) + tiff
        return prefix(2) + Data([0xFF, 0xE1, 0, UInt8(body.count + 2)] + body) + dropFirst(2)
    }
}
