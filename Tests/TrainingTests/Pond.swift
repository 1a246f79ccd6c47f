import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Jobs
import Results

@testable import Training

/// A folder of small photographs, each animal in one colour, and jobs on it.
struct Pond {
    let directory: URL
    private static let colours: [(UInt8, UInt8, UInt8)] = [(220, 60, 50), (60, 200, 70), (70, 80, 220), (230, 220, 60)]

    /// Draws `photographs` pictures of each of four animals; the last of each is for validation.
    init(photographs: Int = 5) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "pond-\(UUID().uuidString)")
        var rows: [[String]] = []
        var split: [[String]] = []
        for whale in Self.colours.indices {
            for number in 0..<photographs {
                let id = "w\(whale)n\(number)"
                try AtomicFile.write(
                    Self.picture(of: whale, number: number).jpeg(quality: 90),
                    to: directory.appending(path: "images/\(id).jpg"))
                rows.append([
                    id, "images/\(id).jpg", "40", "48", "top", "2020-01-0\(number + 1)", "", "w\(whale)",
                    "e\(whale)-\(number)",
                ])
                split.append([id, "w\(whale)", "0", number == photographs - 1 ? "validation" : "train"])
            }
        }
        let header = [
            "image_id", "path", "height", "width", "viewpoint", "date", "timestamp", "whale_id", "encounter_id",
        ]
        try AtomicFile.write(
            CSVTable.text(header: header, rows: rows), to: directory.appending(path: "metadata.csv"))
        try AtomicFile.write(
            CSVTable.text(header: ["image_id", "whale_id", "fold", "role"], rows: split),
            to: directory.appending(path: "split.csv"))
    }

    /// The animal's colour with the photograph's own noise.
    private static func picture(of whale: Int, number: Int) -> Raster {
        var generator = SeededGenerator(seed: UInt64(number), "pond", "\(whale)")
        let colour = colours[whale]
        var raster = Raster(width: 48, height: 40)
        for y in 0..<raster.height {
            for x in 0..<raster.width {
                let noise = generator.integer(in: 0..<25)
                raster[x, y] = (colour.0 - UInt8(noise), colour.1 - UInt8(noise), colour.2 - UInt8(noise))
            }
        }
        return raster
    }

    /// The options of a training, with those of `yaml` instead of the defaults.
    static func configuration(_ yaml: String = "") throws -> Configuration {
        let base = """
            train:
              members: [{name: small, backbone: tf_efficientnet_lite0, image-size: 32}]
              neck: {embedding: 16, dropout: 0}
              schedule: {epochs: 3, warmup-epochs: 1}
              batch-size: 8

            """
        return try Configuration(
            parsing: base + yaml, path: "test.yaml", root: FileManager.default.temporaryDirectory,
            overrides: ["train.augment.shift=0", "train.augment.scale=0", "train.augment.cutout=0"])
    }

    /// A training on the folder.
    func job(
        _ change: (inout TrainSettings) -> Void = { _ in }, seed: Int = 1, precision: Precision = .float32,
        into output: String
    ) throws -> TrainJob {
        var train = try Self.configuration().train
        change(&train)
        return TrainJob(
            data: DataSettings(folder: directory.path), split: directory.appending(path: "split.csv").path,
            member: train.members[0], train: train, seed: seed, fold: 0, device: .cpu, precision: precision,
            output: directory.appending(path: output).path)
    }

    /// The folder of an untrained network for two animals.
    func storedModel(_ settings: TrainSettings) throws -> URL {
        let model = try MemberModel(
            member: settings.members[0], settings: settings, seed: 3, classes: Self.classes("a", "b"), on: .cpu)
        let place = directory.appending(path: "model")
        try model.writeWeights(to: MemberModel.weightsFile(in: place))
        try TrainFiles.description.write(
            model.description(History(member: "m", seed: 1, fold: 0), photographs: 0, stopped: false), in: place)
        return place
    }

    /// An embedding of the folder by a model.
    func embedding(
        _ model: EmbedJob.Model, mirror: Bool = false, skipsBroken: Bool = false, precision: Precision = .float32,
        into output: String
    ) throws -> NPYMatrix {
        let file = directory.appending(path: output)
        let job = EmbedJob(
            data: DataSettings(folder: directory.path), model: model, mirror: mirror,
            skipsBroken: skipsBroken, device: .cpu, precision: precision, output: file.path)
        try job.perform { _ in }
        return try NPYMatrix.read(file)
    }

    /// Truncates the files of some photographs.
    func cut(_ ids: String...) throws {
        for id in ids {
            let file = directory.appending(path: "images/\(id).jpg")
            try Data(contentsOf: file).prefix(400).write(to: file)
        }
    }

    /// The first `count` photographs of each animal, with its number.
    func photographs(_ count: Int) -> [(file: PhotographFile, label: Int)] {
        Self.colours.indices.flatMap { whale in
            (0..<count).map { number in
                let id = "w\(whale)n\(number)"
                return (PhotographFile(id: id, url: directory.appending(path: "images/\(id).jpg")), whale)
            }
        }
    }

    /// Classes of one photograph each.
    static func classes(_ names: String...) -> [AnimalClass] { names.map { AnimalClass(name: $0, photographs: 1) } }

    func remove() { try? FileManager.default.removeItem(at: directory) }
}
