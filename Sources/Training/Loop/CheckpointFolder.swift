import Basics
import Configuration
import Digests
import Foundation
import Jobs
import Results
import Torch

/// The checkpoints of one training: safetensors files, each with its digest beside it in the form of `sha256sum`.
struct CheckpointFolder {
    let url: URL
    /// How many stay.
    let kept: Int

    private static let ending = "safetensors"
    private static let digestEnding = "sha256"
    private static let entry = "checkpoint"
    private static let prefix = "epoch-"

    /// The folder within that of a training's artefacts, without what a killed training left half written.
    init(in directory: URL, kept: Int) {
        url = directory.appending(path: "checkpoints")
        self.kept = kept
        if let held = try? HeldFolder(url) { AtomicFile.sweep(held) }
    }

    /// Writes a checkpoint, beside and renamed, and lets go of the oldest.
    ///
    /// - Throws: ``FileError``, ``TorchError``; what was there stays then.
    func write(_ checkpoint: Checkpoint, _ tensors: [(name: String, tensor: Tensor)]) throws {
        let place = checkpoint.place
        let file = url.appending(
            path: String(format: "\(Self.prefix)%06d-step-%08d.\(Self.ending)", place.epoch, place.steps))
        // A digest without its file would be taken for damage; so the file goes first.
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

    /// Where the weights of the best epoch are.
    func bestFile(_ epoch: Int) -> URL { url.appending(path: String(format: "best-%06d.\(Self.ending)", epoch)) }

    /// The newest checkpoint of a training that is whole; those that are not are taken away.
    ///
    /// - Parameter tell: Told of each that cannot serve, and why.
    /// - Throws: ``FileError`` where one cannot be taken away, or files ran out.
    func newest(of training: String, tell: (String) -> Void) throws -> (checkpoint: Checkpoint, tensors: Safetensors)? {
        for file in try files.reversed() {
            do {
                return try Self.read(file, of: training, best: bestFile)
            } catch let error as Unusable {
                tell("the checkpoint \(file.lastPathComponent) \(error.reason); going back to the one before it")
                try Self.remove(file)
            }
        }
        return nil
    }

    /// The checkpoints, oldest first.
    ///
    /// - Throws: ``FileError`` where files ran out.
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
        else { throw Unusable(reason: "has no digest, as when writing it was interrupted") }
        guard try FileError.attempt({ try Digest.ofContents(of: file.path) }) == String(digest) else {
            throw Unusable(reason: "is damaged: its digest is not the one that was written")
        }
        guard let tensors = try FileError.attempt({ try Safetensors.read(file) }), let text = tensors.metadata[entry],
            let checkpoint = try? JSONValue(parsing: Data(text.utf8)).decoded(as: Checkpoint.self),
            checkpoint.format == Checkpoint.format
        else { throw Unusable(reason: "is of another version of this program") }
        guard checkpoint.training == training else { throw Unusable(reason: "is of another training") }
        if let weights = checkpoint.best,
            try FileError.attempt({ try Digest.ofContents(of: best(weights.epoch).path) }) != weights.digest
        {
            throw Unusable(reason: "wants the weights of epoch \(weights.epoch), which are damaged or gone")
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

    /// Keeps the newest checkpoints, and the best weights that they name.
    private func prune() throws {
        let files = try files
        for file in files.dropLast(kept) { try Self.remove(file) }
        // The best epoch only ever becomes a later one.
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
