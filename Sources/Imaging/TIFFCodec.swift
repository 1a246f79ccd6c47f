import CTIFF
import Foundation

/// TIFF files with at most 8 bits per sample, over libtiff: the first page.
struct TIFFCodec: PictureCodec {
    let width: Int
    let height: Int
    let orientation: Orientation
    private let hasPlainAlpha: Bool
    private let data: Data
    private let name: String

    /// A file that begins like TIFF, except Canon's raw files, which have their own mark.
    static func recognises(_ head: Data) -> Bool {
        // '+' marks BigTIFF.
        let isTIFF = ["II*\0", "MM\0*", "II+\0", "MM\0+"].contains { head.starts(with: Array($0.utf8)) }
        return isTIFF && !head.dropFirst(8).starts(with: Array("CR".utf8))
    }

    static func exif(of data: Data) -> EXIF { data.withUnsafeBytes { EXIF(ofTIFF: $0) } }

    init(_ data: Data, name: String) throws {
        var header = wb_tiff_header()
        var error = wb_tiff_error()
        let status = data.withUnsafeBytes { bytes in
            guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else { return Int32(WB_TIFF_TRUNCATED) }
            return wb_tiff_read_header(start, bytes.count, &header, &error)
        }
        (width, height) = (Int(header.width), Int(header.height))
        hasPlainAlpha = header.has_plain_alpha != 0
        self.name = name
        self.data = data
        orientation = Orientation(rawValue: Int(header.orientation)) ?? .upright
        guard status == WB_TIFF_OK else { throw failure(status, error) }
    }

    func decoded(atLeast side: Int?) throws -> Raster {
        let area = width * height
        let pixels = try [UInt8](unsafeUninitializedCapacity: 4 * area) { buffer, count in
            var error = wb_tiff_error()
            let status = data.withUnsafeBytes { bytes in
                guard let source = bytes.bindMemory(to: UInt8.self).baseAddress, let target = buffer.baseAddress
                else { return Int32(WB_TIFF_TRUNCATED) }
                return wb_tiff_decode(source, bytes.count, target, 4 * area, &error)
            }
            guard status == WB_TIFF_OK else { throw failure(status, error) }
            if hasPlainAlpha { buffer.layOverBlack(area: area) } else { buffer.removeAlpha(area: area) }
            count = 3 * area
        }
        return Raster(width: width, height: height, pixels: pixels)
    }

    private func failure(_ status: Int32, _ error: wb_tiff_error) -> ImagingError {
        switch Int(status) {
        case WB_TIFF_TRUNCATED: .truncated(file: name)
        case WB_TIFF_UNSUPPORTED: .unsupported(file: name, kind: "TIFF", reason: error.text)
        case WB_TIFF_OUT_OF_MEMORY: .outOfMemory(file: name, width: width, height: height)
        default: .damaged(file: name, reason: error.text)
        }
    }
}

extension wb_tiff_error {
    fileprivate var text: String {
        withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
