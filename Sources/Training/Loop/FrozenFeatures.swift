import Basics
import Imaging
import Networks
import Torch

/// The features of photographs after a frozen backbone, computed once and kept in memory.
///
/// A row holds what comes before the first layer that trains; see ``EmbeddingNetwork/FrozenPart``. Pooled features of
/// 5,902 photographs with 1,280 numbers take 30 MB, maps of 7 × 7 of them 1.5 GB.
final class FrozenFeatures {
    /// The most memory that is used, bytes.
    static let limit = 2 << 30

    /// One part of every row: all its numbers, row by row.
    private struct Column {
        /// Without the batch's dimension.
        let shape: [Int]
        var values: [Float] = []
        var width: Int { shape.reduce(1, *) }
    }

    /// The photographs of which there are features.
    let photographs: [PhotographFile]
    private let hasMirrorImages: Bool
    private let device: Device
    private var columns: [Column] = []

    /// The size of the batches in which the backbone computes features.
    private static let batchSize = 32

    /// The features take more memory than the limit.
    struct TooLarge: Error {
        let bytes: Double
    }

    /// Computes the features of photographs and, with `mirrored`, of their mirror images.
    ///
    /// - Parameters:
    ///   - photographs: The photographs.
    ///   - loader: Makes their pictures.
    ///   - preparation: How photographs become pictures; it mirrors none.
    ///   - mirrored: Whether there is a second row of each photograph: its mirror image.
    ///   - limit: The most memory, bytes.
    ///   - device: Where the backbone computes.
    ///   - progress: Receives the number of photographs done.
    ///   - compute: The parts of the rows of a batch `[N, 3, S, S]`, each `[N, ...]`.
    /// - Throws: ``TooLarge``, after the first batch; errors of loading and libtorch.
    init(
        of photographs: [PhotographFile], loader: PhotographLoader, preparation: Preparation, mirrored: Bool,
        limit: Int = FrozenFeatures.limit, on device: Device, progress: (_ done: Int) -> Void,
        compute: (Tensor) throws -> [Tensor]
    ) throws {
        self.photographs = photographs
        hasMirrorImages = mirrored
        self.device = device
        let rows = photographs.count * (mirrored ? 2 : 1)
        let batches = loader.batches(of: photographs, batchSize: Self.batchSize, preparation: preparation)
        while let batch = try batches.next() {
            let pixels = try batch.tensor(on: device)
            for image in mirrored ? [pixels, try pixels.mirrored().channelsLast()] : [pixels] {
                let parts = try compute(image)
                if columns.isEmpty {
                    columns = parts.map { Column(shape: Array($0.shape.dropFirst())) }
                    let bytes = 4 * rows * columns.reduce(0) { $0 + $1.width }
                    guard bytes <= limit else { throw TooLarge(bytes: Double(bytes)) }
                    for place in columns.indices { columns[place].values.reserveCapacity(rows * columns[place].width) }
                }
                for (place, part) in parts.enumerated() { columns[place].values += try part.floats() }
            }
            progress(batch.indices.upperBound)
        }
    }

    /// The rows of some photographs by position, each of the photograph or of its mirror image: the parts, `[N, ...]`.
    func rows(_ wanted: [(photograph: Int, isMirrored: Bool)]) throws -> [Tensor] {
        let places = wanted.map { place(of: $0.photograph, isMirrored: $0.isMirrored) }
        return try columns.map { column in
            var values: [Float] = []
            values.reserveCapacity(places.count * column.width)
            for place in places { values += column.values[place * column.width..<(place + 1) * column.width] }
            let part = try Tensor(values, shape: [places.count] + column.shape, on: device)
            // Maps keep the order in memory in which the backbone makes them, and so the order of later sums.
            return column.shape.count == 3 ? try part.channelsLast() : part
        }
    }

    /// The place of a row: a batch's photographs come before their mirror images.
    private func place(of photograph: Int, isMirrored: Bool) -> Int {
        guard hasMirrorImages else { return photograph }
        let batch = photograph / Self.batchSize * Self.batchSize
        let size = min(Self.batchSize, photographs.count - batch)
        return batch + photograph + (isMirrored ? size : 0)
    }

    /// Embeds all photographs by `embed`, which maps the parts of rows to unit rows `[N, width]`.
    func embeddings(width: Int, _ embed: ([Tensor]) throws -> Tensor) throws -> NPYMatrix {
        var values: [Float] = []
        values.reserveCapacity(photographs.count * width)
        for start in stride(from: 0, to: photographs.count, by: Self.batchSize) {
            let own = start..<min(start + Self.batchSize, photographs.count)
            let rows = try embed(rows(own.map { ($0, false) })).floats()
            if let broken = rows.firstIndex(where: { !$0.isFinite }) {
                throw TrainingError.brokenEmbedding(id: photographs[start + broken / width].id)
            }
            values += rows
        }
        return NPYMatrix(rows: photographs.count, columns: width, values: values)
    }
}
