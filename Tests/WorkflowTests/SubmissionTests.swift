import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct SubmissionTests {
    /// A project with current models, and a test folder without names, whose labels are kept separately.
    private func sandbox(
        _ yaml: String = "", database: (([String]) -> [String])? = nil
    ) async throws -> (sandbox: Sandbox, test: URL, labels: URL) {
        let sandbox = try Sandbox(yaml: yaml)
        _ = try await sandbox.project().run(observer: SilentObserver())
        let named = try Catalog.read(sandbox.root.appending(path: "pod"))
        let ids = named.photographs.map(\.id)
        let scenario = Scenario(
            id: "s", queries: ids.prefix(6).map { .init(id: "s-\($0)", imageID: $0) },
            database: database.map { $0(ids) } ?? ids)
        let labels = sandbox.root.appending(path: "labels.csv")
        try ScenarioFiles.writeLabels(of: [scenario], in: named, to: labels)
        let test = sandbox.root.appending(path: "test")
        let nameless = named.photographs.map {
            Photograph(id: $0.id, path: $0.path, height: 64, width: 64, viewpoint: $0.viewpoint)
        }
        let catalog = Catalog(directory: test, photographs: nameless)
        try catalog.writeMetadata()
        try FileManager.default.copyItem(
            at: sandbox.root.appending(path: "pod/images"), to: test.appending(path: "images"))
        try ScenarioFiles.write([scenario], of: catalog, to: test)
        return (sandbox, test, labels)
    }

    private func submission(
        _ sandbox: Sandbox, _ test: URL, _ scores: ScoreMapping = .writeUp, settings: [String] = []
    ) throws -> TestSubmission {
        TestSubmission(
            try sandbox.project(settings: settings), data: DataSettings(folder: test.path), scores: scores)
    }

    @Test func `All models rank an unlabelled folder, and the official score is good`() async throws {
        let (sandbox, test, labels) = try await sandbox("seeds: [1, 2]\nexpand: [{kind: power}]\n")
        let output = sandbox.root.appending(path: "submission.csv")
        let jobs = sandbox.jobs
        let summary = try await submission(sandbox, test).write(to: output, observer: SilentObserver())
        #expect(summary == .init(queries: 6, rows: 120, models: 2))
        #expect(sandbox.jobs == jobs + 2)
        let score = try OfficialScore(Submission.read(output), labels: Labels.read(labels), strict: true)
        #expect(score.meanAveragePrecision > 0.3)
    }

    @Test func `The mapping changes scores but not their order`() async throws {
        let (sandbox, test, _) = try await sandbox()
        let files = try await [ScoreMapping.writeUp, .unit].asyncMap { mapping in
            let output = sandbox.root.appending(path: "\(mapping.rawValue).csv")
            _ = try await submission(sandbox, test, mapping).write(to: output, observer: SilentObserver())
            return try Submission.read(output).rows
        }
        #expect(files[0].map(\.imageID) == files[1].map(\.imageID))
        // (v + 1) * 0.49 against (v + 1) / 2.
        #expect(zip(files[0], files[1]).allSatisfy { abs($0.score / 0.98 - $1.score) < 1e-12 })
    }

    @Test func `A folder without valid scenarios is refused before the worker starts, and nothing is written`()
        async throws
    {
        let output: (Sandbox) -> URL = { $0.root.appending(path: "submission.csv") }
        let (empty, test, _) = try await sandbox { _ in [] }
        let jobs = empty.jobs
        await #expect(throws: SubmissionError.unanswered(query: "s-p0-0", scenario: "s")) {
            try await submission(empty, test).write(to: output(empty), observer: SilentObserver())
        }
        try FileManager.default.removeItem(at: test.appending(path: "query_scenarios.csv"))
        await #expect(throws: WorkflowError.noScenarioFiles(test.path)) {
            try await submission(empty, test).write(to: output(empty), observer: SilentObserver())
        }
        #expect(empty.jobs == jobs)
        #expect(!FileManager.default.fileExists(atPath: output(empty).path))
    }

    @Test func `A member with its own folds ranks with the models of those folds`() async throws {
        let members = """
            train:
              members:
                - {name: one, backbone: tf_efficientnet_lite0, folds: [0]}
                - {name: two, backbone: tf_efficientnet_lite0}
            """
        let (sandbox, test, _) = try await sandbox(
            "split: {folds: 2, fold: all}\nsearch: {join: folds}\n\(members)\n")
        let output = sandbox.root.appending(path: "submission.csv")
        #expect(try await submission(sandbox, test).write(to: output, observer: SilentObserver()).models == 3)
    }

    @Test func `Models that are not current are refused, and the error names their node`() async throws {
        let (sandbox, test, _) = try await sandbox()
        let error = await #expect(throws: WorkflowError.self) {
            try await submission(sandbox, test, settings: ["train.schedule.epochs=3"])
                .write(to: sandbox.root.appending(path: "submission.csv"), observer: SilentObserver())
        }
        #expect(error?.description.contains("train lite0 seed 1 fold 0") == true)
    }

    @Test func `A failing worker leaves no submission`() async throws {
        let (sandbox, test, _) = try await sandbox()
        try sandbox.behave("fail")
        let output = sandbox.root.appending(path: "submission.csv")
        let failure = await #expect(throws: StageFailure.self) {
            try await submission(sandbox, test).write(to: output, observer: SilentObserver())
        }
        #expect(!FileManager.default.fileExists(atPath: output.path))
        let log = try #require(failure?.log)
        #expect(FileManager.default.fileExists(atPath: log))
        try FileManager.default.removeItem(at: URL(filePath: log).deletingLastPathComponent())
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
