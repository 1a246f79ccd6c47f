import Foundation

/// The kind that a file of the wrong kind seems to be.
public struct FileKind: Sendable, Equatable {
    /// With its article, such as `a PDF document`.
    public let name: String
    /// How to get the right file; nil if that depends on its use.
    public let remedy: String?

    init(_ name: String, _ remedy: String? = nil) {
        self.name = name
        self.remedy = remedy
    }

    /// The kind according to the first bytes; nil for an unknown one.
    public init?(of data: Data) {
        let start = [UInt8](data.prefix(Self.read))
        let found = start.isEmpty ? FileKind("an empty file") : Self.archive(start) ?? Self.text(start)
        guard let kind = found ?? Self.signature(start) else { return nil }
        self = kind
    }

    /// The number of bytes that are read.
    private static let read = 1024

    private static let conversion = """
        Convert it to safetensors in Python: safetensors.torch.save_file(torch.load(PATH, map_location='cpu', \
        weights_only=True), 'weights.safetensors').
        """

    private static func signature(_ start: [UInt8]) -> FileKind? {
        let signatures: [(offset: Int, bytes: [UInt8], name: String)] = [
            (0, Array("GIF8".utf8), "a GIF picture"),
            (0, Array("BM".utf8), "a BMP picture"),
            (0, Array("II*\0".utf8), "a camera's raw file"),
            (4, Array("ftypavif".utf8), "an AVIF picture"),
            (4, Array("ftyp".utf8), "a video"),
            (0, Array("%PDF".utf8), "a PDF document"),
            (0, [0x89] + Array("HDF".utf8), "an HDF5 file"),
            (0, [0x93] + Array("NUMPY".utf8), "a NumPy array (.npy)"),
            (0, [0x1F, 0x8B], "a gzip archive"),
        ]
        if let known = signatures.first(where: { start.dropFirst($0.offset).starts(with: $0.bytes) }) {
            return FileKind(known.name)
        }
        // The protocol's number and an instruction.
        let isPickle = start.count > 2 && start[0] == 0x80 && (2...5).contains(start[1]) && start[2] != 0
        return isPickle ? FileKind("a Python pickle, such as PyTorch's older .pth files", conversion) : nil
    }

    /// A ZIP archive by the names in it.
    private static func archive(_ start: [UInt8]) -> FileKind? {
        guard start.starts(with: Array("PK".utf8)) else { return nil }
        let text = String(decoding: start, as: UTF8.self)
        if text.contains("data.pkl") { return FileKind("a PyTorch checkpoint (.pth, .pt, .bin)", conversion) }
        if text.contains(".npy") {
            return FileKind(
                "an archive of NumPy arrays (.npz)", "Save one array: numpy.save(path, numpy.load(file)['NAME']).")
        }
        return FileKind("a ZIP archive", "Unpack it.")
    }

    private static func text(_ start: [UInt8]) -> FileKind? {
        let text = String(decoding: start, as: UTF8.self)
        if text.hasPrefix("version https://git-lfs") {
            return FileKind(
                "a Git LFS pointer whose contents were not fetched", "Run 'git lfs pull' in its repository.")
        }
        let trimmed = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        guard trimmed.first == "<", trimmed.dropFirst().first.map({ $0.isLetter || "!?".contains($0) }) == true else {
            return nil
        }
        return FileKind(
            "a web page or XML",
            "Download the file itself: the server sent a page, perhaps to sign in or to accept terms.")
    }
}
