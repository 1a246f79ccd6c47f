import Basics
import Configuration
import Digests
import Foundation
import Jobs
import Results
import Torch

/// The checkpoints of one training: safetensors files, each with a file of its digest in the form of `sha256sum`.
struct CheckpointFolder {
    let url: URL
    /// The number of checkpoints to keep.
    let kept: Int

    private static let ending = "safetensors"
    private static let digestEnding = "sha256"
    private static let entry = "checkpoint"
    private static let prefix = "epoch-"

    /// Opens the folder within that of a training's artefacts, and removes files that a killed training left
    /// incomplete.
    init(in directory: URL, kept: Int) {
        url = directory.appending(path: "checkpoints")
        self.kept = kept
        if let held = try? HeldFolder(url) { AtomicFile.sweep(held) }
    }

    /// Writes a checkpoint to a temporary file, renames it, and removes the oldest checkpoints.
    ///
    /// - Throws: ``FileError``, ``TorchError``; then the earlier checkpoints remain.
    func write(_ checkpoint: Checkpoint, _ tensors: [(name: String, tensor: Tensor)]) throws {
        let place = checkpoint.place
        let file = url.appending(
            path: String(format: "\(Self.prefix)%06d-step-%08d.\(Self.ending)", place.epoch, place.steps))
        // A digest without its file would look like damage, so the file comes first.
        try Safetensors.write(
            tensors, metadata: [Self.entry: JSONValue(encoding: checkpoint).canonicalText], to: file)
        try AtomicFile.write(
            "\(Digest.ofContents(of: file.path))  \(file.lastPathComponent)\n", to: Self.digestFile(of: file))
        try prune()
    }

    /// Writes the weights of the best epoch so far.
    func writeBest(epoch: Int, _ write: (URL) throws -> Void) throws -> Checkpoint.BestWeights {
        let file = bestFile(epoch)
        try write(file)
        return .init(epoch: epoch, digest: try Digest.ofContents(of: file.path))
    }

    /// The file of an epoch's weights, if it is the best.
    func bestFile(_ epoch: Int) -> URL { url.appending(path: String(format: "best-%06d.\(Self.ending)", epoch)) }

    /// Returns the newest intact checkpoint of a training, and removes unusable ones; `report` receives a message about
    /// each of them, with the reason.
    ///
    /// - Throws: ``FileError`` if one cannot be removed, or file descriptors run out.
    func newest(of training: String, report: (String) -> Void) throws -> (checkpoint: Checkpoint, tensors: Safetensors)?
    {
        for file in try files.reversed() {
            do {
                return try Self.read(file, of: training, best: bestFile)
            } catch let error as Unusable {
                report("the checkpoint \(file.lastPathComponent) \(error.reason); trying the one before it")
                try Self.remove(file)
            }
        }
        return nil
    }

    /// The checkpoints, oldest first.
    ///
    /// - Throws: ``FileError`` if file descriptors run out.
    var files: [URL] {
        get throws {
            try names.filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(".\(Self.ending)") }.sorted()
                .map { url.appending(path: $0) }
        }
    }

    private var names: [String] {
        get throws { try FileError.attempt { try FileManager.default.contentsOfDirectory(atPath: url.path) } ?? [] }
    }

    // MARK: Parts

    private struct Unusable: Error { let reason: String }

    private static func digestFile(of file: URL) -> URL { file.appendingPathExtension(digestEnding) }

    private static func read(
        _ file: URL, of training: String, best: (Int) -> URL
    ) throws -> (checkpoint: Checkpoint, tensors: Safetensors) {
        guard let line = try FileError.attempt({ try String(contentsOf: digestFile(of: file), encoding: .utf8) }),
            let digest = line.split(separator: " ").first
        else { throw Unusable(reason: "has no digest, probably because writing it was interrupted") }
        guard try FileError.attempt({ try Digest.ofContents(of: file.path) }) == String(digest) else {
            throw Unusable(reason: "is damaged: its digest differs from the one that was written")
        }
        guard let tensors = try FileError.attempt({ try Safetensors.read(file) }), let text = tensors.metadata[entry],
            let checkpoint = try? JSONValue(parsing: Data(text.utf8)).decoded(as: Checkpoint.self),
            checkpoint.format == Checkpoint.format
        else { throw Unusable(reason: "is from another version of this program") }
        guard checkpoint.training == training else { throw Unusable(reason: "is from another training") }
        if let weights = checkpoint.best,
            try FileError.attempt({ try Digest.ofContents(of: best(weights.epoch).path) }) != weights.digest
        {
            throw Unusable(reason: "needs the weights of epoch \(weights.epoch), which are damaged or missing")
        }
        return (checkpoint, tensors)
    }

    private static func remove(_ file: URL) throws {
        for url in [file, digestFile(of: file)] where FileManager.default.fileExists(atPath: url.path) {
            do {
                try FileManager.default.removeItem(at: url)
            } catch {
                throw FileError.unwritable(path: url.path, reason: FileError.reason(of: error))
            }
        }
    }

    /// Removes all but the newest checkpoints and the best weights that they name.
    private func prune() throws {
        let files = try files
        for file in files.dropLast(kept) { try Self.remove(file) }
        // The best epoch only changes to a later one.
        guard let oldest = files.suffix(kept).first, let text = try? Safetensors.read(oldest).metadata[Self.entry],
            let checkpoint = try? JSONValue(parsing: Data(text.utf8)).decoded(as: Checkpoint.self),
            let best = checkpoint.best
        else { return }
        for name in try names
        where name.hasPrefix("best-") && name < bestFile(best.epoch).lastPathComponent {
            try Self.remove(url.appending(path: name))
        }
    }
}

/// The state of a training: with the tensors in the same file, everything that later steps depend on.
///
/// Every random draw of a training depends on its seed and the number of the step, photograph or parameter, so the
/// place in the epoch determines the state of every generator and of the sampler.
struct Checkpoint: Codable, Equatable {
    /// Increases when the same training would continue differently from a checkpoint.
    static let format = 1

    var format = Self.format
    /// The digest of the model, the photographs and the settings.
    let training: String
    let place: EpochProgress
    let optimizerSteps: Int
    let lossScale: LossScale.State
    let epochs: [History.Epoch]
    let best: BestWeights?

    /// The weights of the best epoch so far, in their own file, which several checkpoints can name.
    struct BestWeights: Codable, Equatable {
        let epoch: Int
        let digest: String
    }
}

extension TrainJob {
    /// The digest of everything that the trained weights depend on, except how the libraries compute: two jobs with the
    /// same digest can resume from each other's checkpoints.
    func fingerprint(photographs: [String], labels: [Int]) throws -> String {
        var job = self
        // Paths change no weights; the workflow's cache keys cover contents.
        job.data = DataSettings(folder: "")
        job.split = ""
        job.output = ""
        job.member.weights = .none
        job.checkpoints = CheckpointSettings()
        job.licence = nil
        // All cards of a machine are alike.
        if case .card = job.device { job.device = .card(nil) }
        let whole: JSONValue = [
            "job": try JSONValue(encoding: job), "photographs": .array(photographs.map(JSONValue.string)),
            "labels": .array(labels.map { .number(Double($0)) }), "libtorch": .string(Runtime.version),
        ]
        return Digest.of(whole.canonicalText)
    }
}
