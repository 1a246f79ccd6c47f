import Basics
import Catalog
import Configuration
import Foundation
import Jobs
import Testing

@testable import Workflow

/// The findings of `init` in a folder, and that the next command works with the files that it writes.
struct SetupTests {
    private func folder(_ paths: [String]) throws -> URL {
        let root = FileManager.default.temporaryDirectory.appending(path: "setup-\(UUID())")
        for path in paths { try AtomicFile.write("picture", to: root.appending(path: "data/\(path)")) }
        return root
    }

    private func setup(_ root: URL, trains: Bool = true, salvage: Salvage = .off) throws -> ProjectSetup {
        try ProjectSetup(
            DataSettings(folder: root.appending(path: "data").path, salvage: salvage), root: root,
            backbone: ProjectSetup.backbone, weights: ProjectSetup.weights, trains: trains)
    }

    /// The configuration, read back.
    private func configuration(_ setup: ProjectSetup, _ root: URL) throws -> Configuration {
        try Configuration(parsing: setup.configuration, path: "whalebook.yaml", root: root)
    }

    @Test func `Animals in folders without dates are split by photograph, with a warning`() throws {
        let root = try folder((0..<6).flatMap { whale in (0..<4).map { "w\(whale)/\($0).jpg" } })
        defer { try? FileManager.default.removeItem(at: root) }
        let setup = try setup(root)
        let read = try configuration(setup, root)
        #expect(read.split.kind == .image && !read.train.members.contains(where: read.train.trains))
        #expect(read.data.folder == "data" && read.data.layout == .folders)
        #expect(setup.findings.contains { $0.hasPrefix("encounters  unknown") && $0.contains("too high") })
        #expect(setup.findings.contains { $0.hasPrefix("training    none, 6 animals have two photographs") })
    }

    @Test func `What happens to truncated files is in the configuration`() throws {
        let root = try folder((0..<6).flatMap { whale in (0..<4).map { "w\(whale)/\($0).jpg" } })
        defer { try? FileManager.default.removeItem(at: root) }
        #expect(try configuration(setup(root, salvage: .grey), root).data.salvage == .grey)
        #expect(try !setup(root).configuration.contains("salvage"))
    }

