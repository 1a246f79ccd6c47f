import Basics
import Configuration
import Foundation
import Jobs
import Results
import Torch

/// A training from its first step, or from a checkpoint, to its last.
final class TrainingRun {
    private let job: TrainJob
    private let model: MemberModel
    private let trainer: Trainer
    private let validation: Validation
    private let embedder: ValidationEmbedder
    private let fingerprint: String
    /// The processes that share the training: all do the same steps; rank 0 writes and decides.
    private let ranks: RankGroup?
    private let directory: URL
    private let checkpoints: CheckpointFolder
    private var history: History
    private var place = EpochProgress(epoch: 1)
    private var best: Checkpoint.BestWeights?
    private var lastCheckpoint = ContinuousClock.now
    /// Resident MB and the number of live tensors after each epoch, which show leaks.
    private var memory: [(megabytes: Double, tensors: Int)] = []

    /// Prepares a training in its job's folder; only checkpoints with this fingerprint are usable.
    init(
        job: TrainJob, model: MemberModel, trainer: Trainer, validation: Validation, embedder: ValidationEmbedder,
        fingerprint: String, sharedBy ranks: RankGroup? = nil
    ) {
        self.job = job
        self.model = model
        self.trainer = trainer
        self.validation = validation
        self.embedder = embedder
        self.fingerprint = fingerprint
        self.ranks = ranks
        directory = URL(filePath: job.output)
        checkpoints = CheckpointFolder(in: directory, kept: job.checkpoints.kept)
        history = History(member: job.member.name, seed: job.seed, fold: job.fold)
    }

    private var epochs: Int { job.train.schedule.epochs }

    /// Whether the last epoch is done, or validation has not improved for the configured number of epochs.
    var isFinished: Bool { place.epoch > epochs || hasStopped }

    private var hasStopped: Bool {
        let patience = job.train.selection.patience
        guard patience > 0, let last = history.epochs.last, let best = history.best, best.validationMAP != nil else {
            return false
        }
        return last.number - best.number >= patience
    }

    /// Resumes from the newest checkpoint, if there is one; the other processes get rank 0's state.
    func resume(_ report: (Event) -> Void) throws {
        var found = ranks.lead ? try loaded(report) : nil
        if let ranks {
            let text = try ranks.broadcast(found.map { try JSONValue(encoding: $0).canonicalText } ?? "")
            found = text.isEmpty ? nil : try JSONValue(parsing: Data(text.utf8)).decoded(as: Checkpoint.self)
            try ranks.processes.broadcast(kept.map(\.tensor))
        }
        guard let checkpoint = found else { return }
        trainer.optimizer.steps = checkpoint.optimizerSteps
        trainer.scale.state = checkpoint.lossScale
        place = checkpoint.place
        history.epochs = checkpoint.epochs
        best = checkpoint.best
        report(.message("resumes in epoch \(place.epoch) of \(epochs), after \(place.steps) of its steps"))
    }

    /// Reads the newest checkpoint, if there is one, and makes its tensors those of the training.
    private func loaded(_ report: (Event) -> Void) throws -> Checkpoint? {
        guard let (checkpoint, tensors) = try checkpoints.newest(of: fingerprint, report: { report(.message($0)) })
        else {
            return nil
        }
        for (name, tensor) in kept { try tensor.assign(tensors.tensor(name)) }
        return checkpoint
    }

    /// Runs an epoch, or the rest of it.
    func runEpoch(_ report: (Event) -> Void) throws {
        let start = ContinuousClock.now
        let earlier = place
        let photographs = trainer.stepsPerEpoch * trainer.photographsPerStep
        let before = (place.epoch - 1) * photographs
        place = try steps { place in
            let done = place.steps * trainer.photographsPerStep
            report(
                .progress(
                    done: before + done, total: epochs * photographs, unit: "photographs",
                    rate: Double(done - earlier.steps * trainer.photographsPerStep) / start.elapsedSeconds,
                    note: String(format: "epoch %d of %d, loss %.3f", place.epoch, epochs, place.meanLoss)))
            if isCheckpointDue, place.steps < trainer.stepsPerEpoch { try keep(place) }
        }
        if let remark = try trainer.pace?.remark() { report(.message(remark)) }
        if job.train.statistics == .process {
            // Each process has running statistics of its own photographs.
            let own = model.store.buffers + (trainer.average?.state ?? [])
            try ranks?.processes.broadcast(own.map(\.tensor))
        }
        let isDue = validation.isDue(epoch: place.epoch, of: epochs)
        let score = isDue ? try agreed(averaged { try validation.map(by: embedder) }) : nil
        history.epochs.append(
            .init(
                number: place.epoch,
                learningRate: trainer.rate(of: LayerGroup.headName, at: place.epoch * trainer.stepsPerEpoch - 1),
                trainLoss: place.meanLoss, validationMAP: score,
                imagesPerSecond: Double(photographs) / place.seconds, seconds: earlier.seconds + start.elapsedSeconds,
                waitingShare: place.secondsWaited / place.seconds))
        if ranks.lead { try TrainFiles.history.write(history, in: directory) }
        if ranks.lead, history.best?.number == place.epoch {
            best = try averaged { try checkpoints.writeBest(epoch: place.epoch, model.writeWeights) }
        }
        memory.append((Memory.residentMegabytes, Runtime.liveTensorCount))
        report(.message(history.summary(epochs: epochs)))
        if hasStopped {
            let best = history.best?.number ?? 0
            report(.message("stops after epoch \(place.epoch): no better validation since \(best)"))
        }
        place = EpochProgress(epoch: place.epoch + 1)
        try keep(place)
    }

