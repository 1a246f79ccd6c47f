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

    /// Embeds photographs, or their mirror images, with the present weights, one row each, in their order.
    func rows(
        of photographs: [PhotographFile], mirrored: Bool = false, progress: (_ done: Int) -> Void = { _ in }
    ) throws -> NPYMatrix {
        let batches = loader.batches(
            of: photographs, batchSize: EmbedJob.batchSize, preparation: .plain(mirrored: mirrored))
        // Created for each call, since the weights can have been trained since the last one.
        let mode = Mode.serving(FoldedWeights())
        var values: [Float] = []
        values.reserveCapacity(photographs.count * width)
        while let batch = try batches.next() {
            let rows = try embed(batch.tensor(on: device), mode).floats()
            if let broken = rows.firstIndex(where: { !$0.isFinite }) {
                throw TrainingError.brokenEmbedding(id: photographs[values.count / width + broken / width].id)
            }
            values += rows
            progress(values.count / width)
        }
        return NPYMatrix(rows: photographs.count, columns: width, values: values)
    }
}

extension EmbedJob {
    /// Embeds every photograph of the folder, or every readable one, and writes the matrix and, next to it, the
    /// image_id of each row.
    ///
    /// - Throws: ``FileError``, ``CatalogError``, ``ImagingError`` for a broken photograph, ``TorchError``.
    public func perform(report: (Event) -> Void) throws {
        let device = try device.resolved()
        let catalog = try data.catalog()
        let embedder = try Self.embedder(model, mirror: mirror, computing: precision, on: device)
        var photographs = catalog.photographs.map(catalog.file)
        if skipsBroken {
            let broken = try Set(PhotographCheck.broken(among: photographs).map(\.photograph.id))
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
        let output = URL(filePath: output)
        try matrix.write(to: output)
        try AtomicFile.write(
            CSVTable.text(header: ["image_id"], rows: photographs.map { [$0.id] }),
            to: output.deletingPathExtension().appendingPathExtension("csv"))
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
    /// The device of this machine that the choice selects.
    ///
    /// - Throws: ``TrainingError/noGraphicsCard(device:count:)``.
    func resolved() throws -> Device {
        let device = try device(amongCards: Runtime.cudaDeviceCount)
        if device.isCard { Runtime.makeCardsRepeatable() }
        return device
    }

    /// The device that the choice selects on a machine with a number of graphics cards.
    func device(amongCards count: Int) throws(TrainingError) -> Device {
        switch self {
        case .cpu: return .cpu
        case .auto: return count > 0 ? .cuda(0) : .cpu
        case .card(let number):
            guard number ?? 0 < count else { throw .noGraphicsCard(device: rawValue, count: count) }
            return .cuda(number ?? 0)
        }
    }
}

extension ContinuousClock.Instant {
    /// Seconds since this instant.
    var elapsedSeconds: Double { duration(to: .now) / .seconds(1) }
}
