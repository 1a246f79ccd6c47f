import Basics
import Foundation
import Testing

@testable import Catalog

/// Names that must not be read as metadata: words within others, cameras' counters, and sides in place of encounters.
struct FolderReadingTests {
    private func photographs(_ paths: [String]) throws -> [Photograph] {
        let folder = try TemporaryFolder()
        for path in paths { try folder.write(path) }
        return try Catalog.read(folder.url, layout: .folders).photographs
    }

    @Test(arguments: [
        ["A/photo_left_1.jpg", "A/photo_right_1.jpg", "B/photo_left_1.jpg", "B/photo_right_2.jpg"],
        ["12/12_left_1.jpg", "12/12_right_1.jpg", "13/13_left.jpg", "13/13_right.jpg"],
        ["A/1_left_a.jpg", "A/1_left_b.jpg", "B/2_left_a.jpg", "B/2_left_b.jpg"],
        ["A/7_topaz_1.jpg", "A/7_topaz_2.jpg"],
    ])
    func `A word, the animal's own name and a number with one side are not encounters`(paths: [String]) throws {
        #expect(try photographs(paths).allSatisfy { $0.encounterID == nil })
    }

    private static let nyalas = CompetitionDataTests.folder.deletingLastPathComponent()
        .appending(path: "photos/nyala-folders")

