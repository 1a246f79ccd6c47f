import Catalog
import Foundation
import Testing

/// The competition's metadata, if they are next to the checkout; its photographs are not needed.
@Suite struct CompetitionDataTests {
    static let folder = ReaderTests.fixtures.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/whale-do")

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: folder.appending(path: "metadata.csv").path),
            "the competition's metadata are missing"))
    func `The counts are the competition's`() throws {
        let catalog = try Catalog.read(Self.folder, files: .unchecked)
        let perWhale = Dictionary(grouping: catalog.photographs.compactMap(\.whaleID)) { $0 }.mapValues(\.count)
        let perViewpoint = Dictionary(grouping: catalog.photographs) { $0.viewpoint }.mapValues(\.count)
        #expect(catalog.photographs.count == 5902)
        #expect(perWhale.count == 788)
        #expect(Set(catalog.photographs.compactMap(\.encounterID)).count == 1617)
        #expect(perViewpoint == [.top: 5434, .left: 237, .right: 231])
        #expect(perWhale.values.count { $0 == 1 } == 155)
        #expect(try ScenarioFiles.read(catalog).count == 2)
    }
}
