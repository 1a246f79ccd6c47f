import CHEIF
import Foundation

/// HEIC files, over libheif: the primary picture.
///
/// The format turns and crops a picture by properties of its own, which libheif applies. They replace EXIF's
/// orientation, so a picture as stored is the picture as displayed.
///
/// A file that ends early is an error. But libheif 1.15 does not report damage within the coded picture: what its
/// decoder leaves out then has undefined levels.
///
/// Source: ISO/IEC 23008-12, section 6.5 (transformative properties) and annex A.
struct HEICCodec: PictureCodec {
    let width: Int
    let height: Int
    let orientation = Orientation.upright
    private let hasAlpha: Bool
    private let data: Data
    private let name: String

    private static let brands: Set<String> = ["heic", "heix", "heim", "heis", "mif1", "msf1", "hevc", "hevx"]

    static func recognises(_ head: Data) -> Bool {
        let brand = String(decoding: head.dropFirst(8).prefix(4), as: UTF8.self)
        return head.dropFirst(4).starts(with: Array("ftyp".utf8)) && brands.contains(brand)
    }

    static func exif(of data: Data) -> EXIF {
        let block = try? withPicture(in: data, name: "", largestSide: PictureFile.longestSide) { $0.exif }
        return (block ?? Data()).withUnsafeBytes { EXIF(ofTIFF: $0) }
    }

    init(_ data: Data, name: String) throws {
        let largest = PictureFile.longestSide
        (width, height, hasAlpha) = try Self.withPicture(in: data, name: name, largestSide: largest) { picture in
            // Before a property crops it, the coded picture can be larger.
            let coded = picture.codedSides
            guard max(coded.width, coded.height) <= largest,
                coded.width * coded.height <= PictureFile.largestPixelCount
            else {
                throw ImagingError.tooLarge(
                    file: name, width: coded.width, height: coded.height, limit: PictureFile.largestPixelCount)
            }
            return (picture.sides.width, picture.sides.height, picture.hasAlpha)
        }
        guard width > 0, height > 0 else { throw ImagingError.damaged(file: name, reason: "it has no width or height") }
        self.name = name
        self.data = data
    }

    func decoded(atLeast side: Int?) throws -> Raster {
        // A grid of pictures gives its own sides, which need not be those of the header.
        try Self.withPicture(in: data, name: name, largestSide: nil) { picture in
            try picture.decoded(width: width, height: height, hasAlpha: hasAlpha)
        }
    }

    /// Calls `body` with the primary picture. `largestSide` is the longest side that libheif may decode; nil for that
    /// of the picture itself.
    private static func withPicture<Result>(
        in data: Data, name: String, largestSide: Int?, _ body: (HEICPicture) throws -> Result
    ) throws -> Result {
        try data.withUnsafeBytes { bytes in
            try body(HEICPicture(bytes, name: name, largestSide: largestSide))
        }
    }
}

/// A primary picture and its context in libheif; valid while the bytes are.
private final class HEICPicture {
    private let name: String
    private let heif: wb_heif
    private let context: OpaquePointer
    private let handle: OpaquePointer

    init(_ bytes: UnsafeRawBufferPointer, name: String, largestSide: Int?) throws {
        self.name = name
        let heif = try Self.library.get { ImagingError.unsupported(file: name, kind: "HEIC", reason: $0) }
        self.heif = heif
        guard let context = heif.context_alloc() else {
            throw ImagingError.outOfMemory(file: name, width: 0, height: 0)
        }
        // Callers decode several photographs at a time.
        heif.context_set_max_decoding_threads(context, 0)
        var handle: OpaquePointer?
        do {
            try Self.check(
                heif.context_read_from_memory_without_copy(context, bytes.baseAddress, bytes.count, nil), name)
            try Self.check(heif.context_get_primary_image_handle(context, &handle), name)
        } catch {
            heif.context_free(context)
            throw error
        }
        guard let handle else {
            heif.context_free(context)
            throw ImagingError.damaged(file: name, reason: "it has no primary picture")
        }
        (self.context, self.handle) = (context, handle)
        let coded = codedSides
        heif.context_set_maximum_image_size_limit(
            context, Int32(clamping: largestSide ?? max(coded.width, coded.height, Self.blockSide)))
    }

    deinit {
        heif.image_handle_release(handle)
        heif.context_free(context)
    }

    /// libheif, loaded once.
    private static let library = Library()

    private struct Library: Sendable {
        private let functions: wb_heif?
        private let reason: String

