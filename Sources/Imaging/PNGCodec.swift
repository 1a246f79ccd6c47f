import CPNG
import Foundation

/// PNG files, over libpng.
struct PNGCodec: PictureCodec {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47]

    let width: Int
    let height: Int
    let orientation: Orientation
    private let hasAlpha: Bool
    private let data: Data
    private let name: String

    static func recognises(_ head: Data) -> Bool { head.starts(with: signature) }

    static func exif(of data: Data) -> EXIF { data.withUnsafeBytes { EXIF(ofPNG: $0) } }

    init(_ data: Data, name: String) throws {
        var header = wb_png_header()
        var error = wb_png_error()
        let status = data.withUnsafeBytes { bytes in
            guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else { return Int32(WB_PNG_TRUNCATED) }
            return wb_png_read_header(start, bytes.count, &header, &error)
        }
        (width, height) = (Int(header.width), Int(header.height))
        hasAlpha = header.channels == 4
        self.name = name
        self.data = data
        orientation = Self.exif(of: data).orientation
        guard status == WB_PNG_OK else { throw failure(status, error) }
    }

    /// Decodes every pixel, because the format has no reduced sizes.
    func decoded(atLeast side: Int?) throws -> Raster {
        let area = width * height
        let size = (hasAlpha ? 4 : 3) * area
        let pixels = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            var error = wb_png_error()
            let status = data.withUnsafeBytes { bytes in
                guard let source = bytes.bindMemory(to: UInt8.self).baseAddress, let target = buffer.baseAddress
                else { return Int32(WB_PNG_TRUNCATED) }
                return wb_png_decode(source, bytes.count, target, size, &error)
            }
            guard status == WB_PNG_OK else { throw failure(status, error) }
            if hasAlpha { buffer.layOverBlack(area: area) }
            count = 3 * area
        }
        return Raster(width: width, height: height, pixels: pixels)
    }

    private func failure(_ status: Int32, _ error: wb_png_error) -> ImagingError {
        switch Int(status) {
        case WB_PNG_TRUNCATED: .truncated(file: name)
        case WB_PNG_OUT_OF_MEMORY: .outOfMemory(file: name, width: width, height: height)
        default: .damaged(file: name, reason: error.text)
        }
    }
}

extension wb_png_error {
    var text: String {
        withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension Raster {
    /// The picture encoded as a PNG file without metadata; the bytes are the same at every call.
    ///
    /// - Throws: ``ImagingError/notEncoded(width:height:reason:)`` if memory runs out.
    public func png() throws -> Data {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        var error = wb_png_error()
        let status = pixels.withUnsafeBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return Int32(WB_PNG_DAMAGED) }
            return wb_png_encode(start, Int32(clamping: width), Int32(clamping: height), &bytes, &count, &error)
        }
        guard status == WB_PNG_OK, let bytes else {
            throw ImagingError.notEncoded(width: width, height: height, reason: error.text)
        }
        defer { wb_png_free(bytes) }
        return Data(bytes: bytes, count: count)
    }
}
