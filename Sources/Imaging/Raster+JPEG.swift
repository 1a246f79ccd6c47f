import CJPEG
import Foundation

extension Raster {
    /// The picture as a JPEG file's bytes, without any metadata.
    ///
    /// - Parameters:
    ///   - quality: 1 to 100; colour has full resolution from 90 on and half below.
    ///   - isHasty: Whether to leave the file a few per cent larger than it could be, which is twice as fast.
    /// - Throws: ``ImagingError/notEncoded(width:height:reason:)`` for a side above 65500 pixels.
    public func jpeg(quality: Int, isHasty: Bool = false) throws -> Data {
        precondition((1...100).contains(quality), "JPEG quality lies within 1 to 100, not \(quality)")
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        var error = wb_jpeg_error()
        let size = wb_jpeg_size(width: Int32(clamping: width), height: Int32(clamping: height))
        let status = pixels.withUnsafeBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return Int32(WB_JPEG_DAMAGED) }
            return wb_jpeg_encode(start, size, Int32(quality), isHasty ? 1 : 0, &bytes, &count, &error)
        }
        guard status == WB_JPEG_OK, let bytes else {
            throw ImagingError.notEncoded(width: width, height: height, reason: error.text)
        }
        defer { wb_jpeg_free(bytes) }
        return Data(bytes: bytes, count: count)
    }
}
