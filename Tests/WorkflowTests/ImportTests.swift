import Basics
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct ImportTests {
    private func run(_ sandbox: Sandbox) async throws -> [StageName] {
        try await sandbox.project().run(observer: SilentObserver()).ran.map(\.stage)
    }

    private func evaluation(_ sandbox: Sandbox) async throws -> JSONValue {
        try JSONValue.read(
            try await sandbox.project().results(of: Node(.evaluate)).appending(path: "evaluation.json"))
    }

    @Test func `Imported embeddings replace embed, and training is left out`() async throws {
        let sandbox = try Sandbox()
        let file = sandbox.root.appending(path: "mine.npy")
        try Sandbox.embeddings(noise: 0.2).write(to: file)
        let node = try await sandbox.project().importResult(file, member: nil, seed: nil, fold: nil)
        #expect(node == Node(.embed, member: "lite0", seed: 1, fold: 0))
        #expect(try await run(sandbox) == [.split, .measure, .search, .expand, .evaluate, .sweep, .reduce])
        #expect(sandbox.jobs == 0)
        let json = try await evaluation(sandbox)
        #expect(try #require(json[path: "pooled.map"]?.double) > 0.9)
        #expect(json["untrained"] == .null)
        #expect(try await sandbox.project().status().isFresh)
        let forced = try await sandbox.project().run(RunOptions(force: true), observer: SilentObserver())
        #expect(forced.ran.map(\.stage) == [.split, .measure, .search, .expand, .evaluate, .sweep, .reduce])

        try sandbox.configure("train: {batch-size: 8}\n")
        #expect(try await run(sandbox) == [], "no option makes an imported result stale")
        #expect(try sandbox.project().forgetImports() == [node.name])
        #expect(try await run(sandbox).prefix(2) == [.train, .embed])
        let entries = try Ledger(sandbox.project().store).entries
        #expect(
            try #require(entries.last).changes(since: entries[0]).map(\.text).contains(
                "import of \(node.name) mine.npy -> none"))
    }

    @Test func `An imported model replaces train, and embeds`() async throws {
        let sandbox = try Sandbox()
        let model = sandbox.root.appending(path: "model")
        try AtomicFile.write("weights", to: model.appending(path: "model.safetensors"))
        try TrainFiles.description.write(
            ModelDescription(
                backbone: "tf_efficientnet_lite0", parameters: 3_371_008, imageSize: 128, fit: .stretch,
                mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5], classes: ["w0"], classPhotographs: [3],
                embedding: 512, configuration: .init(member: [:], train: [:]), bestEpoch: 1, bestValidationMAP: nil,
                trainingPhotographs: 3, seed: 1, fold: 0, epochs: nil), in: model)
        #expect(try await sandbox.project().importResult(model, member: nil, seed: nil, fold: nil).stage == .train)
        #expect(
            try await run(sandbox) == [
                .split, .measure, .embed, .search, .expand, .evaluate, .sweep, .explain, .reduce,
            ])
        #expect(sandbox.jobs == 2, "what the model started from is not known; it embeds and is explained")
        #expect(try await evaluation(sandbox)["untrained"] == .null)
    }

    @Test func `An import that does not fit is refused and changes nothing`() async throws {
        let sandbox = try Sandbox(yaml: "seeds: [1, 2]\n")
        let project = try sandbox.project()
        let file = sandbox.root.appending(path: "mine.npy")
        try NPYMatrix(rows: 1, columns: 2, values: [1, 0]).write(to: file)
        await #expect(throws: ImportError.ambiguous(what: "seed", known: ["1", "2"])) {
            try await project.importResult(file, member: nil, seed: nil, fold: nil)
        }
        await #expect(throws: ImportError.unknown(what: "member", name: "b5", known: ["lite0"])) {
            try await project.importResult(file, member: "b5", seed: 1, fold: nil)
        }
        await #expect {
            try await project.importResult(file, member: nil, seed: 1, fold: nil)
        } throws: {
            "\($0)".contains("has 1 rows")
        }
        await #expect {
            try await project.importResult(sandbox.root, member: nil, seed: 1, fold: nil)
        } throws: {
            "\($0)".contains("model.json")
        }
        #expect(try await project.status().nodes.allSatisfy { $0.state == .missing })
    }
}
