import Basics
import Catalog
import Figures
import Foundation
import Imaging

/// Reads photographs small, each once for a cell of some hundred.
final class Thumbnails {
    private let catalog: Catalog
    private var known: [String: Raster] = [:]
    /// The photographs that could not be read, in the order in which they were met.
    private(set) var unreadable: [String] = []

    /// So many are kept, some 100 kB each: a catalogue of thousands is read again rather than held.
    private static let capacity = 600
    /// Pixels of the shorter side at least, twice what a tile shows.
    private static let side = 160

    init(_ catalog: Catalog) { self.catalog = catalog }

    /// A tile with the photograph; without it where it cannot be read, which is noted.
    func tile(_ id: String, captions: [String], mark: PhotographTile.Mark = .none) -> PhotographTile {
        PhotographTile(id: id, picture: picture(id), captions: captions, mark: mark)
    }

    /// A tile with the photograph under a map.
    func tile(_ id: String, under map: HeatMap, fit: Fit, captions: [String]) -> PhotographTile {
        PhotographTile(id: id, picture: picture(id)?.covered(by: map, fit: fit), captions: captions)
    }

    private func picture(_ id: String) -> Raster? {
        if let raster = known[id] { return raster }
        guard let photograph = catalog[id],
            let raster = try? Raster.decoding(catalog.file(of: photograph), atLeast: Self.side)
        else {
            if !unreadable.contains(id) { unreadable.append(id) }
            return nil
        }
        let scale = Double(Self.side) / Double(min(raster.width, raster.height))
        let small =
            scale < 1
            ? raster.resized(
                width: max(1, Int((Double(raster.width) * scale).rounded())),
                height: max(1, Int((Double(raster.height) * scale).rounded()))) : raster
        if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
        known[id] = small
        return small
    }

    /// What a reader must know of photographs that are not shown, or nil.
    var note: String? {
        guard !unreadable.isEmpty else { return nil }
        let names = unreadable.prefix(5).joined(separator: ", ") + (unreadable.count > 5 ? ", …" : "")
        let count = NumberText.counted(unreadable.count, "photograph", "photographs")
        return "\(count) cannot be read and \(unreadable.count == 1 ? "is" : "are") left blank: \(names)."
    }
}
