import Foundation
import Testing

@testable import Catalog

/// Folders named after the parts of a split, around the animals' folders or in them.
struct SplitFolderTests {
    private func photographs(_ paths: [String]) throws -> [Photograph] {
        let folder = try TemporaryFolder()
        for path in paths { try folder.write(path) }
        let place = try CatalogFolder(folder.url)
        #expect(place.layout == .folders)
        return try Catalog.read(place).photographs
    }

    @Test(arguments: [("train", "val"), ("Train", "Valid"), ("training", "validation"), ("train", "TEST")])
    func `In train/ANNA the animal is ANNA and the split is the folder`(one: String, other: String) throws {
        let read = try photographs([
            "\(one)/Anna/0.jpg", "\(one)/Bert/2020-01-05/left/1.jpg", "\(other)/Anna/0.jpg", "\(other)/unknown/2.jpg",
        ])
        #expect(Set(read.map(\.whaleID)) == ["Anna", "Bert", nil])
        #expect(read.filter { $0.whaleID == "Anna" }.compactMap(\.split).sorted() == [one, other].sorted())
        let bert = try #require(read.first { $0.whaleID == "Bert" })
        #expect(bert.encounterID == "Bert/2020-01-05" && bert.viewpoint == .left && bert.date == "2020-01-05")
    }

    @Test func `The split by column follows the folders`() throws {
        let folder = try TemporaryFolder()
        for part in ["train", "val", "test"] {
            for animal in ["A", "B", "C"] {
                for number in 0..<2 { try folder.write("\(part)/\(animal)/\(number).jpg") }
            }
        }
        let catalog = try Catalog.read(folder.url)
        let split = try SplitSettings(kind: .column, folds: 5).split(catalog, fold: 0, reserved: nil, seed: 1)
        for (part, role) in [("train", Role.train), ("val", .validation), ("test", .test)] {
            #expect(split.images(role).count == 6 && split.images(role).allSatisfy { $0.hasPrefix(part + "/") })
        }
        #expect(
            try CatalogFolder(folder.url).photographListing().hasPrefix(
                "path,animal,viewpoint,date,timestamp,encounter,box,split\n"))
    }

    @Test func `One part alone, parts without names, and parts in the animals' folders are recognised`() throws {
        #expect(try photographs(["train/Anna/0.jpg", "train/Bert/1.jpg"]).map(\.whaleID) == ["Anna", "Bert"])
        #expect(try photographs(["train/0.jpg", "test/1.jpg"]).map(\.whaleID) == [nil, nil])
        let inside = try photographs(["Anna/train/0.jpg", "Anna/test/1.jpg", "Bert/train/2.jpg"])
        #expect(inside.map(\.whaleID) == ["Anna", "Anna", "Bert"])
        #expect(
            inside.map(\.split) == ["test", "train", "train"] || inside.map(\.split) == ["train", "test", "train"])
        #expect(inside.allSatisfy { $0.encounterID == nil })
    }

    @Test func `A test part without animals is a part, as in competitions`() throws {
        let read = try photographs(["train/Anna/0.jpg", "train/Bert/1.jpg", "test/2.jpg", "more/Cora/3.jpg"])
        #expect(read.map(\.whaleID).compactMap(\.self).sorted() == ["Anna", "Bert", "more"])
        #expect(read.compactMap(\.split).sorted() == ["test", "train", "train"])
    }

    @Test func `Folders of images alone, as in YOLO's layout, are no animals`() throws {
        let folder = try TemporaryFolder()
        for part in ["train", "valid", "test"] { try folder.write("\(part)/images/0.jpg") }
        #expect(throws: LayoutError.self) { try CatalogFolder(folder.url) }
    }

    @Test func `An animal called Test among others is an animal`() throws {
        let read = try photographs(["Test/1.jpg", "Test/2.jpg", "Anna/2.jpg"])
        #expect(Set(read.map(\.whaleID)) == ["Test", "Anna"] && read.allSatisfy { $0.split == nil })
    }
}
