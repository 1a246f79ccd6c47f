import CPNG
import Foundation

extension Raster {
    /// The picture as a PNG file's bytes, without any metadata: the same at every call.
    ///
    /// - Throws: ``ImagingError/notEncoded(width:height:reason:)`` where memory runs out.
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