        init() {
            let functions = UnsafeMutablePointer<wb_heif>.allocate(capacity: 1)
            defer { functions.deallocate() }
            let failure = wb_heif_load(functions)
            self.functions = failure == nil ? functions.pointee : nil
            reason =
                failure.map { "\(String(cString: $0)). Install libheif (on Debian: apt-get install libheif1)" } ?? ""
        }

        /// The functions; `error` makes the error from the reason for which there are none.
        func get(_ error: (_ reason: String) -> ImagingError) throws(ImagingError) -> wb_heif {
            guard let functions else { throw error(reason) }
            return functions
        }
    }

    /// The coder fills up to whole blocks.
    private static let blockSide = 64

    var sides: (width: Int, height: Int) {
        (Int(heif.image_handle_get_width(handle)), Int(heif.image_handle_get_height(handle)))
    }

    var codedSides: (width: Int, height: Int) {
        (Int(heif.image_handle_get_ispe_width(handle)), Int(heif.image_handle_get_ispe_height(handle)))
    }

    var hasAlpha: Bool { heif.image_handle_has_alpha_channel(handle) != 0 }

    /// The TIFF structure of the picture's EXIF; nil if there is none.
    var exif: Data? {
        var id: heif_item_id = 0
        guard heif.image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) == 1 else { return nil }
        let size = heif.image_handle_get_metadata_size(handle, id)
        guard size > 4, size <= Self.largestEXIF else { return nil }
        var block = Data(count: size)
        let result = block.withUnsafeMutableBytes { heif.image_handle_get_metadata(handle, id, $0.baseAddress) }
        guard result.code == heif_error_Ok else { return nil }
        // The block begins with the distance from its fifth byte to the structure.
        let distance = block.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return distance <= block.count - 4 ? Data(block.dropFirst(4 + distance)) : nil
    }

    private static let largestEXIF = 1 << 20

    func decoded(width: Int, height: Int, hasAlpha: Bool) throws -> Raster {
        guard let options = heif.decoding_options_alloc() else {
            throw ImagingError.outOfMemory(file: name, width: width, height: height)
        }
        defer { heif.decoding_options_free(options) }
        options.pointee.convert_hdr_to_8bit = 1
        options.pointee.strict_decoding = 1
        var image: OpaquePointer?
        let chroma = hasAlpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB
        try Self.check(heif.decode_image(handle, &image, heif_colorspace_RGB, chroma, options), name)
        defer { heif.image_release(image) }
        var stride: Int32 = 0
        guard let plane = heif.image_get_plane_readonly(image, heif_channel_interleaved, &stride),
            heif.image_get_width(image, heif_channel_interleaved) == width,
            heif.image_get_height(image, heif_channel_interleaved) == height
        else { throw ImagingError.damaged(file: name, reason: "its pixels are not those of its header") }
        let channels = hasAlpha ? 4 : 3
        let area = width * height
        let isMultiplied = heif.image_handle_is_premultiplied_alpha(handle) != 0
        let pixels = [UInt8](unsafeUninitializedCapacity: channels * area) { buffer, count in
            for row in 0..<height {
                let line = UnsafeBufferPointer(start: plane + row * Int(stride), count: channels * width)
                _ = buffer[(row * channels * width)...].update(fromContentsOf: line)
            }
            if hasAlpha, isMultiplied {
                buffer.removeAlpha(area: area)
            } else if hasAlpha {
                buffer.layOverBlack(area: area)
            }
            count = 3 * area
        }
        return Raster(width: width, height: height, pixels: pixels)
    }

    /// A file cut before its description lacks a box.
    private static let endsEarly = [heif_suberror_End_of_data, heif_suberror_No_ftyp_box, heif_suberror_No_meta_box]

    private static func check(_ error: heif_error, _ name: String) throws {
        let reason = error.message.map { String(cString: $0) } ?? "libheif gives no reason"
        switch error.code {
        case heif_error_Ok: return
        case heif_error_Memory_allocation_error where error.subcode != heif_suberror_Security_limit_exceeded:
            throw ImagingError.outOfMemory(file: name, width: 0, height: 0)
        case heif_error_Unsupported_filetype, heif_error_Unsupported_feature:
            throw ImagingError.unsupported(file: name, kind: "HEIC", reason: reason)
        default:
            throw endsEarly.contains(error.subcode)
                ? ImagingError.truncated(file: name) : ImagingError.damaged(file: name, reason: reason)
        }
    }
}