    @Test func `Folders named after a split with a test give the split by column`() throws {
        let root = try folder(
            ["train", "val", "test"].flatMap { part in
                (0..<6).flatMap { whale in (0..<2).map { "\(part)/w\(whale)/\($0).jpg" } }
            })
        defer { try? FileManager.default.removeItem(at: root) }
        let setup = try setup(root)
        #expect(try configuration(setup, root).split.kind == .column)
        #expect(
            setup.findings.contains {
                $0.hasPrefix("split       as the metadata or folders say: test 12, train 12, val 12")
            })
    }

    @Test func `Folders named after a split without a test are reported as not used`() throws {
        let root = try folder(
            ["train", "val"].flatMap { part in
                (0..<6).flatMap { whale in (0..<2).map { "\(part)/w\(whale)/\($0).jpg" } }
            })
        defer { try? FileManager.default.removeItem(at: root) }
        let setup = try setup(root)
        #expect(try configuration(setup, root).split.kind == .image)
        #expect(setup.findings.contains { $0.contains("by photograph; the parts train 12, val 12 are not used") })
    }

    @Test func `Sides and sightings in names give scenarios by side and a split by encounter`() throws {
        let root = try folder(
            (0..<6).flatMap { whale in
                (0..<4).flatMap { sighting in ["left", "right"].map { "w\(whale)/\(sighting)_\($0).jpg" } }
            })
        defer { try? FileManager.default.removeItem(at: root) }
        let setup = try setup(root)
        let read = try configuration(setup, root)
        #expect(read.split.kind == .encounter)
        let names = "names       `*_left*` means left: 24 files (w0/0_left.jpg, w0/1_left.jpg)"
        #expect(setup.findings.contains(names))
        #expect(setup.findings.contains { $0.contains("left-left (") && $0.contains("right-right (") })
        // The written patterns read the names in the same way.
        #expect(try read.resolvedData.catalog().photographs.map(\.encounterID).allSatisfy { $0 != nil })
    }

    @Test func `Thirty animals with two photographs are used for training, unless it is turned off`() throws {
        let root = try folder((0..<30).flatMap { whale in (0..<4).map { "w\(whale)/2020-01-0\($0 + 1)/a.jpg" } })
        defer { try? FileManager.default.removeItem(at: root) }
        let trained = try configuration(setup(root), root)
        #expect(trained.train.members.allSatisfy(trained.train.trains) && trained.split.kind == .encounter)
        let plain = try setup(root, trains: false)
        #expect(
            try !configuration(plain, root).train.members.contains(where: trained.train.trains)
                || plain.configuration.contains("kind: none"))
        #expect(plain.findings.contains { $0.hasPrefix("training    none, as requested") })
    }

    @Test func `A folder in which no animal has two photographs is refused with a remedy`() throws {
        let root = try folder((0..<4).map { "w\($0)/1.jpg" })
        defer { try? FileManager.default.removeItem(at: root) }
        #expect { try setup(root) } throws: { "\($0)".contains("nothing to rank") }
    }

    @Test func `If each animal has only one encounter the split is by photograph, with the reason`() throws {
        let root = try folder((0..<6).flatMap { whale in (0..<4).map { "w\(whale)/2020-01-05/\($0).jpg" } })
        defer { try? FileManager.default.removeItem(at: root) }
        let setup = try setup(root)
        #expect(try configuration(setup, root).split.kind == .image)
        #expect(setup.findings.contains { $0.hasPrefix("encounters  known, but too few animals have two: ") })
        #expect(setup.configuration.contains("# Too few encounters to keep them whole"))
    }

    @Test func `Photographs without a name are left out and counted`() throws {
        let root = try folder((0..<6).flatMap { whale in (0..<4).map { "w\(whale)/\($0).jpg" } } + ["unknown/1.jpg"])
        defer { try? FileManager.default.removeItem(at: root) }
        let setup = try setup(root)
        #expect(try configuration(setup, root).split.unknown == .leaveOut)
        #expect(setup.findings.contains { $0.contains("1 photograph without a name left out") })
    }

    @Test func `Nothing is overwritten`() throws {
        let root = try folder((0..<6).flatMap { whale in (0..<4).map { "w\(whale)/\($0).jpg" } })
        defer { try? FileManager.default.removeItem(at: root) }
        let file = root.appending(path: "whalebook.yaml")
        #expect(try setup(root).write(to: file).count == 1 + BuiltInDocuments.names.count)
        try AtomicFile.write("mine", to: file)
        #expect(try setup(root).write(to: file).isEmpty)
        #expect(try String(contentsOf: file, encoding: .utf8) == "mine")
    }

    @Test func `The program's documents are those of the repository`() throws {
        let reports = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "reports")
        let root = FileManager.default.temporaryDirectory.appending(path: "documents-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        #expect(
            BuiltInDocuments.names == ["appendix.book.md", "failures.book.md", "retrain.book.md", "write-up.book.md"])
        for file in try BuiltInDocuments.write(into: root) {
            let own = try String(contentsOf: reports.appending(path: file.lastPathComponent), encoding: .utf8)
            #expect(try String(contentsOf: file, encoding: .utf8) == own)
        }
    }

    @Test func `A timing is valid for a day, and while the load is the same`() {
        let facts = EstimateFacts(
            parameters: 1, fixedBytes: nil, bytesPerPhotograph: nil, embeddingBytesPerPhotograph: nil,
            training: .init(1),
            embedding: .init(1), preparation: nil, repetition: nil)
        let now = Date()
        func kept(_ age: Double, _ load: Double?) -> StoredEstimate {
            StoredEstimate(facts: facts, measuredAt: now.addingTimeInterval(-age), load: load)
        }
        #expect(kept(60, 0.1).holds(at: now, load: 0.4) && kept(60, nil).holds(at: now, load: 3))
        #expect(!kept(90_000, 0.1).holds(at: now, load: 0.1))
        #expect(!kept(60, 0.1).holds(at: now, load: 1.2) && !kept(60, 2).holds(at: now, load: 0.5))
    }
}
