import Basics
import Foundation

/// The record of a training's epochs: `history.csv`.
public struct History: Sendable, Equatable {
    /// One epoch.
    public struct Epoch: Sendable, Equatable, Codable {
        /// Counted from 1.
        public var number: Int
        /// The learning rate of the neck and head after the epoch's last step.
        public var learningRate: Double
        public var trainLoss: Double
        /// The mAP@20 of the validation photographs; nil if there are none.
        public var validationMAP: Double?
        public var imagesPerSecond: Double
        public var seconds: Double
        /// The share of its steps' time in which the network waited for photographs.
        public var waitingShare: Double

        /// Creates an epoch.
        public init(
            number: Int, learningRate: Double, trainLoss: Double, validationMAP: Double?, imagesPerSecond: Double,
            seconds: Double, waitingShare: Double
        ) {
            self.number = number
            self.learningRate = learningRate
            self.trainLoss = trainLoss
            self.validationMAP = validationMAP
            self.imagesPerSecond = imagesPerSecond
            self.seconds = seconds
            self.waitingShare = waitingShare
        }
    }

    public var member: String
    public var seed: Int
    public var fold: Int
    public var epochs: [Epoch]

    /// Creates a history.
    public init(member: String, seed: Int, fold: Int, epochs: [Epoch] = []) {
        self.member = member
        self.seed = seed
        self.fold = fold
        self.epochs = epochs
    }

    /// The epoch with the best validation, the earliest of equals; the last if there was no validation.
    public var best: Epoch? {
        epochs.filter { $0.validationMAP != nil }
            .max { ($0.validationMAP ?? 0, -$0.number) < ($1.validationMAP ?? 0, -$1.number) } ?? epochs.last
    }

    /// The mean rate of the epochs, photographs a second; nil without epochs.
    public var imagesPerSecond: Double? {
        epochs.isEmpty ? nil : epochs.reduce(0) { $0 + $1.imagesPerSecond } / Double(epochs.count)
    }
}

/// One epoch of one training: a row of `history.csv`.
private struct TrainedEpoch {
    let member: String
    let seed: Int
    let fold: Int
    let epoch: History.Epoch

    static let form = CSVForm<TrainedEpoch>(
        [
            "member", "seed", "fold", "epoch", "learning_rate", "train_loss", "validation_map", "images_per_second",
            "seconds", "waiting_share",
        ], added: ["waiting_share"]
    ) { cells in
        TrainedEpoch(
            member: cells.text(), seed: try cells.integer(0...(1 << 53)), fold: try cells.integer(),
            epoch: .init(
                number: try cells.integer(), learningRate: try cells.number(), trainLoss: try cells.number(),
                validationMAP: try cells.optionalNumber(0...1), imagesPerSecond: try cells.number(),
                seconds: try cells.number(), waitingShare: try cells.optionalNumber() ?? 0))
    } encode: { row in
        let epoch = row.epoch
        return [
            row.member, String(row.seed), String(row.fold), String(epoch.number), "\(epoch.learningRate)",
            "\(epoch.trainLoss)", epoch.validationMAP.map { "\($0)" } ?? "",
            NumberText.fixed(epoch.imagesPerSecond, 1), NumberText.fixed(epoch.seconds, 2),
            NumberText.fixed(epoch.waitingShare, 4),
        ]
    }
}

extension ResultFile where Contents == History {
    /// Declares a file in the form of `history.csv`.
    init(history stage: StageName, _ name: String) {
        self.init(
            stage, name,
            read: { url in
                let rows = try TrainedEpoch.form.read(url, madeBy: stage)
                return History(
                    member: rows.first?.member ?? "", seed: rows.first?.seed ?? 0, fold: rows.first?.fold ?? 0,
                    epochs: rows.map(\.epoch))
            },
            write: { history, url in
                try TrainedEpoch.form.write(
                    history.epochs.map {
                        TrainedEpoch(member: history.member, seed: history.seed, fold: history.fold, epoch: $0)
                    }, to: url)
            })
    }
}
