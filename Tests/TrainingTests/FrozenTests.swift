import Basics
import Configuration
import Foundation
import Imaging
import Jobs
import Networks
import Testing
import Torch

@testable import Training

/// Trainings with a frozen backbone.
struct FrozenTests {
    /// Two epochs with a pooling, such as `{kind: average}`, and a way to mirror.
    ///
    /// Adam would make a whole step of the rounding of a gradient that is 0.
    private static func settings(pooling: String, flip: AugmentSettings.Flip = .off) throws -> TrainSettings {
        var settings = try Pond.configuration(
            "  pooling: \(pooling)\n  optimizer: {kind: sgd, learning-rate: 1e-2}\n"
        ).train
        settings.freeze = .backbone
        settings.schedule.epochs = 2
        settings.augment.flip = flip
        settings.neck.dropout = 0.2
        return settings
    }

    private static func model(_ settings: TrainSettings) throws -> MemberModel {
        try MemberModel(
            member: settings.members[0], settings: settings, seed: 1,
            classes: (0..<4).map { AnimalClass(name: "w\($0)", photographs: 4) }, on: .cpu)
    }

    /// The weights after two epochs; `limit` bytes of features are kept, nil for none.
    private static func weights(
        _ settings: TrainSettings, _ pond: Pond, limit: Int?
    ) throws -> [(name: String, values: [Float])] {
        let model = try model(settings)
        var trainer = try Trainer(
            model, photographs: pond.photographs(4), loader: model.loader(cacheLimit: 0), seed: 1, on: .cpu)
        if let limit { _ = try trainer.computeFeatures(limit: limit) { _ in } }
        for epoch in 1...2 { _ = try trainer.run(from: EpochProgress(epoch: epoch)) { _ in } }
        return try model.store.tensors.map { ($0.name, try $0.tensor.floats()) }
    }

    private static func largestDifference(
        _ one: [(name: String, values: [Float])], _ other: [(name: String, values: [Float])]
    ) -> Float {
        zip(one, other).flatMap { zip($0.values, $1.values).map { abs($0 - $1) } }.max() ?? .infinity
    }

    private static let poolings = [
        "{kind: average}", "{kind: gem, learned: false}", "{kind: gem}", "{kind: two-stage-gem}", "{kind: dolg}",
    ]

    @Test(arguments: poolings) func `Kept features give the weights of the frozen network`(pooling: String) throws {
        let pond = try Pond()
        defer { pond.remove() }
        let settings = try Self.settings(pooling: pooling)
        let kept = try Self.weights(settings, pond, limit: .max)
        let plain = try Self.weights(settings, pond, limit: nil)
        #expect(Self.largestDifference(kept, plain) < 1e-6)
        let start = try Self.model(settings).store.tensors.map { ($0.name, try $0.tensor.floats()) }
        for ((name, old), (_, new)) in zip(start, kept) {
            if name.hasPrefix("backbone.") { #expect(old == new, "\(name) moved") }
            if name == "neck.projection.weight" {
                #expect(old != new, "\(name) did not move")
            }
        }
    }

    @Test func `The exponent of GeM trains behind a frozen backbone`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        var settings = try Self.settings(pooling: "{kind: gem}")
        // A map of four places: of a single one, every generalised mean is the place itself.
        settings.members[0].imageSize = 64
        func exponent(_ weights: [(name: String, values: [Float])]) throws -> [Float] {
            try #require(weights.first { $0.name == "neck.pool.p" }).values
        }
        let kept = try exponent(Self.weights(settings, pond, limit: .max))
        #expect(kept != [Float(settings.pooling.p)])
        let plain = try exponent(Self.weights(settings, pond, limit: nil))
        #expect(abs(kept[0] - plain[0]) < 1e-6)
    }

