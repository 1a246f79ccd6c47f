import Foundation

/// Says in words what a file that should have been a picture is instead.
enum FileKind {
    static func name(of data: Data) -> String {
        let start = [UInt8](data.prefix(16))
        let signatures: [(offset: Int, bytes: [UInt8], name: String)] = [
            (0, Array("GIF8".utf8), "a GIF picture"),
            (0, Array("BM".utf8), "a BMP picture"),
            (0, Array("II*\0".utf8), "a TIFF picture or a camera's raw file"),
            (0, Array("MM\0*".utf8), "a TIFF picture or a camera's raw file"),
            (8, Array("WEBP".utf8), "a WebP picture"),
            (4, Array("ftyphei".utf8), "a HEIC picture"),
            (4, Array("ftypmif".utf8), "a HEIF picture"),
            (4, Array("ftypavif".utf8), "an AVIF picture"),
            (4, Array("ftyp".utf8), "a video"),
            (0, Array("%PDF".utf8), "a PDF document"),
            (0, Array("PK".utf8), "a ZIP archive"),
            (0, Array("<".utf8), "a web page or XML"),
            (0, Array("version https://git-lfs".utf8.prefix(16)), "a Git LFS pointer whose picture was not fetched"),
        ]
        if start.isEmpty { return "an empty file" }
        return signatures.first { start.dropFirst($0.offset).starts(with: $0.bytes) }?.name ?? "something else"
    }
}
