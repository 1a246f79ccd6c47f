import Basics
import Catalog
import Digests
import Foundation

/// Finds photographs whose file, byte for byte, a catalogue has already.
struct CataloguedFiles {
    /// The photographs of the catalogue by the size of their file, since only files of one size can be the same.
    private let bySize: [Int: [Photograph]]
    private let catalog: Catalog

    /// Looks at the sizes of the catalogue's files; one that is not there is the same as none.
    init(_ catalog: Catalog) {
        self.catalog = catalog
        let sized = catalog.photographs.compactMap { photograph in
            Self.size(of: catalog.file(of: photograph).url).map { (size: $0, photograph: photograph) }
        }
        bySize = Dictionary(grouping: sized, by: \.size).mapValues { $0.map(\.photograph) }
    }

    /// The photographs of the catalogue that are the same file, in its order.
    ///
    /// - Throws: ``FileError`` for a file that cannot be read.
    func same(as url: URL) throws -> [Photograph] {
        guard let size = Self.size(of: url), let alike = bySize[size] else { return [] }
        let digest = try Digest.ofContents(of: url.path)
        return try alike.filter { photograph in
            try FileError.attempt { try Digest.ofContents(of: catalog.file(of: photograph).url.path) } == digest
        }
    }

    private static func size(of url: URL) -> Int? {
        try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey]).fileSize
    }
}
