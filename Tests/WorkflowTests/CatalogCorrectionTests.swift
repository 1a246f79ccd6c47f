import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct CatalogCorrectionTests {
    private static func merge(_ one: String, _ other: String, _ decision: IdentitySuspect.Decision) -> IdentitySuspect {
        IdentitySuspect(
            kind: .merge, whaleID: one, otherWhaleID: other, imageIDs: [], score: 1, evidence: "", decision: decision)
    }

    private static func split(
        _ whale: String, _ name: String, _ images: [String], rival: String? = nil
    ) -> IdentitySuspect {
        IdentitySuspect(
            kind: .split, whaleID: whale, otherWhaleID: name, imageIDs: images, score: 1, evidence: "",
            decision: .accept, rival: rival.map { .init(whaleID: $0, imageID: "p2-0") })
    }

    private static func correction(_ suspects: [IdentitySuspect], in sandbox: Sandbox) throws -> CatalogCorrection {
        let file = sandbox.root.appending(path: "suspects.csv")
        try SuspectTable.write(suspects, to: file)
        return try CatalogCorrection(file, data: DataSettings(folder: sandbox.root.appending(path: "pod").path))
    }

    @Test func `Accepted suspects are merged and split; the others and the folder itself are unchanged`() throws {
        let sandbox = try Sandbox()
        let pod = sandbox.root.appending(path: "pod")
        let before = try Data(contentsOf: pod.appending(path: "metadata.csv"))
        let correction = try Self.correction(
            [
                Self.merge("w1", "w0", .accept), Self.merge("w1", "w2", .accept), Self.merge("w3", "w4", .reject),
                Self.merge("w5", "w6", .undecided), Self.split("w0", "w0-2", ["p0-1", "p0-4"]),
            ], in: sandbox)
        let output = sandbox.root.appending(path: "corrected")
        try correction.write(to: output)
        let corrected = try Catalog.read(output)
        for photograph in try Catalog.read(pod).photographs {
            let expected =
                switch photograph.id {
                case "p0-1", "p0-4": "w0-2"
                // Three connected names with six photographs each: the first by name remains.
                default: ["w1", "w2"].contains(photograph.whaleID) ? "w0" : photograph.whaleID
                }
            #expect(corrected[photograph.id] == photograph.named(expected), "\(photograph.id)")
        }
        #expect(try Data(contentsOf: pod.appending(path: "metadata.csv")) == before)
        #expect(
            correction.text == """
                3 accepted, 1 rejected, 1 undecided
                split: 2 photographs of w0 → w0-2
                merged: w1 → w0
                merged: w2 → w0
                14 photographs have a new name; 12 animals before, 11 now
                stale once 'data' names the new folder: split, measure, keypoints, train, embed, \
                bridge, background, search, match, fuse, expand, evaluate, sweep, explain, reduce

                """)
        #expect(throws: WorkflowError.self) { try correction.write(to: output) }
    }

    @Test func `Photographs can take the name of their rival, also if that is merged`() throws {
        let sandbox = try Sandbox()
        let moved = Self.split("w5", "w2", ["p5-0"], rival: "w2")
        #expect(try Self.correction([moved], in: sandbox).names == ["p5-0": "w2"])
        let names = try Self.correction([moved, Self.merge("w1", "w2", .accept)], in: sandbox).names
        #expect(names["p5-0"] == "w1" && names["p2-0"] == "w1" && names.count == 7)
        // Two suspicions can have one rival, but no other animal is taken for it.
        let twice = [moved, Self.split("w6", "w2", ["p6-0"], rival: "w2")]
        #expect(try Self.correction(twice, in: sandbox).names.count == 2)
        #expect(throws: CatalogError.self) {
            try Self.correction([Self.split("w5", "w3", ["p5-0"], rival: "w2")], in: sandbox)
        }
    }

    @Test func `Scenarios are copied, and their labels follow the new names`() throws {
        let sandbox = try Sandbox()
        let pod = sandbox.root.appending(path: "pod")
        let catalog = try Catalog.read(pod)
        let scenario = Scenario(
            id: "s", queries: [.init(id: "q", imageID: "p0-0")], database: catalog.photographs.map(\.id))
        try ScenarioFiles.write([scenario], of: catalog, to: pod)
        let output = sandbox.root.appending(path: "corrected")
        try Self.correction([Self.merge("w0", "w1", .accept)], in: sandbox).write(to: output)
        #expect(try ScenarioFiles.read(Catalog.read(output)) == [scenario])
        #expect(try SplitFiles.labels.read(in: output).answers["q"]?.count == 11)
    }

    @Test func `Decisions that do not fit the folder are refused all at once, each with its line`() throws {
        let sandbox = try Sandbox()
        let error = #expect(throws: CatalogError.self) {
            try Self.correction(
                [
                    Self.merge("w0", "w99", .accept), Self.merge("nobody", "w0", .reject),
                    Self.split("w1", "w2", ["p1-0"]), Self.split("w3", "w3-2", ["p4-0", "p3-0"]),
                    Self.split("w3", "w3-3", ["p3-0"]),
                ], in: sandbox)
        }
        #expect(error?.problems.map(\.line) == [2, 4, 5, 6])
        let text = "\(try #require(error))"
        for words in [
            "no animal 'w99'", "the new name 'w2'", "'p4-0' is not a photograph of 'w3'", "'p3-0' is also in another",
        ] { #expect(text.contains(words), "\(text)") }
    }

    @Test func `A search finds an animal with two names`() async throws {
        let sandbox = try Sandbox()
        let pod = sandbox.root.appending(path: "pod")
        let catalog = try Catalog.read(pod)
        let torn = catalog.photographs.map { photograph in
            ["p3-2", "p3-3", "p3-4", "p3-5"].contains(photograph.id) ? photograph.named("torn") : photograph
        }
        try Catalog(directory: pod, photographs: torn).writeMetadata()
        let project = try sandbox.project()
        defer { withExtendedLifetime(sandbox) {} }
        let vectors = sandbox.root.appending(path: "e.npy")
        try Sandbox.embeddings(noise: 0.3).write(to: vectors)
        _ = try await project.importResult(vectors, member: nil, seed: nil, fold: nil)
        _ = try await project.run(observer: SilentObserver())
        let file = try await project.results(of: Node(.search, seed: 1, fold: 0)).appending(path: "suspects.csv")
        let suspects = try SuspectTable.read(file).map(\.suspect)
        let first = try #require(suspects.first)
        #expect([first.whaleID, first.otherWhaleID] == ["torn", "w3"], "\(suspects.map(\.evidence))")
        try await laysOutSuspects(project, suspects, current: file)
    }

    /// The list is next to the reports and follows each run until somebody enters a decision.
    private func laysOutSuspects(_ project: Project, _ suspects: [IdentitySuspect], current: URL) async throws {
        let reports = project.configuration.root.appending(path: "reports")
        let file = reports.appending(path: "suspects.csv")
        #expect(try await project.layOutSuspects(in: reports) == .written(file))
        #expect(try SuspectTable.read(file).map(\.suspect) == suspects)
        try SuspectTable.write([], to: file)
        #expect(try await project.layOutSuspects(in: reports) == .written(file))
        #expect(try SuspectTable.read(file).map(\.suspect) == suspects)

        let decided = try String(contentsOf: file, encoding: .utf8).replacing(",\n", with: ",reject\n")
        try AtomicFile.write(decided, to: file)
        #expect(try SuspectTable.read(file).allSatisfy { $0.suspect.decision == .reject })
        #expect(try await project.layOutSuspects(in: reports) == .kept(file, newer: current))
        #expect(try String(contentsOf: file, encoding: .utf8) == decided)
        try AtomicFile.write("somebody's own table\n", to: file)
        #expect(try await project.layOutSuspects(in: reports) == .kept(file, newer: current))
    }
}
