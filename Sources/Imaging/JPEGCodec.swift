import Basics
import CJPEG
import Foundation

/// JPEG files, over libjpeg-turbo.
struct JPEGCodec: PictureCodec {
    static let signature: [UInt8] = [0xFF, 0xD8]

    let width: Int
    let height: Int
    let orientation: Orientation
    private let data: Data
    private let name: String

    static func recognises(_ head: Data) -> Bool { head.starts(with: signature) }

    static func exif(of data: Data) -> EXIF { data.withUnsafeBytes { EXIF(ofJPEG: $0) } }

    init(_ data: Data, name: String) throws {
        var size = wb_jpeg_size()
        var error = wb_jpeg_error()
        let status = data.withUnsafeBytes { bytes in
            guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else { return Int32(WB_JPEG_TRUNCATED) }
            return wb_jpeg_read_size(start, bytes.count, &size, &error)
        }
        (width, height) = (Int(size.width), Int(size.height))
        self.name = name
        self.data = data
        orientation = Self.exif(of: data).orientation
        guard status == WB_JPEG_OK else { throw failure(status, error) }
    }

    /// At a reduced size the decoder transforms each block of 8 x 8 coefficients to fewer pixels. This is nearly the
    /// mean of the pixels, at much less work.
    func decoded(atLeast side: Int?) throws -> Raster { try decoded(atLeast: side, salvage: .off).raster }

    /// Decodes the picture; a missing end is an error, or filled with grey.
    ///
    /// - Returns: The picture, and the share of its rows that are missing.
    func decoded(atLeast side: Int?, salvage: Salvage) throws -> (raster: Raster, lost: Double) {
        let eighths = Self.eighths(shorterSide: min(width, height), atLeast: side)
        let reducedWidth = (width * eighths + 7) / 8
        let reducedHeight = (height * eighths + 7) / 8
        let size = 3 * reducedWidth * reducedHeight
        var lostRows: Int32 = 0
        let pixels = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            var error = wb_jpeg_error()
            let status = data.withUnsafeBytes { bytes in
                guard let source = bytes.bindMemory(to: UInt8.self).baseAddress, let target = buffer.baseAddress
                else { return Int32(WB_JPEG_TRUNCATED) }
                switch salvage {
                case .off: return wb_jpeg_decode(source, bytes.count, Int32(eighths), target, size, &error)
                case .grey:
                    return wb_jpeg_salvage(source, bytes.count, Int32(eighths), target, size, &lostRows, &error)
                }
            }
            guard status == WB_JPEG_OK else { throw failure(status, error) }
            count = size
        }
        let raster = Raster(width: reducedWidth, height: reducedHeight, pixels: pixels)
        return (raster, Double(lostRows) / Double(height))
    }

    /// The smallest of 1, 2, 4 and 8 eighths that keeps the shorter side at `side` or more.
    ///
    /// Only these have vector code in the library; the sizes in between cost more than they save.
    static func eighths(shorterSide: Int, atLeast side: Int?) -> Int {
        guard let side else { return 8 }
        return [1, 2, 4].first { (shorterSide * $0 + 7) / 8 >= side } ?? 8
    }

    private func failure(_ status: Int32, _ error: wb_jpeg_error) -> ImagingError {
        switch Int(status) {
        case WB_JPEG_TRUNCATED: .truncated(file: name)
        case WB_JPEG_UNSUPPORTED: .unsupported(file: name, kind: "JPEG", reason: error.text)
        case WB_JPEG_OUT_OF_MEMORY: .outOfMemory(file: name, width: width, height: height)
        default: .damaged(file: name, reason: error.text)
        }
    }
}

extension wb_jpeg_error {
    var text: String { withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } }
}

extension Raster {
    /// The picture encoded as a JPEG file without metadata.
    ///
    /// `quality` is 1 to 100; colour has full resolution from 90 and half below. `isHasty` encodes twice as fast at the
    /// cost of a file a few per cent larger.
    ///
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
