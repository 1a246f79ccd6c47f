import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Results
import Testing

@testable import Workflow

@Suite struct FolderSearchTests {
    /// A sandbox whose pod has a scenario, and a file with its embeddings.
    private func sandbox() throws -> (sandbox: Sandbox, pod: URL, embeddings: URL) {
        let sandbox = try Sandbox()
        let pod = sandbox.root.appending(path: "pod")
        let catalog = try Catalog.read(pod)
        let ids = catalog.photographs.map(\.id)
        try ScenarioFiles.write(
            [Scenario(id: "s", queries: ids.prefix(4).map { .init(id: "s-\($0)", imageID: $0) }, database: ids)],
            of: catalog, to: pod)
        let embeddings = sandbox.root.appending(path: "e.npy")
        try Sandbox.embeddings(noise: 0.6).write(to: embeddings)
        return (sandbox, pod, embeddings)
    }

    private func search(
        _ embeddings: URL, _ pod: URL, expand: [String] = [], rerank: String? = nil
    ) throws -> FolderSearch {
        try FolderSearch(
            embeddings: embeddings, data: DataSettings(folder: pod.path), count: 20, augment: nil, expand: expand,
            rerank: rerank)
    }

    @Test(arguments: [nil, "power:7", "k-reciprocal:4:2:0.3"])
    func `Every query is ranked, never with its own photograph, and the score is good`(rerank: String?) throws {
        let (sandbox, pod, embeddings) = try sandbox()
        let output = sandbox.root.appending(path: "submission.csv")
        #expect(try search(embeddings, pod, expand: ["average-qe:2"], rerank: rerank).write(to: output) == 4)
        let submission = try Submission.read(output)
        #expect(submission.rows.count == 80)
        #expect(submission.rows.allSatisfy { $0.queryID != "s-" + $0.imageID })
        let score = try OfficialScore(
            submission, labels: SplitFiles.labels.read(in: pod), strict: true)
        #expect(score.meanAveragePrecision > 0.8)
    }

    @Test func `Embeddings of another folder are refused with both counts, or with the first different name`() throws {
        let (sandbox, pod, embeddings) = try sandbox()
        let output = sandbox.root.appending(path: "submission.csv")
        let list = sandbox.root.appending(path: "e.csv")
        var ids = try Catalog.read(pod).photographs.map { [$0.id] }
        ids.swapAt(0, 1)
        try AtomicFile.write(CSVTable.text(header: ["image_id"], rows: ids), to: list)
        #expect(throws: WorkflowError.self) { try search(embeddings, pod).write(to: output) }
        try NPYMatrix(rows: 2, columns: 2, values: [1, 0, 0, 1]).write(to: embeddings)
        #expect { try search(embeddings, pod).write(to: output) } throws: {
            "\($0)".contains("has 2 rows") && "\($0)".contains("72 photographs")
        }
        #expect(!FileManager.default.fileExists(atPath: output.path))
    }

    @Test(arguments: [Float.nan, 0])
    func `An embedding without a direction is refused, and the error names its photograph`(number: Float) throws {
        let (sandbox, pod, embeddings) = try sandbox()
        var values = Array(Sandbox.embeddings(noise: 0.6).values)
        let width = values.count / 72
        for index in 5 * width..<6 * width { values[index] = number }
        try NPYMatrix(rows: 72, columns: width, values: values).write(to: embeddings)
        let id = try Catalog.read(pod).photographs[5].id
        let expected =
            number == 0
            ? WorkflowError.zeroVector(embeddings: embeddings.path, row: 5, photograph: id)
            : .notFinite(embeddings: embeddings.path, row: 5, photograph: id)
        #expect(throws: expected) {
            try search(embeddings, pod).write(to: sandbox.root.appending(path: "submission.csv"))
        }
    }

    @Test func `A search overwrites only a submission`() throws {
        let (sandbox, pod, embeddings) = try sandbox()
        let notes = sandbox.root.appending(path: "notes.csv")
        try AtomicFile.write("query_id,database_image_id\n", to: notes)
        let files = ["metadata.csv", "query_scenarios.csv", "labels.csv", "queries/s.csv", "images/p0-0.jpg"]
        for output in files.map({ pod.appending(path: $0) }) + [embeddings, notes] {
            let before = try Data(contentsOf: output)
            #expect(throws: WorkflowError.notOurs(path: output.path, kind: "submission")) {
                try search(embeddings, pod).write(to: output)
            }
            #expect(try Data(contentsOf: output) == before)
        }
        let own = sandbox.root.appending(path: "submission.csv")
        for _ in 0..<2 { #expect(try search(embeddings, pod).write(to: own) == 4) }
        try Data().write(to: own)
        #expect(try search(embeddings, pod).write(to: own) == 4)
    }

    @Test func `An embedding overwrites only its own list`() async throws {
        let (sandbox, pod, _) = try sandbox()
        func embed(_ output: URL) async throws {
            try await FolderEmbedding(
                data: DataSettings(folder: pod.path), model: .trained(directory: sandbox.root.path), mirror: false,
                device: .cpu, output: output
            ).run(sandbox.worker, observer: SilentObserver())
        }
        for name in ["metadata", "labels"] {
            let before = try Data(contentsOf: pod.appending(path: "\(name).csv"))
            await #expect(throws: WorkflowError.self) { try await embed(pod.appending(path: "\(name).npy")) }
            #expect(try Data(contentsOf: pod.appending(path: "\(name).csv")) == before)
        }
        await #expect(throws: WorkflowError.self) { try await embed(pod.appending(path: "images/p0-0.jpg")) }
    }

    @Test func `Wrong steps and counts are refused at once`() throws {
        let (_, pod, embeddings) = try sandbox()
        #expect { try search(embeddings, pod, expand: ["alpha-eq:3:3"]) } throws: {
            "\($0)".contains("did you mean 'alpha-qe'?")
        }
        #expect { try search(embeddings, pod, rerank: "pwer:7") } throws: { "\($0)".contains("did you mean 'power'?") }
        #expect(throws: WorkflowError.tooManyAnswers(count: 21, limit: 20)) {
            try FolderSearch(
                embeddings: embeddings, data: DataSettings(folder: pod.path), count: 21, augment: nil, expand: [])
        }
    }
}

