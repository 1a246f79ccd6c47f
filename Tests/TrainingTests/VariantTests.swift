import Basics
import Configuration
import Foundation
import Results
import Testing
import Torch

@testable import Training

/// Every configurable pooling, head and loss, each trained for two steps.
struct VariantTests {
    @Test(arguments: [
        "pooling: {kind: gem, learned: false}", "pooling: {kind: average}", "pooling: {kind: two-stage-gem}",
        "pooling: {kind: two-stage-gem, p: 4, learned: false}", "pooling: {kind: dolg, dilations: [1, 2]}",
        "pooling: {kind: dolg, learned: false, dilations: [1, 2, 3, 4, 5, 6, 7], projection: write-up}",
        "head: {kind: sub-centre, centres: 3}", "head: {kind: linear}", "head: {margin-rule: elastic}",
        "head: {margin-rule: power}", "head: {kind: sub-centre, margin-rule: range}",
        "loss: {kind: focal, reduction: batch, smoothing: 0.2, gamma: 6}", "loss: {kind: cross-entropy}",
        "loss: {kind: cross-entropy, smoothing: 0.1, class-weights: balanced}",
        "loss: {kind: focal, gamma: 0.5, class-weights: balanced}",
    ])
    func `Two steps give a finite loss, move the weights, and the stored model embeds like the trained one`(
        option: String
    ) throws {
        let pond = try Pond()
        defer { pond.remove() }
        var settings = try Pond.configuration("  \(option)").train
        // Maps of 2 × 2, because the mean of one number does not depend on p.
        settings.members[0].imageSize = 64
        let model = try MemberModel(
            member: settings.members[0], settings: settings, seed: 1,
            classes: (0..<4).map { AnimalClass(name: "w\($0)", photographs: 4 - $0) }, on: .cpu)
        let start = try model.store.parameters.map { try $0.tensor.floats() }
        let trainer = try Trainer(
            model, photographs: pond.photographs(4), loader: model.loader(cacheLimit: 0), seed: 1, on: .cpu)
        #expect(trainer.stepsPerEpoch == 2)
        #expect(try trainer.run(from: EpochProgress(epoch: 1)) { _ in }.meanLoss.isFinite)
        for (parameter, old) in zip(model.store.parameters, start)
        where !parameter.name.hasPrefix("backbone.") && !Self.unmoved.contains(where: parameter.name.hasSuffix) {
            #expect(try parameter.tensor.floats() != old, "\(parameter.name) did not move")
        }

        let directory = pond.directory.appending(path: "model")
        try model.writeWeights(to: MemberModel.weightsFile(in: directory))
        try TrainFiles.description.write(
            model.description(History(member: "m", seed: 1, fold: 0), photographs: 0, stopped: false), in: directory)
        let stored = try MemberModel.read(directory, on: .cpu)
        #expect(stored.settings == settings)
        #expect(stored.classes == model.classes)
        let images = try Tensor((0..<3 * 64 * 64).map { sin(Float($0)) }, shape: [1, 3, 64, 64])
        let embedding = try stored.network.embed(images, mirror: false).floats()
        #expect(try embedding == model.network.embed(images, mirror: false).floats())
        #expect(embedding.allSatisfy { $0.isFinite })
    }

    /// Batch norm removes whatever a bias before it adds.
    private static let unmoved = ["neck.projection.bias", "localmodel.conv1.bias"]

    @Test func `A model stored before an option existed is read as it was trained`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let settings = try Pond.configuration().train
        let directory = try pond.storedModel(settings)
        let file = directory.appending(path: "model.json")
        let whole = try pond.embedding(.trained(directory: directory.path), into: "whole.npy")

        var description = try #require(try JSONValue.read(file).object)
        var configuration = try #require(description["configuration"]?.object)
        var train = try #require(configuration["train"]?.object)
        train["pooling"] = ["kind": "gem", "p": 3]
        train["head"] = ["kind": "arcface", "scale": 20, "margin": 0.3]
        train["loss"] = ["kind": "focal", "gamma": 2, "reduction": "sample", "smoothing": 0]
        var member = try #require(configuration["member"]?.object)
        member["stochastic-depth"] = nil
        configuration["train"] = .object(train)
        configuration["member"] = .object(member)
        description["configuration"] = .object(configuration)
        description["class_photographs"] = nil
        try AtomicFile.write(JSONValue.object(description).text, to: file)

        #expect(try MemberModel.read(directory, on: .cpu).settings == settings)
        #expect(try pond.embedding(.trained(directory: directory.path), into: "old.npy").values == whole.values)
    }
}
