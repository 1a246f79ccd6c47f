import Basics
import Foundation

/// One epoch of training: a row of `history.csv`.
struct HistoryRow: Sendable, Equatable {
    let epoch: Int
    let learningRate: Double
    let trainLoss: Double
    /// Nil where nothing validated.
    let validationMAP: Double?
    let imagesPerSecond: Double
    let seconds: Double

    /// Reads `history.csv`, the epochs in order.
    ///
    /// - Throws: ``FileError``.
    static func read(_ url: URL) throws -> [HistoryRow] {
        let table = try CSVTable.read(url)
        let column = try ["epoch", "learning_rate", "train_loss", "validation_map", "images_per_second", "seconds"]
            .map(table.column)
        return try table.rows.enumerated().map { row, cells in
            guard let epoch = Int(cells[column[0]]), let rate = Double(cells[column[1]]),
                let loss = Double(cells[column[2]])
            else {
                throw FileError.malformed(
                    path: table.path, line: table.line(ofRow: row), problem: "the epoch's numbers are none",
                    remedy: "Run 'whalebook run train' again.")
            }
            return HistoryRow(
                epoch: epoch, learningRate: rate, trainLoss: loss, validationMAP: Double(cells[column[3]]),
                imagesPerSecond: Double(cells[column[4]]) ?? 0, seconds: Double(cells[column[5]]) ?? 0)
        }
    }

    var json: JSONValue {
        [
            "epoch": .number(Double(epoch)), "learning_rate": .number(learningRate),
            "train_loss": .number(trainLoss), "validation_map": validationMAP.map(JSONValue.number) ?? .null,
            "images_per_second": .number(imagesPerSecond), "seconds": .number(seconds),
        ]
    }
}
