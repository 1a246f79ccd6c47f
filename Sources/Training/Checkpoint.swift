import Basics
import Configuration
import Digests
import Foundation
import Jobs
import Results
import Torch

/// Where a training stands: with the tensors that lie in the same file, all that its steps to come depend on.
///
/// Whatever a training draws at random is drawn by its seed and the number of the step, photograph or parameter, so that
/// the place in the epoch stands for the state of every generator and for the sampler's.
struct Checkpoint: Codable, Equatable {
    /// Goes up when the same training would go on otherwise from what is kept.
    static let format = 1

    var format = Self.format
    /// The digest of what is trained, on what, and how.
    let training: String
    let place: EpochProgress
    let optimizerSteps: Int
    let lossScale: LossScale.State
    let epochs: [History.Epoch]
    let best: BestWeights?

    /// The weights of the best epoch so far, in a file of their own, which several checkpoints may name.
    struct BestWeights: Codable, Equatable {
        let epoch: Int
        let digest: String
    }
}

extension TrainJob {
    /// The digest of all that the trained weights depend on but for what the libraries compute: two jobs with the same
    /// can go on from each other's checkpoints.
    func fingerprint(photographs: [String], labels: [Int]) throws -> String {
        var job = self
        // What lies where changes no weight; contents are the business of the workflow's keys.
        job.data = DataSettings(folder: "")
        job.split = ""
        job.output = ""
        job.member.weights = .none
        job.checkpoints = CheckpointSettings()
        let whole: JSONValue = [
            "job": try JSONValue(encoding: job), "photographs": .array(photographs.map(JSONValue.string)),
            "labels": .array(labels.map { .number(Double($0)) }), "libtorch": .string(Runtime.version),
        ]
        return Digest.of(whole.canonicalText)
    }
}
