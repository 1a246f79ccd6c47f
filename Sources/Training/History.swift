import Basics
import Foundation

/// What training writes of each epoch: the rows of `history.csv`.
struct History {
    /// One epoch.
    struct Epoch {
        let number: Int
        /// The learning rate of the neck and head after the epoch's last step.
        let learningRate: Double
        let trainLoss: Double
        /// mAP@20 of the validation photographs; nil where there are none.
        let validationMAP: Double?
        let imagesPerSecond: Double
        let seconds: Double
    }

    let member: String
    let seed: Int
    let fold: Int
    private(set) var epochs: [Epoch] = []

    /// Creates an empty history.
    init(member: String, seed: Int, fold: Int) {
        self.member = member
        self.seed = seed
        self.fold = fold
    }

    mutating func append(_ epoch: Epoch) { epochs.append(epoch) }

    /// The epoch with the best validation, the earlier of two alike; the last where nothing validated.
    var best: Epoch? {
        epochs.filter { $0.validationMAP != nil }
            .max { ($0.validationMAP ?? 0, -$0.number) < ($1.validationMAP ?? 0, -$1.number) } ?? epochs.last
    }

    func write(to directory: URL) throws {
        let header = [
            "member", "seed", "fold", "epoch", "learning_rate", "train_loss", "validation_map", "images_per_second",
            "seconds",
        ]
        let rows = epochs.map { epoch in
            [
                member, String(seed), String(fold), String(epoch.number), "\(epoch.learningRate)",
                "\(epoch.trainLoss)", epoch.validationMAP.map { "\($0)" } ?? "",
                String(format: "%.1f", epoch.imagesPerSecond), String(format: "%.2f", epoch.seconds),
            ]
        }
        try AtomicFile.write(CSVTable.text(header: header, rows: rows), to: directory.appending(path: "history.csv"))
    }
}
