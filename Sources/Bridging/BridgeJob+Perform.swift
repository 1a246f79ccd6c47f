import Basics
import Foundation
import Jobs
import Results

extension BridgeJob {
    /// Trains both ways and writes ``lateral`` and ``top``.
    ///
    /// - Throws: ``FileError``, ``TorchError``, an error that names the step where the loss ran away.
    public func perform(report: (Event) -> Void) throws {
        let matrix = try NPYMatrix.read(URL(filePath: embeddings))
        let training = try BridgeTraining(matrix, animals: animals, settings: settings, seed: seed)
        let loss = try training.run { done, loss in
            guard done.isMultiple(of: Self.reportedSteps) || done == settings.steps else { return }
            report(
                .progress(
                    done: done, total: settings.steps, unit: "steps", rate: nil,
                    note: "loss \(NumberText.fixed(loss, 3))"))
        }
        let mapped = try training.mapped()
        let folder = URL(filePath: output)
        try BridgeFiles.lateral.write(mapped.lateral, in: folder)
        try BridgeFiles.top.write(mapped.top, in: folder)
        report(.finished(facts: try JSONValue(encoding: Facts(loss: loss))))
    }

    /// Steps between two words of progress: a step takes milliseconds.
    private static let reportedSteps = 20
}
