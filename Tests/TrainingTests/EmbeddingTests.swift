import Backbones
import Basics
import Configuration
import Foundation
import Imaging
import Jobs
import Networks
import Results
import Testing
import Torch

@testable import Training

struct EmbeddingTests {
    @Test func `A stored model embeds like the one in memory, in rows of unit length`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let settings = try Pond.configuration().train
        let directory = try pond.storedModel(settings)
        let stored = try pond.embedding(.trained(directory: directory.path), into: "stored.npy")
        let untrained = try pond.embedding(
            .untrained(member: settings.members[0], train: settings, seed: 3), into: "untrained.npy")
        #expect(stored.rows == 20)
        #expect(stored.columns == 16)
        #expect(stored.values == untrained.values)
        for row in 0..<stored.rows {
            let length = stored.values[row * 16..<(row + 1) * 16].reduce(0) { $0 + $1 * $1 }
            // Single precision, sums of 16 numbers.
            #expect(abs(length - 1) < 1e-5)
        }
        let ids = try CSVTable.read(pond.directory.appending(path: "stored.csv"))
        #expect(ids.rows.map { $0[0] }.prefix(6) == ["w0n0", "w0n1", "w0n2", "w0n3", "w0n4", "w1n0"])
    }

    @Test func `The mirrored embedding is the mean of those of the image and its mirror image`() throws {
        let settings = try Pond.configuration().train
        let model = try MemberModel(
            member: settings.members[0], settings: settings, seed: 3, classes: Pond.classes("a", "b"), on: .cpu)
        var generator = SeededGenerator(seed: 1)
        let values: [Float] = (0..<3 * 32 * 32).map { _ in Float(generator.uniform(-1...1)) }
        let images = try Tensor(values, shape: [1, 3, 32, 32], on: .cpu)
        let reversed = stride(from: 0, to: values.count, by: 32).flatMap { values[$0..<$0 + 32].reversed() }
        let mirrored = try Tensor(Array(reversed), shape: [1, 3, 32, 32], on: .cpu)
        let network = model.network
        let sum = try network(images, mode: .evaluation) + network(mirrored, mode: .evaluation)
        let expected = try sum.unitLength().floats()
        let found = try network.embed(images, mirror: true).floats()
        for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-6) }
        #expect(try network.embed(images, mirror: false).floats() != found)
    }

    @Test func `A backbone with a file of weights embeds by its pooled features`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let settings = try Pond.configuration().train
        let model = try MemberModel(
            member: settings.members[0], settings: settings, seed: 3, classes: Pond.classes("a", "b"), on: .cpu)
        let weights = pond.directory.appending(path: "backbone.safetensors")
        let backbone = model.store.tensors.filter { $0.name.hasPrefix("backbone.") }
        try Safetensors.write(
            backbone.map { (String($0.name.dropFirst("backbone.".count)), $0.tensor) }, to: weights)
        let pooled = try pond.embedding(
            .backbone(MemberSettings(backbone: "tf_efficientnet_lite0", weights: weights.path, imageSize: 32)),
            into: "pooled.npy")
        #expect(pooled.columns == 1280)
        #expect(pooled.values.allSatisfy { $0.isFinite })
    }

    @Test(arguments: [Precision.float32, .bfloat16])
    func `A second pass after a step of training uses the new weights`(precision: Precision) throws {
        let pond = try Pond()
        defer { pond.remove() }
        let settings = try Pond.configuration().train
        let model = try MemberModel(
            member: settings.members[0], settings: settings, seed: 3,
            classes: Pond.classes("w0", "w1", "w2", "w3"), computing: precision, on: .cpu)
        let photographs = pond.photographs(4)
        let embedder = Embedder(model, mirror: false, on: .cpu, loader: try model.loader(cacheLimit: 0))
        let before = try embedder.rows(of: photographs.map(\.file)).values
        let trainer = try Trainer(
            model, photographs: photographs, loader: model.loader(cacheLimit: 0), seed: 1, on: .cpu)
        _ = try trainer.run(from: EpochProgress(epoch: 1)) { _ in }
        let after = try embedder.rows(of: photographs.map(\.file)).values
        #expect(after != before)
        let stored = pond.directory.appending(path: "moved")
        try model.writeWeights(to: MemberModel.weightsFile(in: stored))
        try TrainFiles.description.write(
            model.description(History(member: "m", seed: 1, fold: 0), photographs: 0, stopped: false), in: stored)
        let kept = try MemberModel.read(stored, computing: precision, on: .cpu)
        let read = Embedder(kept, mirror: false, on: .cpu, loader: try kept.loader(cacheLimit: 0))
        #expect(try read.rows(of: photographs.map(\.file)).values == after)
    }

    @Test func `Only hybrids accept weights of parts`() throws {
        var settings = try Pond.configuration().train
        settings.members[0].weights = .parts(cnn: MemberWeights.unnamed, transformer: MemberWeights.unnamed)
        #expect(throws: BackboneError.noParts(name: "tf_efficientnet_lite0")) {
            try MemberModel(
                member: settings.members[0], settings: settings, seed: 1, classes: Pond.classes("a", "b"), on: .cpu)
        }
    }

    @Test func `The error for a model folder without weights names the missing file`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let error = #expect(throws: (any Error).self) {
            try pond.embedding(.trained(directory: pond.directory.path), into: "none.npy")
        }
        #expect("\(try #require(error))".contains("model.json"))
    }

    @Test func `A model stores how photographs fill its square, and embeds them in that way`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        var settings = try Pond.configuration().train
        func rows(_ fit: Fit) throws -> [Float] {
            settings.members[0].fit = fit
            let place = try pond.storedModel(settings)
            #expect(try JSONValue.read(place.appending(path: "model.json"))["fit"]?.string == fit.rawValue)
            #expect(try MemberModel.read(place, on: .cpu).loader(cacheLimit: 0).framing.fit == fit)
            return try Array(pond.embedding(.trained(directory: place.path), into: "\(fit).npy").values)
        }
        let stretched = try rows(.stretch)
        #expect(try rows(.stretch) == stretched)
        #expect(try rows(.letterbox) != stretched)
    }

    @Test func `A model stores the statistics, the crop and the licence, and embeds with them`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        var settings = try Pond.configuration().train
        func rows(_ name: String) throws -> [Float] {
            let place = try pond.storedModel(settings)
            return try Array(pond.embedding(.trained(directory: place.path), into: "\(name).npy").values)
        }
        let plain = try rows("plain")
        for (name, change) in [
            ("statistics", { $0.mean = [0.1, 0.2, 0.3] }), ("crop", { $0.cropShare = 0.5 }),
            ("interpolation", { $0.interpolation = .bicubic }),
        ] as [(String, (inout MemberSettings) -> Void)] {
            settings = try Pond.configuration().train
            change(&settings.members[0])
            #expect(try rows(name) != plain, "\(name)")
        }
        settings.members[0].mean = [0.1, 0.2, 0.3]
        settings.members[0].deviation = [0.5, 0.25, 0.125]
        settings.members[0].cropShare = 0.5
        let place = try pond.storedModel(settings)
        let description = try TrainFiles.description.read(in: place)
        #expect(description.mean == [0.1, 0.2, 0.3] && description.deviation == [0.5, 0.25, 0.125])
        let loader = try MemberModel.read(place, on: .cpu).loader(cacheLimit: 0)
        #expect(loader.normalisation == Normalisation(mean: [0.1, 0.2, 0.3], deviation: [0.5, 0.25, 0.125]))
        #expect(loader.framing == Framing(share: 0.5, interpolation: .bicubic))
    }

    @Test func `The licence of a model is that of its weights' tag, and none without weights`() throws {
        var settings = try Pond.configuration().train
        func licence(_ backbone: String) throws -> String? {
            settings.members[0].backbone = backbone
            return try MemberModel(
                member: settings.members[0], settings: settings, seed: 1, classes: Pond.classes("a", "b"),
                on: .shapesOnly
            ).licence
        }
        #expect(try licence("tf_efficientnet_lite0.in1k") == nil, "its weights are random")
        let store = ParameterStore(seed: 1)
        _ = try BackboneCatalog.variant("tf_efficientnet_lite0").network(in: store.root.unfilled)
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        try store.save(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        settings.members[0].weights = .whole(file.path)
        let model = try MemberModel(
            member: settings.members[0], settings: settings, seed: 1, classes: Pond.classes("a", "b"), on: .cpu)
        #expect(model.licence == "apache-2.0")
        let history = History(member: "m", seed: 1, fold: 0)
        #expect(try model.description(history, photographs: 0, stopped: false).licence == nil)
        #expect(try model.description(history, photographs: 0, stopped: false, licence: "mit").licence == "mit")
    }
}
