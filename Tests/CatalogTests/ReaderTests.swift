import Basics
import Catalog
import Foundation
import Testing

/// Reads a fixture of each layout, detected from its files.
@Suite struct ReaderTests {
    static let fixtures = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "Fixtures")

    private func catalog(_ layout: Layout) throws -> Catalog {
        let folder = try CatalogFolder(Self.fixtures.appending(path: layout.rawValue))
        #expect(folder.layout == layout)
        return try Catalog.read(folder)
    }

    @Test func `The competition's folder, extended by boxes, splits and other viewpoints`() throws {
        #expect(
            try catalog(.competition).photographs == [
                Photograph(
                    id: "a", path: "images/a.jpg", height: 12, width: 16, viewpoint: .top, date: "2017-08-07",
                    timestamp: "2017-08-07 20:38:36", whaleID: "whale000", encounterID: "whale000-000", split: "train"),
                Photograph(
                    id: "b", path: "images/b.jpg", box: PixelBox(x: 2, y: 1, width: 8, height: 6),
                    viewpoint: Viewpoint("front"), date: "2019-08", split: "test"),
            ])
    }

    @Test func `COCO as on LILA: one photograph per annotation, without a box that covers the whole picture`() throws {
        #expect(
            try catalog(.coco).photographs == [
                Photograph(
                    id: "0", path: "images/train2022/000000000000.jpg", height: 12, width: 16, viewpoint: .top,
                    date: "2017-08-07", timestamp: "2017-08-07 20:38:36", whaleID: "whale000",
                    encounterID: "whale000 2017-08-07", split: "train"),
                Photograph(
                    id: "1", path: "images/train2022/000000000001.jpg", height: 30, width: 20,
                    box: PixelBox(x: 2, y: 3, width: 10, height: 20), viewpoint: .left, whaleID: "whale001",
                    split: "train"),
                Photograph(
                    id: "2", path: "images/train2022/000000000001.jpg", height: 30, width: 20,
                    box: PixelBox(x: 8, y: 0, width: 12, height: 10), viewpoint: .top, split: "train"),
            ])
    }

    @Test func `A data frame of wildlife-datasets`() throws {
        #expect(
            try catalog(.wildlifeDatasets).photographs == [
                Photograph(
                    id: "0", path: "images/a.jpg", viewpoint: .top, date: "2015-06-01",
                    timestamp: "2015-06-01 10:20:30", whaleID: "Ahab", encounterID: "Ahab 2015-06-01", split: "train"),
                Photograph(
                    id: "1", path: "images/b, c.jpg", box: PixelBox(x: 2, y: 1, width: 8, height: 6), viewpoint: .left,
                    date: "2015", split: "test"),
                Photograph(
                    id: "2", path: "images/ж.jpg", box: PixelBox(x: 0, y: 0, width: 16, height: 12), whaleID: "Жанна"),
            ])
    }

    @Test func `Wildbook's spreadsheet: one row per encounter, one photograph per media asset`() throws {
        #expect(
            try catalog(.wildbook).photographs == [
                Photograph(
                    id: "IMG_1.jpg#xywh=1,2,10,8", path: "IMG_1.jpg", box: PixelBox(x: 1, y: 2, width: 10, height: 8),
                    viewpoint: .top, date: "2019-07-04", timestamp: "2019-07-04 13:05:00", whaleID: "Bella",
                    encounterID: "occ-1"),
                Photograph(
                    id: "IMG_2.jpg", path: "IMG_2.jpg", viewpoint: .left, date: "2019-07-04",
                    timestamp: "2019-07-04 13:05:00", whaleID: "Bella", encounterID: "occ-1"),
                Photograph(
                    id: "IMG_1.jpg#xywh=0,0,6,6", path: "IMG_1.jpg", box: PixelBox(x: 0, y: 0, width: 6, height: 6),
                    viewpoint: .right, date: "2019-07", encounterID: "IMG_1.jpg"),
                Photograph(id: "IMG_3.jpg", path: "IMG_3.jpg", whaleID: "Bella", encounterID: "IMG_3.jpg"),
                Photograph(id: "IMG_4.jpg", path: "IMG_4.jpg", whaleID: "Bella", encounterID: "IMG_3.jpg"),
            ])
    }

    @Test func `A folder per individual, optionally with one per encounter`() throws {
        #expect(
            try catalog(.folders).photographs == [
                Photograph(
                    id: "Ahab/2019-07-04/1.jpg", path: "Ahab/2019-07-04/1.jpg", date: "2019-07-04", whaleID: "Ahab",
                    encounterID: "Ahab/2019-07-04"),
                Photograph(
                    id: "Ahab/2020-06-01/2.JPG", path: "Ahab/2020-06-01/2.JPG", date: "2020-06-01", whaleID: "Ahab",
                    encounterID: "Ahab/2020-06-01"),
                Photograph(id: "Moby Dick/3.jpeg", path: "Moby Dick/3.jpeg", whaleID: "Moby Dick"),
                Photograph(id: "unknown/4.jpg", path: "unknown/4.jpg"),
            ])
    }

    @Test func `Any layout can be written as the competition's, and reads back equal`() throws {
        for layout in Layout.allCases {
            let catalog = try catalog(layout)
            let copy = try TemporaryFolder()
            try Catalog(directory: copy.url, photographs: catalog.photographs).writeMetadata()
            #expect(try Catalog.read(copy.url, files: .unchecked).photographs == catalog.photographs, "\(layout)")
        }
    }
}

/// A folder that is removed at the end of the test.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file, empty by default, and its folders.
    func write(_ path: String, _ text: String = "") throws {
        try AtomicFile.write(text, to: url.appending(path: path))
    }

    /// All problems of a catalogue, without this folder's path.
    func problems(_ layout: Layout? = nil) throws -> [String] {
        let error = try #require(throws: CatalogError.self) { try Catalog.read(url, layout: layout) }
        return error.problems.map { $0.description.replacing(url.path + "/", with: "") }
    }
}
