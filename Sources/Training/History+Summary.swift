import Foundation
import Results

extension History {
    /// A line of the last epoch, for the log.
    func summary(epochs count: Int) -> String {
        guard let last = epochs.last else { return "" }
        let score = last.validationMAP.map { String(format: ", validation mAP@20 %.3f", $0) } ?? ""
        return String(
            format: "epoch %d of %d: loss %.3f%@, %.0f photographs/s, %.1f%% of it waiting for them, resident %.0f MB",
            last.number, count, last.trainLoss, score, last.imagesPerSecond, 100 * last.waitingShare,
            Memory.residentMegabytes)
    }
}
