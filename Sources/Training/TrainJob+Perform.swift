import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Jobs
import Torch

extension TrainJob {
    /// Trains the member and writes `model.safetensors` of its best epoch, `model.json` and `history.csv`.
    ///
    /// - Throws: ``TrainingError``, ``FileError``, ``CatalogError``, ``ImagingError``, ``TorchError``.
    public func perform(report: (Event) -> Void) throws {
        let device = try device.resolved()
        let catalog = try data.catalog()
        let rows = try Split.read(URL(filePath: split))
        let training = try photographs(.train, rows, catalog)
        let counts = Dictionary(training.map { ($0.whale, 1) }, uniquingKeysWith: +)
        let classes = rows.trainedWhales.map { AnimalClass(name: $0, photographs: counts[$0] ?? 0) }
        guard training.count >= 4, classes.count >= 2 else {
            throw TrainingError.tooFewPhotographs(count: training.count, whales: classes.count)
        }
        let label = Dictionary(uniqueKeysWithValues: zip(classes.map(\.name), classes.indices))
        let model = try MemberModel(
            member: member, settings: train, seed: seed, classes: classes, computing: precision, on: device)
        let loader = model.loader(cacheLimit: Self.cacheLimit)
        let trainer = try Trainer(
            model, photographs: training.map { ($0.file, label[$0.whale] ?? 0) }, loader: loader, seed: seed,
            on: device)
        let validation = Validation(
            catalog: catalog, queries: try photographs(.validation, rows, catalog).map(\.file),
            others: training.map(\.file))
        let embedder = Embedder(model, mirror: false, on: device, loader: loader)

        let directory = URL(filePath: output)
        var history = History(member: member.name, seed: seed, fold: fold)
        var memory: [JSONValue] = []
        var tensors: [JSONValue] = []
        let total = train.schedule.epochs * trainer.stepsPerEpoch * min(train.batchSize, training.count)
        for epoch in 1...train.schedule.epochs {
            let start = ContinuousClock.now
            let before = (epoch - 1) * total / train.schedule.epochs
            let loss = try trainer.run(epoch: epoch) { done, loss in
                report(
                    .progress(
                        done: before + done, total: total, unit: "photographs",
                        rate: Double(done) / start.elapsedSeconds,
                        note: String(format: "epoch %d of %d, loss %.3f", epoch, train.schedule.epochs, loss)))
            }
            let seconds = start.elapsedSeconds
            let isDue = Validation.isDue(epoch: epoch, of: train.schedule.epochs)
            let score = isDue ? try validation.map(by: embedder) : nil
            history.append(
                .init(
                    number: epoch, learningRate: trainer.rate(of: "head", at: epoch * trainer.stepsPerEpoch - 1),
                    trainLoss: loss, validationMAP: score,
                    imagesPerSecond: Double(total / train.schedule.epochs) / seconds, seconds: start.elapsedSeconds))
            try history.write(to: directory)
            if history.best?.number == epoch { try model.writeWeights(to: directory) }
            memory.append(.number(Memory.residentMegabytes.rounded()))
            tensors.append(.number(Double(Runtime.liveTensorCount)))
            report(.message(Self.summary(of: history, epochs: train.schedule.epochs)))
        }
        let facts: [String: JSONValue] = [
            "best_epoch": .number(Double(history.best?.number ?? 0)),
            "best_validation_map": history.best?.validationMAP.map { .number($0) } ?? .null,
            "training_photographs": .number(Double(training.count)),
            "seed": .number(Double(seed)), "fold": .number(Double(fold)),
        ]
        try model.writeDescription(facts, to: directory)
        let memoryFacts: [String: JSONValue] = [
            "resident_megabytes": .array(memory), "live_tensors": .array(tensors),
        ]
        report(.finished(facts: .object(facts.merging(memoryFacts) { $1 })))
    }

    /// Bytes of decoded photographs that may stay in memory from epoch to epoch.
    private static let cacheLimit = 1 << 30

    private func photographs(
        _ role: Role, _ rows: Split, _ catalog: Catalog
    ) throws -> [(file: PhotographFile, whale: String)] {
        try rows.rows.filter { $0.role == role }.map { row in
            guard let photograph = catalog[row.imageID] else {
                throw TrainingError.unknownPhotograph(id: row.imageID, split: split)
            }
            return (catalog.file(of: photograph), row.whaleID)
        }
    }

    private static func summary(of history: History, epochs: Int) -> String {
        guard let last = history.epochs.last else { return "" }
        let score = last.validationMAP.map { String(format: ", validation mAP@20 %.3f", $0) } ?? ""
        return String(
            format: "epoch %d of %d: loss %.3f%@, %.0f photographs/s, resident %.0f MB", last.number, epochs,
            last.trainLoss, score, last.imagesPerSecond, Memory.residentMegabytes)
    }
}
