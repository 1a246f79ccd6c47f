import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Results
import Testing

@testable import Workflow

@Suite struct MeasureTests {
    /// A picture of a few smooth patches; different numbers give different pictures.
    private static func picture(_ number: Int) -> Raster {
        var generator = SeededGenerator(seed: 1, "picture", "\(number)")
        let patches = Raster(width: 7, height: 5, pixels: (0..<105).map { _ in UInt8(generator.integer(in: 0..<256)) })
        return patches.resized(width: 140, height: 100, filter: .bicubic)
    }

    /// A typical copy: smaller, and saved again.
    private static func copy(of picture: Raster) throws -> Data {
        try picture.resized(width: 100, height: 71).jpeg(quality: 70)
    }

    private func run(_ project: Project, _ stages: Set<StageName>) async throws {
        _ = try await project.run(RunOptions(stages: stages), observer: SilentObserver())
    }

    @Test
    func
        `A near-duplicate across roles is reported after photographs are measured, a picture of the same place is not`()
        async throws
    {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        try await run(project, [.split])
        #expect(
            try await project.splitSummary().contains(
                "Near-duplicates were not checked: run 'whalebook run measure' to compute the hashes they need."))
        let folder = try await project.results(of: Node(.split, fold: 0))
        let split = try SplitFiles.split.read(in: folder)
        let trained = split.images(.train), tested = split.images(.test)
        let images = sandbox.root.appending(path: "pod/images")
        for (number, id) in (trained + tested).enumerated() {
            try AtomicFile.write(Self.picture(number).jpeg(quality: 95), to: images.appending(path: "\(id).jpg"))
        }
        try await run(project, [.split, .measure])
        let clean = try await project.splitSummary()
        #expect(!clean.contains("near-duplicate with") && !clean.contains("not looked for"), "\(clean)")

        let (original, planted, miss) = (Self.picture(0), tested[0], tested[1])
        try AtomicFile.write(Self.copy(of: original), to: images.appending(path: "\(planted).jpg"))
        // The same picture, shifted by a third, is a different one.
        var moved = original
        for y in 0..<original.height {
            for x in 0..<original.width { moved[x, y] = original[(x + original.width / 3) % original.width, y] }
        }
        try AtomicFile.write(moved.jpeg(quality: 95), to: images.appending(path: "\(miss).jpg"))
        try await run(project, [.split, .measure])
        let summary = try await project.splitSummary()
        let warning = summary.split(separator: "\n").first { $0.contains("near-duplicate") && $0.hasPrefix("warning") }
        #expect(warning?.contains(planted) == true && warning?.contains(trained[0]) == true, "\(summary)")
        #expect(warning?.contains(miss) == false)
    }

    @Test func `Every photograph has a row; it is empty if the photograph cannot be decoded`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        let image = sandbox.root.appending(path: "pod/images/p3-2.jpg")
        try AtomicFile.write(Self.picture(1).jpeg(quality: 95), to: image)
        let witness = Witness()
        _ = try await project.run(RunOptions(stages: [.measure]), observer: witness)
        #expect(witness.ran == ["measure"])
        let url = try await project.results(of: Node(.measure)).appending(path: MeasureFiles.measures.name)
        let table = try CSVTable.read(url)
        let photographs = try Catalog.read(sandbox.root.appending(path: "pod")).photographs
        #expect(table.rows.map { $0[0] } == photographs.map(\.id))
        let measured = table.rows.filter { !$0[1].isEmpty }
        #expect(measured.map { $0[0] } == ["p3-2"])
        #expect(measured.first?[1...2] == ["140", "100"])
        let hash = try PhotographMeasures(of: PhotographFile(id: "p3-2", url: image)).perceptualHash
        #expect(try MeasureFiles.measures.read(in: url.deletingLastPathComponent()).perceptualHashes == ["p3-2": hash])
        #expect(
            witness.messages.contains { $0.contains("71 photographs could not be measured") }, "\(witness.messages)")
    }

    @Test func `Training does not depend on measures`() throws {
        let graph = NodeGraph(members: [("a", [0])], seeds: [1], folds: [0])
        #expect(graph.nodes(for: [.search, .expand, .sweep]).allSatisfy { $0.stage != .measure })
        #expect(graph.importing { $0.stage == .embed }.nodes.contains(Node(.measure)))
    }
}
