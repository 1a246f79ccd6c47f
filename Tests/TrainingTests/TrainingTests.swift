import Basics
import Foundation
import Jobs
import Testing

@testable import Training

struct TrainingTests {
    @Test func `Of many broken photographs the first twenty have a line each, and the others are counted`() {
        let lines = TrainingError.brokenPhotographs((0..<30_000).map { "p\($0): it is cut short" }).lines
        #expect(lines.count == 23)
        #expect(lines[0] == "30,000 photographs cannot be read:" && lines[1] == "  p0: it is cut short")
        #expect(lines[21] == "  … and 29980 more." && lines[22].contains("--skip-broken"))
    }

    @Test func `The same seed gives the same bytes and another seed others`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        func weights(seed: Int, into output: String) throws -> Data {
            try pond.job(seed: seed, into: output).perform { _ in }
            return try Data(contentsOf: pond.directory.appending(path: "\(output)/model.safetensors"))
        }
        let first = try weights(seed: 1, into: "a")
        #expect(try weights(seed: 1, into: "b") == first)
        #expect(try weights(seed: 2, into: "c") != first)
    }

    @Test func `Training lowers the loss, reports each epoch and the settings it used`() throws {
        // Enough photographs that validation leaves full batches, and enough epochs to learn four colours.
        let pond = try Pond(photographs: 9)
        defer { pond.remove() }
        var facts: JSONValue?
        var shares: [Double] = []
        let job = try pond.job(
            {
                $0.members[0].imageSize = 64
                $0.schedule.epochs = 15
                $0.batchSize = 16
                $0.augment.crop = 1
            }, into: "model")
        try job.perform { event in
            switch event {
            case .progress(let done, let total, _, _, _): shares.append(Double(done) / Double(total))
            case .finished(let found): facts = found
            default: break
            }
        }
        let history = try CSVTable.read(pond.directory.appending(path: "model/history.csv"))
        let losses = history.rows.compactMap { Double($0[5]) }
        #expect(losses.count == 15)
        #expect(losses.suffix(3).reduce(0, +) / 3 < 0.6 * losses[0], "\(losses)")
        #expect(shares == shares.sorted())
        #expect(shares.last == 1)
        #expect(facts?["training_photographs"]?.integer == 32)
        let model = try JSONValue.read(pond.directory.appending(path: "model/model.json"))
        #expect(model["classes"]?.array?.compactMap(\.string) == ["w0", "w1", "w2", "w3"])
        #expect(model["class_photographs"]?.integers == [8, 8, 8, 8])
    }

    @Test func `A frozen backbone keeps its weights while the neck learns`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let job = try pond.job({ $0.schedule.freezeEpochs = 3 }, into: "model")
        try job.perform { _ in }
        let start = try MemberModel(
            member: job.member, settings: job.train, seed: 1, classes: Pond.classes("w0", "w1", "w2", "w3"), on: .cpu)
        let end = try MemberModel.read(pond.directory.appending(path: "model"), on: .cpu)
        for ((name, old), (_, new)) in zip(start.store.tensors, end.store.tensors) {
            let isSame = try old.floats() == new.floats()
            if name.hasPrefix("backbone.") { #expect(isSame, "\(name) moved") }
            if name == "neck.projection.weight" { #expect(!isSame) }
        }
    }

    @Test func `Mirror images as new individuals double the classes`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let job = try pond.job({ $0.augment.flip = .new }, into: "model")
        try job.perform { _ in }
        let model = try MemberModel.read(pond.directory.appending(path: "model"), on: .cpu)
        let head = try #require(model.store.tensors.first { $0.name == "head.weight" })
        #expect(head.tensor.shape == [8, 16])
    }

    @Test func `Broken photographs stop the training before its first epoch and are all named`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        try pond.cut("w1n2", "w3n0")
        var events = 0
        let error = #expect(throws: (any Error).self) {
            try pond.job(into: "model").perform { _ in events += 1 }
        }
        let words = "\(try #require(error))"
        #expect(words.contains("2 photographs cannot be read") && words.contains("--skip-broken"))
        #expect(words.contains("w1n2.jpg") && words.contains("w3n0.jpg"))
        #expect(events == 0)
        #expect(!FileManager.default.fileExists(atPath: pond.directory.appending(path: "model/model.json").path))
    }

    @Test func `Embedding leaves out broken photographs if requested`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let directory = try pond.storedModel(Pond.configuration().train).path
        let whole = try pond.embedding(.trained(directory: directory), into: "whole.npy")
        try pond.cut("w0n1")
        #expect(throws: (any Error).self) { try pond.embedding(.trained(directory: directory), into: "none.npy") }
        let rest = try pond.embedding(.trained(directory: directory), skipsBroken: true, into: "rest.npy")
        #expect(rest.rows == 19 && rest.values.prefix(16).elementsEqual(whole.values.prefix(16)))
        let ids = try CSVTable.read(pond.directory.appending(path: "rest.csv")).rows.map { $0[0] }
        #expect(ids.count == 19 && !ids.contains("w0n1"))
    }

    @Test func `Too few photographs are refused with what to do`() throws {
        let pond = try Pond(photographs: 1)
        defer { pond.remove() }
        #expect(throws: TrainingError.tooFewPhotographs(count: 0, whales: 0)) {
            try pond.job(into: "model").perform { _ in }
        }
    }

    @Test func `A photograph of an unknown animal does not count as the first animal's`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let split = pond.directory.appending(path: "split.csv")
        let text = try String(contentsOf: split, encoding: .utf8)
        try AtomicFile.write(text.replacing("w2n0,w2,", with: "w2n0,,"), to: split)
        #expect(throws: TrainingError.noClass(photograph: "w2n0", whale: "", list: split.path)) {
            try pond.job(into: "model").perform { _ in }
        }
    }

    @Test func `A loss of NaN stops the training`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let job = try pond.job(
            {
                $0.optimizer.learningRate = 1e30
                $0.optimizer.backboneLearningRate = 1e30
                $0.schedule.warmupEpochs = 0
            }, into: "model")
        #expect(throws: TrainingError.self) { try job.perform { _ in } }
    }
}
