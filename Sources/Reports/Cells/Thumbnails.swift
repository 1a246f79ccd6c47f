import Basics
import Catalog
import Figures
import Foundation
import Imaging
import Synchronization

/// Reads photographs in the size of their tiles and keeps some for a cell; figures drawn at the same time share them.
final class Thumbnails: Sendable {
    private let catalog: Catalog
    private let state = Mutex(State())

    private struct Key: Hashable {
        let id: String
        let painted: PaintedPart?
    }

    private struct State {
        var known: [Key: Raster] = [:]
        var unreadable: Set<String> = []
    }

    /// The minimum length of the shorter side in pixels.
    private let side: Int
    /// All take about 60 MB: a catalogue of thousands is read again rather than kept.
    private let capacity: Int

    /// Photographs of a catalogue, whose shorter side has at least `side` pixels if the file has as many; by default
    /// twice what a tile shows.
    init(_ catalog: Catalog, side: Int = 280) {
        self.catalog = catalog
        self.side = side
        capacity = max(1, 600 * 160 * 160 / (side * side))
    }

    /// A tile with the photograph, of which a part can be painted over; blank, with a note, if it cannot be read.
    func tile(
        _ id: String, painted: PaintedPart? = nil, captions: [String], mark: PhotographTile.Mark = .none
    ) -> PhotographTile {
        PhotographTile(id: id, picture: picture(id, painted), captions: captions, mark: mark, pose: pose(id))
    }

    /// A tile with the photograph under a heat map.
    func tile(_ id: String, under map: HeatMap, framing: Framing, captions: [String]) -> PhotographTile {
        PhotographTile(
            id: id, picture: picture(id)?.covered(by: map, framing: framing), captions: captions, pose: pose(id))
    }

    private func pose(_ id: String) -> AnimalPose { catalog[id]?.pose ?? AnimalPose() }

    private func picture(_ id: String, _ painted: PaintedPart? = nil) -> Raster? {
        let key = Key(id: id, painted: painted)
        if let raster = state.withLock({ $0.known[key] }) { return raster }
        // Outside the lock: reading one photograph twice costs less than making one figure wait for another.
        let small = read(key)
        state.withLock { state in
            guard let small else {
                state.unreadable.insert(id)
                return
            }
            if state.known.count >= capacity { state.known.removeAll(keepingCapacity: true) }
            state.known[key] = small
        }
        return small
    }

    private func read(_ key: Key) -> Raster? {
        guard let file = catalog[key.id].map(catalog.file) else { return nil }
        return try? Raster.reduced(key.painted.map { file.painted($0) } ?? file, to: side)
    }

    /// A photograph's id, with its date if that is known.
    func identification(of id: String) -> String {
        ([id] + [catalog[id]?.date].compactMap(\.self)).joined(separator: ", ")
    }

    /// A note on the photographs that could not be read, or nil.
    var note: String? {
        let unreadable = state.withLock(\.unreadable).sorted()
        guard !unreadable.isEmpty else { return nil }
        let names = unreadable.listed(5)
        let count = NumberText.counted(unreadable.count, "photograph", "photographs")
        return "\(count) cannot be read and \(unreadable.count == 1 ? "is" : "are") left blank: \(names)."
    }
}

extension Raster {
    /// The used part of a photograph, upright, reduced to `side` pixels along its shorter side if it has more.
    ///
    /// - Throws: ``FileError`` for a missing file, else `ImagingError`.
    static func reduced(_ photograph: PhotographFile, to side: Int) throws -> Raster {
        let raster = try decoding(photograph, atLeast: side)
        let scale = Double(side) / Double(min(raster.width, raster.height))
        guard scale < 1 else { return raster }
        return raster.resized(
            width: max(1, Int((Double(raster.width) * scale).rounded())),
            height: max(1, Int((Double(raster.height) * scale).rounded())))
    }
}