    /// Makes the weights of the best epoch the model's, and reports the facts of the training.
    func finish(_ report: (Event) -> Void) throws {
        let seconds = try trainer.pace?.medians()
        guard ranks.lead else { return report(.finished(facts: .object([:]))) }
        if let best {
            try AtomicFile.link(checkpoints.bestFile(best.epoch), to: MemberModel.weightsFile(in: directory))
        }
        let description = try model.description(
            history, photographs: trainer.photographs.count, stopped: hasStopped, licence: job.licence ?? model.licence)
        try TrainFiles.description.write(description, in: directory)
        report(.finished(facts: try JSONValue(encoding: facts(description, secondsPerStep: seconds))))
    }

    /// The facts of the run to keep in addition to its files.
    private func facts(_ description: ModelDescription, secondsPerStep: [Double]?) -> TrainJob.Facts {
        let rates = history.epochs.map(\.imagesPerSecond).filter { $0 > 0 }
        return TrainJob.Facts(
            bestEpoch: description.bestEpoch, bestValidationMAP: description.bestValidationMAP,
            trainingPhotographs: description.trainingPhotographs, seed: description.seed, fold: description.fold,
            epochs: description.epochs, imagesPerSecond: rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count),
            residentMegabytes: memory.map { $0.megabytes.rounded() }, liveTensors: memory.map(\.tensors),
            secondsPerStep: secondsPerStep)
    }

    /// Runs the steps of the epoch; an error about numbers that are not finite names the last checkpoint before them.
    private func steps(_ report: (EpochProgress) throws -> Void) throws -> EpochProgress {
        do {
            return try trainer.run(from: place, step: report)
        } catch TrainingError.notFinite(var divergence) {
            divergence.checkpoint = (try? checkpoints.files)?.last?.path
            throw TrainingError.notFinite(divergence)
        }
    }

    /// Runs `body` with the running mean in the weights' place, if there is one.
    private func averaged<Result>(_ body: () throws -> Result) throws -> Result {
        try trainer.average.map { try $0.inPlace(body) } ?? body()
    }

    /// Rank 0's validation, by which all processes decide when to stop.
    private func agreed(_ score: Double?) throws -> Double? {
        guard let ranks else { return score }
        let number = try ranks.broadcast(score ?? .nan)
        return number.isNaN ? nil : number
    }

    /// All tensors that a step depends on, under their names in checkpoints.
    private var kept: [(name: String, tensor: Tensor)] {
        func named(_ part: String, _ tensors: [(name: String, tensor: Tensor)]) -> [(name: String, tensor: Tensor)] {
            tensors.map { ("\(part).\($0.name)", $0.tensor) }
        }
        return named("model", model.store.tensors) + named("optimizer", trainer.optimizer.moments)
            + named("average", trainer.average?.state ?? [])
    }

    /// Whether the configured time since the last checkpoint has passed.
    private var isCheckpointDue: Bool {
        job.checkpoints.minutes > 0 && lastCheckpoint.elapsedSeconds >= 60 * job.checkpoints.minutes
    }

    private func keep(_ place: EpochProgress) throws {
        guard ranks.lead else { return }
        try checkpoints.write(
            Checkpoint(
                training: fingerprint, place: place, optimizerSteps: trainer.optimizer.steps,
                lossScale: trainer.scale.state, epochs: history.epochs, best: best),
            kept)
        lastCheckpoint = .now
    }
}

/// The progress of a training within an epoch.
struct EpochProgress: Codable, Equatable {
    /// Counted from 1.
    let epoch: Int
    /// The number of steps done in it.
    var steps = 0
    /// The sum of their losses.
    var lossSum = 0.0
    /// The time that they took, seconds.
    var seconds = 0.0
    /// The part of ``seconds`` that the network waited for photographs.
    var secondsWaited = 0.0

    /// The mean loss of the steps so far.
    var meanLoss: Double { lossSum / Double(max(1, steps)) }
}

extension History {
    /// A line about the last epoch, for the log.
    func summary(epochs count: Int) -> String {
        guard let last = epochs.last else { return "" }
        let score = last.validationMAP.map { String(format: ", validation mAP@20 %.3f", $0) } ?? ""
        return String(
            format: "epoch %d of %d: loss %.3f%@, %.0f photographs/s, %.1f%% spent waiting for them, resident %.0f MB",
            last.number, count, last.trainLoss, score, last.imagesPerSecond, 100 * last.waitingShare,
            Memory.residentMegabytes)
    }
}
