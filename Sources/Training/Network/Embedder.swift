import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Jobs
import Networks
import Torch

/// Turns photographs into vectors of unit length.
struct Embedder {
    let loader: PhotographLoader
    let device: Device
    let width: Int
    /// Maps `[N, 3, S, S]` to unit rows `[N, width]`.
    let embed: (Tensor, Mode) throws -> Tensor
    /// The processes that share the photographs; all of them get every row.
    var ranks: RankGroup?
    /// The times of this process among them.
    var pace: RankPace?

    /// Embeds photographs, or their mirror images, with the present weights, one row each, in their order.
    ///
    /// Processes share whole batches, because the low bits of a row can depend on the number of photographs in its
    /// batch.
    func rows(
        of photographs: [PhotographFile], mirrored: Bool = false, progress: (_ done: Int) -> Void = { _ in }
    ) throws -> NPYMatrix {
        let own = ranks.map { ranks in
            photographs.enumerated().filter { $0.offset / EmbedJob.batchSize % ranks.place.count == ranks.place.rank }
                .map(\.element)
        }
        let batches = loader.batches(
            of: own ?? photographs, batchSize: EmbedJob.batchSize, preparation: .plain(mirrored: mirrored))
        // Created for each call, since the weights can have been trained since the last one.
        let mode = Mode.serving(FoldedWeights())
        var values: [Float] = []
        values.reserveCapacity(photographs.count * width)
        func next() throws -> [Float]? {
            pace?.begin()
            guard let batch = try batches.next() else { return nil }
            let rows = try embed(batch.tensor(on: device), mode).floats()
            if let broken = rows.firstIndex(where: { !$0.isFinite }) {
                let index = batch.indices.lowerBound + broken / width
                throw TrainingError.brokenEmbedding(id: (own ?? photographs)[index].id)
            }
            pace?.end()
            return rows
        }
        while values.count < photographs.count * width {
            guard let rows = try ranks.map({ try Self.gathered(next() ?? [], width: width, over: $0) }) ?? next() else {
                break
            }
            values += rows.prefix(photographs.count * width - values.count)
            progress(values.count / width)
        }
        return NPYMatrix(rows: photographs.count, columns: width, values: values)
    }

    /// The rows of one batch of each process, in the order of the batches; after the last there are zeros.
    private static func gathered(_ rows: [Float], width: Int, over ranks: RankGroup) throws -> [Float] {
        let padded = rows + Array(repeating: 0, count: EmbedJob.batchSize * width - rows.count)
        return try ranks.processes.gathered(Tensor(padded, shape: [EmbedJob.batchSize, width])).floats()
    }
}

extension EmbedJob {
    /// Embeds every photograph of the folder, or every readable one, and writes the matrix and, next to it, the
    /// image_id of each row.
    ///
    /// Processes can share the photographs; the files are then those of one process, and rank 0 writes them.
    ///
    /// - Throws: ``FileError``, ``CatalogError``, ``ImagingError`` for a broken photograph, ``TorchError``.
    public func perform(sharedBy ranks: RankGroup? = nil, report: (Event) -> Void) throws {
        let device = try device.resolved(card: ranks?.place.localRank ?? 0)
        let catalog = try data.catalog()
        var embedder = try Self.embedder(model, mirror: mirror, computing: precision, on: device)
        embedder.ranks = ranks
        embedder.pace = ranks.map(RankPace.init)
        var photographs = catalog.photographs.map(catalog.file)
        if skipsBroken {
            let broken = try Set(ranks.broken(among: photographs).map(\.id))
            photographs.removeAll { broken.contains($0.id) }
        }
        let start = ContinuousClock.now
        let matrix = try embedder.rows(of: photographs) { done in
            report(
                .progress(
                    done: done, total: photographs.count, unit: "photographs",
                    rate: Double(done) / start.elapsedSeconds, note: nil))
        }
        let rate = Double(photographs.count) / start.elapsedSeconds
        if let remark = try embedder.pace?.remark() { report(.message(remark)) }
        if ranks.lead {
            let output = URL(filePath: output)
            try matrix.write(to: output)
            try AtomicFile.write(
                CSVTable.text(header: ["image_id"], rows: photographs.map { [$0.id] }),
                to: output.deletingPathExtension().appendingPathExtension("csv"))
        }
        let count = JSONValue.number(Double(photographs.count))
        report(.finished(facts: ["photographs": count, "images_per_second": .number(rate)]))
    }

    /// Builds the network that embeds.
    static func embedder(
        _ model: Model, mirror: Bool, computing precision: Precision, on device: Device
    ) throws -> Embedder {
        let network = try model.network(computing: precision, on: device)
        return Embedder(loader: network.loader, device: device, width: network.width) {
            try network.network.embed($0, mirror: mirror, mode: $1)
        }
    }
}

extension Embedder {
    /// Creates an embedder from a model of the ensemble.
    init(_ model: MemberModel, mirror: Bool, on device: Device, loader: PhotographLoader) {
        self.init(loader: loader, device: device, width: model.settings.neck.embedding) {
            try model.network.embed($0, mirror: mirror, mode: $1)
        }
    }
}

extension DeviceChoice {
    /// The device of this machine that the choice selects; processes of one machine have a card each while there are
    /// enough.
    ///
    /// - Throws: ``TrainingError/noGraphicsCard(device:count:)``.
    func resolved(card: Int = 0) throws -> Device {
        let device = try device(amongCards: Runtime.cudaDeviceCount, card: card)
        if device.isCard { Runtime.makeCardsRepeatable() }
        return device
    }

    /// The device that the choice selects on a machine with a number of graphics cards, if it names none itself: the
    /// one with the number `card`.
    func device(amongCards count: Int, card: Int = 0) throws(TrainingError) -> Device {
        switch self {
        case .cpu: return .cpu
        case .auto: return count > 0 ? .cuda(card % count) : .cpu
        case .card(let number):
            guard number ?? 0 < count else { throw .noGraphicsCard(device: rawValue, count: count) }
            return .cuda(number ?? card % count)
        }
    }
}

extension ContinuousClock.Instant {
    /// Seconds since this instant.
    var elapsedSeconds: Double { duration(to: .now) / .seconds(1) }
}
