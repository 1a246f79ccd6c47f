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
    /// If the output's folder has checkpoints of the same training, it resumes from the newest intact one and ends with
    /// the same bytes as without the interruption.
    ///
    /// Processes can share the batches; the training is then that of one process up to rounding, and rank 0 writes. A
    /// training can resume with another number of processes.
    ///
    /// - Throws: ``TrainingError``, ``FileError``, ``CatalogError``, ``ImagingError``, ``TorchError``.
    public func perform(sharedBy ranks: RankGroup? = nil, report: (Event) -> Void) throws {
        let device = try device.resolved(card: ranks?.place.localRank ?? 0)
        let catalog = try data.catalog()
        let rows = try Split.read(URL(filePath: split))
        let training = try photographs([.train], rows, catalog)
        let broken = try ranks.broken(among: photographs([.train, .validation, .test], rows, catalog).map(\.file))
        guard broken.isEmpty else { throw TrainingError.brokenPhotographs(broken.map(\.words)) }
        let counts = Dictionary(training.map { ($0.whale, 1) }, uniquingKeysWith: +)
        let classes = rows.trainedWhales.map { AnimalClass(name: $0, photographs: counts[$0] ?? 0) }
        guard training.count >= 4, classes.count >= 2 else {
            throw TrainingError.tooFewPhotographs(count: training.count, whales: classes.count)
        }
        let label = Dictionary(uniqueKeysWithValues: zip(classes.map(\.name), classes.indices))
        let labels = try training.map { photograph in
            guard let own = label[photograph.whale] else {
                throw TrainingError.noClass(photograph: photograph.file.id, whale: photograph.whale, list: split)
            }
            return own
        }
        let model = try MemberModel(
            member: member, settings: train, seed: seed, classes: classes, computing: precision, on: device)
        let loader = try model.loader(cacheLimit: Self.cachedBytes)
        var trainer = try Trainer(
            model, photographs: zip(training, labels).map { ($0.file, $1) }, loader: loader, seed: seed,
            sharedBy: ranks, on: device)
        let validation = Validation(catalog: catalog, split: rows, settings: train.selection)
        let embedder = ValidationEmbedder(model, loader: loader, sharedBy: ranks, on: device)
        if train.freeze == .backbone { report(.message(try trainer.computeFeatures(report))) }

        let run = TrainingRun(
            job: self, model: model, trainer: trainer, validation: validation, embedder: embedder,
            fingerprint: try fingerprint(photographs: training.map(\.file.id), labels: labels), sharedBy: ranks)
        try run.resume(report)
        do {
            while !run.isFinished { try run.runEpoch(report) }
        } catch let error as TorchError where error.isOutOfMemory {
            let step = TrialStep(model, on: device)
            throw TrainingError.tooLargeBatch(
                try .init(
                    train.batchSize, accumulation: train.accumulation, device: device.description,
                    reason: error.message, fits: step.fits))
        }
        try run.finish(report)
    }

    private func photographs(
        _ roles: Set<Role>, _ rows: Split, _ catalog: Catalog
    ) throws -> [(file: PhotographFile, whale: String)] {
        try rows.rows.filter { roles.contains($0.role) }.map { row in
            guard let photograph = catalog[row.imageID] else {
                throw TrainingError.unknownPhotograph(id: row.imageID, list: split)
            }
            return (catalog.file(of: photograph), row.whaleID)
        }
    }
}
