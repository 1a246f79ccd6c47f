import Basics
import Foundation
import Jobs

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
        let folder = URL(filePath: output)
        let mapped = try training.mapped()
        try mapped.lateral.write(to: folder.appending(path: Self.lateral))
        try mapped.top.write(to: folder.appending(path: Self.top))
        report(.finished(facts: ["loss": .number(loss)]))
    }

    /// Steps between two words of progress: a step takes milliseconds.
    private static let reportedSteps = 20
}
