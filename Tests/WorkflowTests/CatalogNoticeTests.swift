import Basics
import Catalog
import Foundation
import Imaging
import Results
import Testing

@testable import Workflow

/// What a run says about the catalogue before it starts.
@Suite struct CatalogNoticeTests {
    private func messages(_ sandbox: Sandbox, _ stages: Set<StageName> = [.split]) async throws -> [String] {
        let witness = Witness()
        _ = try await sandbox.project().run(RunOptions(stages: stages), observer: witness)
        return witness.messages.filter { $0.hasPrefix("catalogue: ") }
    }

    /// Changes the animals of some photographs.
    private func rename(_ names: [String: String], in sandbox: Sandbox) throws {
        let directory = sandbox.root.appending(path: "pod")
        let catalog = try Catalog.read(directory)
        try Catalog(
            directory: directory, photographs: catalog.photographs.map { $0.named(names[$0.id] ?? $0.whaleID) }
        ).writeMetadata()
    }

    @Test func `A run says what is odd about the catalogue, once and before it works`() async throws {
        let sandbox = try Sandbox(yaml: "split: {unknown: leave-out}\n")
        try rename(["p0-0": "Unknown", "p0-1": "NA", "p0-2": "unknown", "p1-0": "W1", "p2-0": "w2 "], in: sandbox)
        try AtomicFile.write("x", to: sandbox.root.appending(path: "pod/images/stray.jpg"))
        let said = try await messages(sandbox)
        #expect(
            said == [
                "catalogue: names of nobody: NA 1, Unknown 1, unknown 1: read as unnamed; data.nobody lists such words",
                "catalogue: 2 names are almost another's: 'w1' and 'W1' on line 8 differ only in case, so they count "
                    + "as two animals",
                "catalogue: ignored: 1 picture that metadata.csv does not name: images/stray.jpg",
                "catalogue: 'whalebook catalog pod' shows all, with places",
            ])
        #expect(try await messages(sandbox) == [], "everything is fresh")
        #expect(try await messages(sandbox, [.train]).count == 4, "another run works")
    }

    @Test func `An ordinary catalogue is not worth a word`() async throws {
        #expect(try await messages(Sandbox(), [.split, .measure]) == [])
    }

    @Test func `A long finding is cut`() throws {
        let folder = try TemporaryFolder("notice")
        defer { folder.remove() }
        let name = String(repeating: "x", count: 300)
        try AtomicFile.write("", to: folder.url.appending(path: "a.jpg"))
        try AtomicFile.write(
            "image_id,path,height,width,viewpoint,date,whale_id\na,a.jpg,1,1,top,,\(name)\nb,a.jpg,1,1,top,, \(name)\n",
            to: folder.url.appending(path: "metadata.csv"))
        let notice = CatalogNotice(try CatalogSurvey(CatalogFolder(folder.url)), of: "pod")
        #expect(notice.lines.count == 2 && notice.lines.allSatisfy { $0.count < 260 })
    }

    @Test func `Measuring reports mirrored photographs, which are on nobody's list before`() async throws {
        let sandbox = try Sandbox()
        var picture = Raster(width: 64, height: 64)
        var generator = SeededGenerator(seed: 3, "picture")
        let waves = (0..<6).map { _ in
            (generator.uniform(0...0.4), generator.uniform(0...0.4), generator.uniform(0...6))
        }
        for y in 0..<64 {
            for x in 0..<64 {
                let sum = waves.reduce(0.0) { $0 + sin($1.0 * Double(x) + $1.1 * Double(y) + $1.2) }
                let level = UInt8(min(255, max(0, 127 + 20 * sum)))
                picture[x, y] = (level, level, level)
            }
        }
        let images = sandbox.root.appending(path: "pod/images")
        try AtomicFile.write(picture.jpeg(quality: 95), to: images.appending(path: "p4-0.jpg"))
        try AtomicFile.write(picture.mirrored().jpeg(quality: 95), to: images.appending(path: "p7-1.jpg"))
        let witness = Witness()
        _ = try await sandbox.project().run(RunOptions(stages: [.measure]), observer: witness)
        #expect(
            witness.messages.contains(
                "measure: 1 pair of mirrored or turned near-duplicates: p4-0 = p7-1 (mirrored)"),
            "\(witness.messages)")
    }
}