    @Test(arguments: [AugmentSettings.Flip.same, .new]) func `Mirror images are drawn as without kept features`(
        flip: AugmentSettings.Flip
    ) throws {
        let pond = try Pond()
        defer { pond.remove() }
        let settings = try Self.settings(pooling: "{kind: average}", flip: flip)
        let kept = try Self.weights(settings, pond, limit: .max)
        #expect(try Self.largestDifference(kept, Self.weights(settings, pond, limit: nil)) < 1e-6)
        var plain = settings
        plain.augment.flip = .off
        if flip == .same { #expect(try Self.largestDifference(kept, Self.weights(plain, pond, limit: .max)) > 1e-6) }
    }

    @Test func `Freezing for all epochs without augmentation is the same training`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let settings = try Self.settings(pooling: "{kind: average}")
        var plain = settings
        plain.freeze = .none
        plain.schedule.freezeEpochs = 2
        (plain.augment.crop, plain.augment.brightness, plain.augment.contrast) = (1, 0, 0)
        (plain.augment.rotate, plain.augment.shift, plain.augment.scale, plain.augment.cutout) = (0, 0, 0, 0)
        let kept = try Self.weights(settings, pond, limit: .max)
        #expect(try Self.largestDifference(kept, Self.weights(plain, pond, limit: nil)) < 1e-6)
    }

    @Test func `A photograph's features are in its row, and its mirror image's in another`() throws {
        let pond = try Pond(photographs: 10)
        defer { pond.remove() }
        let model = try Self.model(Self.settings(pooling: "{kind: average}"))
        // 40 photographs, so that the last batch is not full.
        let photographs = pond.photographs(10).map(\.file)
        let loader = try model.loader(cacheLimit: 0)
        let features = try FrozenFeatures(
            of: photographs, loader: loader, preparation: .plain(), mirrored: true, on: .cpu, progress: { _ in },
            compute: { [try $0.mean(over: [2])] })
        for place in [0, 31, 32, 39] {
            for isMirrored in [false, true] {
                let batch = try #require(
                    try loader.batches(
                        of: [photographs[place]], batchSize: 1, preparation: .plain(mirrored: isMirrored)
                    ).next())
                let wanted = try batch.tensor(on: .cpu).mean(over: [2]).floats()
                let found = try features.rows([(place, isMirrored)])[0]
                #expect(found.shape == [1, 3, 32])
                // Sums of 32 numbers near 1 in another order.
                #expect(zip(try found.floats(), wanted).allSatisfy { abs($0 - $1) < 1e-5 }, "\(place) \(isMirrored)")
            }
        }
    }

    @Test func `Features that are too large are computed again, and the log says so`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let settings = try Self.settings(pooling: "{kind: gem}")
        let model = try Self.model(settings)
        var trainer = try Trainer(
            model, photographs: pond.photographs(4), loader: model.loader(cacheLimit: 0), seed: 1, on: .cpu)
        let text = try trainer.computeFeatures(limit: 1000) { _ in }
        #expect(
            text.contains("they are computed again in each epoch") && text.hasSuffix("photographs are not augmented"))
        let kept = try Self.weights(settings, pond, limit: 1000)
        #expect(try Self.largestDifference(kept, Self.weights(settings, pond, limit: nil)) == 0)
    }

    @Test func `A training says how photographs are treated, validates as always, and resumes`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        func trained(
            _ freeze: (inout TrainSettings) -> Void, into output: String
        ) throws -> (messages: [String], scores: [String]) {
            var messages: [String] = []
            let job = try pond.job(
                {
                    freeze(&$0)
                    $0.augment.flip = .same
                    ($0.augment.crop, $0.augment.brightness, $0.augment.contrast, $0.augment.rotate) = (1, 0, 0, 0)
                }, into: output)
            try job.perform { if case .message(let text) = $0 { messages.append(text) } }
            let history = try CSVTable.read(pond.directory.appending(path: "\(output)/history.csv"))
            return (messages, history.rows.map { $0[6] })
        }
        let frozen = try trained({ $0.freeze = .backbone }, into: "frozen")
        #expect(
            frozen.messages.first
                == "the backbone is frozen: its features of 16 photographs and of their mirror images were computed "
                + "once; photographs are augmented only by train.augment.flip")
        #expect(try frozen.scores == trained({ $0.schedule.freezeEpochs = 3 }, into: "plain").scores)
        #expect(frozen.scores.allSatisfy { !$0.isEmpty })
        let again = try trained({ $0.freeze = .backbone }, into: "frozen")
        #expect(again.messages.contains { $0.hasPrefix("resumes in epoch 4 of 3") })
    }
}
