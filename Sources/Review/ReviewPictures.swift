import Basics
import Foundation
import Imaging
import Synchronization

/// Pictures of photographs in the size of the page, made on request; memory is bounded.
final class ReviewPictures: Sendable {
    /// The size of a picture: its longer side in pixels.
    enum Size: Int, CaseIterable {
        case strip = 220
        case page = 1400
        case zoomed = 4000
    }

    private struct Key: Hashable {
        let position: Int
        let size: Int
        let isWhole: Bool
    }

    private struct State {
        var pictures: [Key: (data: Data, used: Int)] = [:]
        var bytes = 0
        var clock = 0
    }

    private let photographs: ReviewPhotographs
    /// Bytes of encoded pictures that are kept.
    private let capacity: Int
    /// Limits the photographs that are decoded at a time, each up to some hundred megabytes.
    private let decoders = DispatchSemaphore(value: 2)
    private let state = Mutex(State())

    private static let quality = 85

    init(_ photographs: ReviewPhotographs, capacity: Int = 64 << 20) {
        self.photographs = photographs
        self.capacity = capacity
    }

    /// Bytes that are kept.
    var keptBytes: Int { state.withLock(\.bytes) }

    /// A photograph as JPEG, without the metadata of its file: cropped to the animal, or all of it.
    ///
    /// - Throws: ``FileError``, ``ImagingError``.
    func picture(_ position: Int, _ size: Size, isWhole: Bool) throws -> Data {
        let key = Key(position: position, size: size.rawValue, isWhole: isWhole)
        if let known = known(key) { return known }
        decoders.wait()
        defer { decoders.signal() }
        // Another request may have made it meanwhile.
        if let known = known(key) { return known }
        let data = try made(key)
        keep(data, key)
        return data
    }

    private func known(_ key: Key) -> Data? {
        state.withLock { state in
            state.clock += 1
            state.pictures[key]?.used = state.clock
            return state.pictures[key]?.data
        }
    }

    private func keep(_ data: Data, _ key: Key) {
        state.withLock { state in
            state.clock += 1
            state.pictures[key] = (data, state.clock)
            state.bytes += data.count
            while state.bytes > capacity, state.pictures.count > 1,
                let oldest = state.pictures.min(by: { $0.value.used < $1.value.used })
            {
                state.bytes -= oldest.value.data.count
                state.pictures[oldest.key] = nil
            }
        }
    }

    private func made(_ key: Key) throws -> Data {
        let file = photographs.all[key.position].file
        let shown = key.isWhole ? PhotographFile(id: file.id, url: file.url, salvage: file.salvage) : file
        let raster = try Raster.decoding(shown, atLeast: key.size)
        let scale = Double(key.size) / Double(max(raster.width, raster.height))
        let small =
            scale < 1
            ? raster.resized(
                width: max(1, Int((Double(raster.width) * scale).rounded())),
                height: max(1, Int((Double(raster.height) * scale).rounded()))) : raster
        return try small.jpeg(quality: Self.quality)
    }
}
