import Basics
import Foundation

/// What training writes of each epoch: the rows of `history.csv`.
struct History {
    /// One epoch.
    struct Epoch: Codable, Equatable {
        let number: Int
        /// The learning rate of the neck and head after the epoch's last step.
        let learningRate: Double
        let trainLoss: Double
        /// mAP@20 of the validation photographs; nil where there are none.
        let validationMAP: Double?
        let imagesPerSecond: Double
        let seconds: Double
        /// The part of its steps' time in which the network waited for photographs.
        let waitingShare: Double
    }

    let member: String
    let seed: Int
    let fold: Int
    var epochs: [Epoch] = []

    /// The epoch with the best validation, the earlier of two alike; the last where nothing validated.
    var best: Epoch? {
        epochs.filter { $0.validationMAP != nil }
            .max { ($0.validationMAP ?? 0, -$0.number) < ($1.validationMAP ?? 0, -$1.number) } ?? epochs.last
    }

    /// A line of the last epoch, for the log.
    func summary(epochs count: Int) -> String {
        guard let last = epochs.last else { return "" }
        let score = last.validationMAP.map { String(format: ", validation mAP@20 %.3f", $0) } ?? ""
        return String(
            format: "epoch %d of %d: loss %.3f%@, %.0f photographs/s, %.1f%% of it waiting for them, resident %.0f MB",
            last.number, count, last.trainLoss, score, last.imagesPerSecond, 100 * last.waitingShare,
            Memory.residentMegabytes)
    }

    func write(to directory: URL) throws {
        let header = [
            "member", "seed", "fold", "epoch", "learning_rate", "train_loss", "validation_map", "images_per_second",
            "seconds", "waiting_share",
        ]
        let rows = epochs.map { epoch in
            [
                member, String(seed), String(fold), String(epoch.number), "\(epoch.learningRate)",
                "\(epoch.trainLoss)", epoch.validationMAP.map { "\($0)" } ?? "",
                String(format: "%.1f", epoch.imagesPerSecond), String(format: "%.2f", epoch.seconds),
                String(format: "%.4f", epoch.waitingShare),
            ]
        }
        try AtomicFile.write(CSVTable.text(header: header, rows: rows), to: directory.appending(path: "history.csv"))
    }
}