    @Test(.enabled(if: FileManager.default.fileExists(atPath: nyalas.path), "the nyalas' photographs are missing"))
    func `Every nyala photograph is read with its side and sighting`() throws {
        let folder = try CatalogFolder(Self.nyalas)
        let read = try Catalog.read(folder).photographs
        #expect(read.count == 88 && read.count { $0.viewpoint == .left } == 44)
        #expect(read.allSatisfy { $0.viewpoint.isLateral && $0.encounterID != nil })
        #expect(read.first { $0.path == "69/93_leftphoto.jpg" }?.encounterID == "69/93")
        #expect(
            try folder.patternMatches().map { "\($0.pattern.path) \($0.count)" } == [
                "*_left* 44", "*_right* 44", "*/{encounter}_{viewpoint}* 88",
            ])
    }

    @Test func `Sightings' folders take precedence over file numbers`() throws {
        let read = try photographs(["A/2020/1_left.jpg", "A/2020/1_right.jpg", "A/2021/1_left.jpg"])
        #expect(read.map(\.encounterID) == ["A/2020", "A/2020", "A/2021"])
    }

    @Test func `A side's folder is not an encounter, and a side after the day does not divide it`() throws {
        let read = try photographs([
            "A/Left side/1.jpg", "A/Right side/2.jpg", "A/leftphotos/3.jpg", "B/2020-01-05 left/4.jpg",
            "B/2020-01-05 right/5.jpg", "B/right whale trip/6.jpg",
        ])
        #expect(read.map(\.viewpoint) == [.left, .right, .left, .left, .right, .unknown])
        #expect(
            read.map(\.encounterID) == [nil, nil, nil, "B/2020-01-05", "B/2020-01-05", "B/right whale trip"])
    }

    @Test(arguments: [
        "A/IMG_2012_03.jpg", "A/DSC-1999-12.jpg", "A/2020-01-5.jpg", "A/12345678.jpg", "A/2100-01-01.jpg",
    ])
    func `A camera's counter is not a month`(path: String) throws {
        #expect(try photographs([path]).map(\.date) == [nil])
    }

    @Test func `EXIF refines the month in a name but never contradicts it`() throws {
        let folder = try TemporaryFolder()
        for path in ["A/2019-07/1.jpg", "A/2019-08/1.jpg"] {
            try folder.write(path)
            try Data(FolderNameTests.jpeg("2019:07:04   :  :  ")).write(to: folder.url.appending(path: path))
        }
        let read = try Catalog.read(folder.url, layout: .folders).photographs
        #expect(read.map(\.date) == ["2019-07-04", "2019-08"])
    }

    @Test func `A star matches much, an encounter little, and case is ignored in any alphabet`() throws {
        let patterns = [try PathPattern(path: "*/{encounter}_*ЛЕВ*", viewpoint: .left)]
        let reading = try PathMatcher(patterns).reading(of: "/a_b/c_d_левый.jpg")
        #expect(reading.viewpoint == .left && reading.encounter == "c")
    }

    @Test(.timeLimit(.minutes(1))) func `Many stars finish quickly on the longest names of a file system`() throws {
        let patterns = [try PathPattern(path: "*a*a*a*a*a*a*a*{date}")]
        let path = "/" + String(repeating: "a", count: 250) + "/" + String(repeating: "a", count: 250)
        for _ in 0..<10 { #expect(try PathMatcher(patterns).reading(of: path) == .init()) }
    }

    @Test func `The listing has every picture and everything read from it`() throws {
        let folder = try TemporaryFolder()
        for path in ["A/1_left.jpg", "A/2, 3.gif", "none/20200105.jpg"] { try folder.write(path) }
        #expect(
            try CatalogFolder(folder.url, layout: .folders).photographListing() == """
                path,animal,viewpoint,date,timestamp,encounter,box
                A/1_left.jpg,A,left,,,,
                none/20200105.jpg,,unknown,2020-01-05,,,
                "A/2, 3.gif",,,,,,

                """)
    }

    @Test func `A remedy for missing metadata fits the layout`() throws {
        let folder = try TemporaryFolder()
        for path in ["A/1.jpg", "A/2.jpg", "B/3.jpg", "B/4.jpg"] { try folder.write(path) }
        let error = try #require(throws: CatalogError.self) {
            try Catalog.read(folder.url).require([.encounter, .day, .split])
        }
        let path = folder.url.path
        #expect(
            error.description == """
                \(path): no encounter for 4 of 4 photographs (A/1.jpg, A/2.jpg, B/3.jpg and 1 more). Split by \
                photograph with split.kind: image, or make a folder for each encounter in the animal's folder, or use \
                {encounter} in data.patterns.
                \(path): no day for 4 of 4 photographs (A/1.jpg, A/2.jpg, B/3.jpg and 1 more). Use {date} in \
                data.patterns, or set a split.kind other than time.
                \(path): no folder is named after a split. Put the animals' folders into folders train and test, or set \
                a split.kind other than column.
                """)
        let coco = try TemporaryFolder()
        try coco.write("a.jpg")
        try coco.write(
            "coco.json",
            #"{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"id": 1, "image_id": 1, "name": "A"}]}"#)
        let other = try #require(throws: CatalogError.self) {
            try Catalog.read(coco.url).require([.encounter, .split])
        }
        #expect(other.description.contains("or write encounter_id into the annotations"))
        #expect(other.description.contains("Name the files annotations/instances_train.json"))
    }

    @Test func `Words for an unknown animal are not names in any layout`() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.jpg")
        try folder.write(
            "metadata.csv", "image_id,path,height,width,viewpoint,date,whale_id\na,a.jpg,,,,,Unidentified\n")
        #expect(try Catalog.read(folder.url).whales == [])
        let wildbook = try TemporaryFolder()
        try wildbook.write("a.jpg")
        try wildbook.write("x.csv", "Encounter.mediaAsset0,MarkedIndividual.individualID\na.jpg,Unknown\n")
        #expect(try Catalog.read(wildbook.url).whales == [])
    }

    @Test func `Pictures under every usual ending are found, and other files are listed by their first names`() throws {
        let folder = try TemporaryFolder()
        let endings = ["jfif", "JPE", "pjpeg", "webp", "tiff", "HEIC", "png"]
        for name in endings.map({ "saved.\($0)" }) + ["none", "a.txt", "b.xyz", "c.md"] {
            for animal in ["Anna", "Bert"] { try folder.write("\(animal)/\(name)", "\(animal) \(name)") }
        }
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        #expect(survey.catalog.photographs.count == 2 * endings.count)
        let note = try #require(survey.notes.first { $0.contains("without the name of a picture") })
        #expect(note.hasPrefix("8 ") && note.contains("Anna/a.txt"), "\(note)")
    }
}
