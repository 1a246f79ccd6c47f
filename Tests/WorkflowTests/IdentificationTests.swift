import Basics
import Catalog
import Foundation
import Imaging
import Testing

@testable import Workflow

@Suite struct IdentificationTests {
    /// A finished run, and pictures that the worker embeds as the given photographs of the pod.
    private func sandbox(
        _ pictures: [(name: String, as: Int)], yaml: String = "split: {folds: 2}\n"
    ) async throws -> (sandbox: Sandbox, project: Project, urls: [URL]) {
        let sandbox = try Sandbox(yaml: yaml)
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let season = sandbox.root.appending(path: "season")
        let urls = pictures.map { season.appending(path: $0.name) }
        for url in urls {
            try AtomicFile.write(Raster(width: 40, height: 30, red: 9, green: 99, blue: 120).jpeg(quality: 90), to: url)
        }
        let all = Sandbox.embeddings(noise: 1.4)
        let values = pictures.flatMap { all.values[$0.as * all.columns..<($0.as + 1) * all.columns] }
        try NPYMatrix(rows: pictures.count, columns: all.columns, values: values)
            .write(to: sandbox.root.appending(path: "bin/asked.npy"))
        try AtomicFile.write(
            CSVTable.text(header: ["image_id"], rows: urls.map { [$0.path] }),
            to: sandbox.root.appending(path: "bin/asked.csv"))
        return (sandbox, project, urls)
    }

    @Test func `A photograph that the catalogue has is found first, its animal known`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7), ("deep/b.JPG", 40)])
        let identified = try await Identification(
            project, photographs: [sandbox.root.appending(path: "season")], count: 3
        ).run(observer: SilentObserver())
        #expect(identified.photographs.map(\.path) == urls.map(\.path))
        for (photograph, row) in zip(identified.photographs, [7, 40]) {
            let best = try #require(photograph.candidates.first)
            #expect(photograph.candidates.count == 3)
            #expect(best.whaleID == "w\(row / 6)" && best.photographs.first?.id == "p\(row / 6)-\(row % 6)")
            // Rows of unit length in single precision.
            #expect(abs(best.score - 1) < 1e-6 && best.photographs.count == 3)
            #expect(photograph.isNew == false)
            #expect(try #require(photograph.probabilityOfNew) < 0.5)
        }
        #expect(identified.text.contains("a.jpg: a known animal, new with probability "))
        #expect(identified.json[path: "photographs.0.candidates.0.photographs.0.path"] == "images/p1-1.jpg")
    }

    @Test func `A picture that cannot be read is told, the others are answered all the same`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7)])
        let broken = sandbox.root.appending(path: "season/broken.jpg")
        try AtomicFile.write("no picture", to: broken)
        let identified = try await Identification(project, photographs: urls + [broken], count: 2)
            .run(observer: SilentObserver())
        #expect(identified.photographs.count == 1)
        #expect(identified.unreadable.map(\.path) == [broken.path])
        #expect(identified.json[path: "unreadable.0.reason"]?.string?.isEmpty == false)
    }

    @Test func `The contact sheet is a picture with a row for each photograph`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7), ("b.jpg", 8)])
        let identified = try await Identification(project, photographs: urls, count: 2).run(observer: SilentObserver())
        let sheet = sandbox.root.appending(path: "sheet.png")
        #expect(try identified.writeSheet(to: sheet) == [sheet])
        #expect(try Data(contentsOf: sheet).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test func `Without a calibration there are animals but no probability, and the reason`() async throws {
        let (sandbox, project, urls) = try await sandbox([("a.jpg", 7)], yaml: "split: {folds: 20}\n")
        defer { withExtendedLifetime(sandbox) {} }
        let identified = try await Identification(project, photographs: urls, count: 1).run(observer: SilentObserver())
        #expect(identified.photographs[0].probabilityOfNew == nil && identified.photographs[0].isNew == nil)
        #expect(identified.text.contains("There is no probability of a new animal: too few photographs"))
    }

    @Test func `Nothing to ask, and models that are not there, are refused`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        #expect(throws: FileError.self) {
            try Identification(project, photographs: [sandbox.root.appending(path: "nowhere.jpg")], count: 1)
        }
        #expect { try Identification(project, photographs: [sandbox.root.appending(path: "bin")], count: 1) } throws: {
            "\($0)".contains("no picture lies in it")
        }
        let photograph = sandbox.root.appending(path: "pod/images/p0-0.jpg")
        let identification = try Identification(project, photographs: [photograph], count: 1)
        await #expect(throws: WorkflowError.self) { try await identification.run(observer: SilentObserver()) }
    }
}