@Suite struct SurroundingsTests {
    @Test func `A configuration below the project belongs to the project around it`() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "project-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try AtomicFile.write("", to: root.appending(path: "Package.swift"))
        try AtomicFile.write("", to: root.appending(path: "Sources/Workflow/A.swift"))
        try AtomicFile.write("", to: root.appending(path: "reports/b.book.md"))
        try AtomicFile.write("", to: root.appending(path: "reports/a.book.md"))
        try AtomicFile.write("", to: root.appending(path: "configs/x.yaml"))
        let found = ProjectLayout(of: root.appending(path: "configs"), executable: URL(filePath: "/usr/bin/x"))
        #expect(found.root.standardizedFileURL.path == root.path)
        #expect(found.sources.standardizedFileURL.path == root.appending(path: "Sources").path)
        #expect(try found.documents().map(\.lastPathComponent) == ["a.book.md", "b.book.md"])
    }

    @Test func `A project without documents reports where they would be`() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "alone-\(UUID().uuidString)")
        let found = ProjectLayout(of: root, executable: root.appending(path: "bin/x"))
        #expect(found.root.standardizedFileURL.path == root.path)
        #expect { try found.documents() } throws: { "\($0)".contains("NAME.book.md") }
    }
}

@Suite struct BackboneListTests {
    private static let list = BackboneList(
        WorkerDescription(
            libtorch: "2.6.0", devices: ["cpu"], cpuCapability: "AVX2", threads: 2,
            backbones: [
                .init(
                    name: "one", parameters: 3_371_008, multiplyAdds: 383_907_552, features: 1280, imageSize: 224,
                    mean: [0.5, 0.5, 0.5], deviation: [0.229, 0.224, 0.225], licence: "apache-2.0"),
                .init(
                    name: "swin_tiny_patch4_window7_224", parameters: 27_519_354, multiplyAdds: 4_371_107_328,
                    features: 768, imageSize: 224, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5]),
            ]))

    @Test func `The list of backbones shows their sizes and expected inputs in both forms`() throws {
        let lines = Self.list.text.split(separator: "\n")
        #expect(
            lines.map { $0.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) } } == [
                ["backbone", "parameters", "multiply-adds", "features", "image size", "mean", "deviation", "licence"],
                ["one", "3.4 M", "0.38 G", "1280", "224", "0.5", "0.229 0.224 0.225", "Apache-2.0"],
                ["swin_tiny_patch4_window7_224", "27.5 M", "4.37 G", "768", "224", "0.5", "0.5", "–"],
                ["published model", "backbone", "image size", "licence"],
                ["hf-hub:BVRA/MegaDescriptor-T-224", "swin_tiny_patch4_window7_224", "224", "CC BY-NC 4.0"],
            ])
        let one = try #require(Self.list.json.array?.first)
        #expect(one["multiply_adds"]?.integer == 383_907_552)
        #expect(one["mean"]?.numbers == [0.5, 0.5, 0.5])
        #expect(one["deviation"]?.numbers == [0.229, 0.224, 0.225])
        #expect(one["licence"] == "apache-2.0")
        let model = try #require(Self.list.json.array?.last)
        #expect(model["name"] == "hf-hub:BVRA/MegaDescriptor-T-224" && model["parameters"]?.integer == 27_519_354)
    }
}
