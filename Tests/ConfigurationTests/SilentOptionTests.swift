import Basics
import Configuration
import Foundation
import Testing

/// Options that are newer than existing results.
@Suite struct SilentOptionTests {
    private func parse(_ text: String, _ overrides: String...) throws -> Configuration {
        try Configuration(parsing: text, path: "w.yaml", root: URL(filePath: "/"), overrides: overrides)
    }

    @Test func `At its default a silent option is left out, so that earlier results stay fresh`() throws {
        let plain = try parse("")
        // The tree's names before the first silent option.
        #expect(
            plain.tree[path: "train.optimizer"]?.object?.keys.sorted() == [
                "backbone-learning-rate", "clip-norm", "kind", "learning-rate", "weight-decay",
            ])
        #expect(plain.tree[path: "train.sampler"]?.object?.keys.sorted() == ["kind"])
        #expect(
            plain.tree["train"]?.object?.keys.sorted() == [
                "augment", "batch-size", "checkpoints", "head", "loss", "members", "neck", "optimizer", "pooling",
                "sampler", "schedule",
            ])
        let spelled = try parse(
            "train: {accumulation: 1, selection: {patience: 0, every: auto}, optimizer: {head-learning-rate: same}}")
        #expect(spelled.tree == plain.tree && spelled.train == plain.train)
    }

    @Test func `At another value only that option is added`() throws {
        let configuration = try parse("train: {selection: {every: 3}, optimizer: {kind: sgd, momentum: 0.5}}")
        #expect(configuration.tree[path: "train.selection"] == ["every": 3])
        #expect(configuration.tree[path: "train.optimizer.momentum"] == 0.5)
        #expect(configuration.train.selection.every == 3 && configuration.train.selection.patience == 0)
        #expect(try parse("", "train.optimizer.head-learning-rate=0.5").train.optimizer.headLearningRate == 0.5)
    }

    @Test func `A model's description has the same options as a configuration, and is read back unchanged`() throws {
        for text in ["", "train: {average-decay: 0.9, selection: {measure: scenarios}, optimizer: {decays: all}}"] {
            let train = try parse(text).train
            let described = train.described
            #expect(try TrainSettings(described: described) == train)
            #expect((described["average-decay"] == nil) == text.isEmpty)
            #expect((described[path: "optimizer.momentum"]) == nil)
        }
    }

    @Test func `A balanced batch is a multiple of the photographs per animal`() throws {
        #expect(try parse("train: {batch-size: 12, sampler: {kind: balanced, images: 3}}").train.sampler.images == 3)
        let error = try #require(throws: ConfigurationError.self) {
            try parse("train: {batch-size: 13, sampler: {kind: balanced, images: 3}}")
        }
        #expect(error.description.contains("train.batch-size 13 is not a multiple of train.sampler.images 3"))
        #expect(throws: ConfigurationError.self) { try parse("train: {sampler: {kind: shuffle, images: 3}}") }
    }
}
