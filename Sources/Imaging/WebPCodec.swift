import CWebP
import Foundation

/// WebP files, lossy or lossless, over libwebp.
struct WebPCodec: PictureCodec {
    let width: Int
    let height: Int
    let orientation: Orientation
    private let hasAlpha: Bool
    private let data: Data
    private let name: String

    static func recognises(_ head: Data) -> Bool {
        head.starts(with: Array("RIFF".utf8)) && head.dropFirst(8).starts(with: Array("WEBP".utf8))
    }

    static func exif(of data: Data) -> EXIF { data.withUnsafeBytes { EXIF(ofWebP: $0) } }

    init(_ data: Data, name: String) throws {
        var features = WebPBitstreamFeatures()
        let status = data.withUnsafeBytes { bytes in
            WebPGetFeatures(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &features)
        }
        (width, height) = (Int(features.width), Int(features.height))
        hasAlpha = features.has_alpha != 0
        self.name = name
        self.data = data
        orientation = Self.exif(of: data).orientation
        guard status == VP8_STATUS_OK else { throw failure(status) }
        guard features.has_animation == 0 else {
            throw ImagingError.unsupported(file: name, kind: "WebP", reason: "it is an animation")
        }
    }

    func decoded(atLeast side: Int?) throws -> Raster {
        let area = width * height
        let channels = hasAlpha ? 4 : 3
        let pixels = try [UInt8](unsafeUninitializedCapacity: channels * area) { buffer, count in
            var settings = WebPDecoderConfig()
            // Fails only for another version of the library than the headers'.
            guard WebPInitDecoderConfig(&settings) != 0 else { throw failure(VP8_STATUS_INVALID_PARAM) }
            settings.output.colorspace = hasAlpha ? MODE_RGBA : MODE_RGB
            settings.output.is_external_memory = 1
            settings.output.u.RGBA.rgba = buffer.baseAddress
            settings.output.u.RGBA.stride = Int32(channels * width)
            settings.output.u.RGBA.size = channels * area
            let status = data.withUnsafeBytes { bytes in
                WebPDecode(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &settings)
            }
            guard status == VP8_STATUS_OK else { throw failure(status) }
            if hasAlpha { buffer.layOverBlack(area: area) }
            count = 3 * area
        }
        return Raster(width: width, height: height, pixels: pixels)
    }

    private func failure(_ status: VP8StatusCode) -> ImagingError {
        switch status {
        case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED: .truncated(file: name)
        case VP8_STATUS_OUT_OF_MEMORY: .outOfMemory(file: name, width: width, height: height)
        case VP8_STATUS_UNSUPPORTED_FEATURE:
            .unsupported(file: name, kind: "WebP", reason: "libwebp does not know one of its features")
        default: .damaged(file: name, reason: "libwebp finds the data invalid")
        }
    }
}
