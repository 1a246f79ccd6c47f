import Basics
import Catalog
import Digests
import Foundation
import Imaging

/// Finds photographs that are already in a catalogue: the same file byte for byte, or nearly the same picture.
struct CataloguedFiles {
    /// The photographs of the catalogue by file size, because only files of equal size can be the same.
    private let bySize: [Int: [Photograph]]
    private let catalog: Catalog
    private let hashes: [(id: String, hash: UInt64)]

    /// The number of near photographs that are named.
    private static let shown = 5
    /// The hash of a picture sets half of its 64 bits; one of an even surface sets few, and resembles any other.
    private static let meaningfulBits = 24...40

    /// Reads the sizes of the catalogue's files; missing files match nothing. The hashes are perceptual, by the id of the
    /// photograph.
    init(_ catalog: Catalog, hashes: [String: UInt64]) {
        self.catalog = catalog
        let sized = catalog.photographs.compactMap { photograph in
            Self.size(of: catalog.file(of: photograph).url).map { (size: $0, photograph: photograph) }
        }
        bySize = Dictionary(grouping: sized, by: \.size).mapValues { $0.map(\.photograph) }
        self.hashes = catalog.photographs.compactMap { photograph in
            hashes[photograph.id].map { (photograph.id, $0) }
        }
    }

    /// The photographs of the catalogue with the same file, in its order.
    ///
    /// - Throws: ``FileError`` for a file that cannot be read.
    func same(as url: URL) throws -> [Photograph] {
        guard let size = Self.size(of: url), let alike = bySize[size] else { return [] }
        let digest = try Digest.ofContents(of: url.path)
        return try alike.filter { photograph in
            try FileError.attempt { try Digest.ofContents(of: catalog.file(of: photograph).url.path) } == digest
        }
    }

    /// The ids of the photographs of the catalogue with nearly the same picture, such as a smaller copy, the nearest
    /// first.
    ///
    /// The catalogue's hashes are of the boxes, so a whole picture is not found if its catalogued photograph has a box.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    func near(_ url: URL) throws -> [String] {
        guard !hashes.isEmpty,
            let hash = try FileError.attempt({
                try PhotographMeasures(of: PhotographFile(id: url.path, url: url)).perceptualHash
            }), Self.meaningfulBits.contains(hash.nonzeroBitCount)
        else { return [] }
        let near = hashes.map { (id: $0.id, distance: ($0.hash ^ hash).nonzeroBitCount) }
            .filter { $0.distance <= Duplicates.limit }
        return near.sorted { ($0.distance, $0.id) < ($1.distance, $1.id) }.prefix(Self.shown).map(\.id)
    }

    private static func size(of url: URL) -> Int? {
        try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey]).fileSize
    }
}
