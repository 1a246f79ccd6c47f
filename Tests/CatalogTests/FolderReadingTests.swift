import Basics
import Foundation
import Testing

@testable import Catalog

/// What is not read of names: words within others, counters of cameras, and sides where encounters would stand.
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
    func `A word, the animal's own name and a number with one side are no encounter`(paths: [String]) throws {
        #expect(try photographs(paths).allSatisfy { $0.encounterID == nil })
    }

    private static let nyalas = CompetitionDataTests.folder.deletingLastPathComponent()
        .appending(path: "photos/nyala-folders")

    @Test(.enabled(if: FileManager.default.fileExists(atPath: nyalas.path), "the nyalas' photographs are not here"))
    func `Nyalas are read with side and sighting of every photograph`() throws {
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

    @Test func `Folders of sightings count before numbers of files`() throws {
        let read = try photographs(["A/2020/1_left.jpg", "A/2020/1_right.jpg", "A/2021/1_left.jpg"])
        #expect(read.map(\.encounterID) == ["A/2020", "A/2020", "A/2021"])
    }

    @Test func `A folder of a side is no encounter, and a side behind the day does not part it`() throws {
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
    func `A camera's counter is no month`(path: String) throws {
        #expect(try photographs([path]).map(\.date) == [nil])
    }

    @Test func `A month of a name is told more exactly by EXIF, and never contradicted`() throws {
        let folder = try TemporaryFolder()
        for path in ["A/2019-07/1.jpg", "A/2019-08/1.jpg"] {
            try folder.write(path)
            try Data(FolderNameTests.jpeg("2019:07:04   :  :  ")).write(to: folder.url.appending(path: path))
        }
        let read = try Catalog.read(folder.url, layout: .folders).photographs
        #expect(read.map(\.date) == ["2019-07-04", "2019-08"])
    }

    @Test func `A star takes much, an encounter little, and letters of any alphabet have no case`() throws {
        let patterns = [try PathPattern(path: "*/{encounter}_*ЛЕВ*", viewpoint: .left)]
        let reading = try PathMatcher(patterns).reading(of: "/a_b/c_d_левый.jpg")
        #expect(reading.viewpoint == .left && reading.encounter == "c")
    }

    @Test(.timeLimit(.minutes(1))) func `Many stars end soon, on names as long as a file system has them`() throws {
        let patterns = [try PathPattern(path: "*a*a*a*a*a*a*a*{date}")]
        let path = "/" + String(repeating: "a", count: 250) + "/" + String(repeating: "a", count: 250)
        for _ in 0..<10 { #expect(try PathMatcher(patterns).reading(of: path) == .init()) }
    }

    @Test func `The listing has every picture, and what each is read as`() throws {
        let folder = try TemporaryFolder()
        for path in ["A/1_left.jpg", "A/2, 3.heic", "none/20200105.jpg"] { try folder.write(path) }
        #expect(
            try CatalogFolder(folder.url, layout: .folders).photographListing() == """
                path,animal,viewpoint,date,timestamp,encounter,box
                A/1_left.jpg,A,left,,,,
                none/20200105.jpg,,unknown,2020-01-05,,,
                "A/2, 3.heic",,,,,,

                """)
    }

    @Test func `What a layout lacks is remedied in its own words`() throws {
        let folder = try TemporaryFolder()
        for path in ["A/1.jpg", "A/2.jpg", "B/3.jpg", "B/4.jpg"] { try folder.write(path) }
        let error = try #require(throws: CatalogError.self) {
            try Catalog.read(folder.url).require([.encounter, .day, .split])
        }
        let path = folder.url.path
        #expect(
            error.description == """
                \(path): no encounter is known for 4 of 4 photographs (A/1.jpg, A/2.jpg, B/3.jpg and 1 more). Split by \
                photograph with split.kind: image, or lay a folder for each encounter into the animal's, or name it by \
                {encounter} in data.patterns.
                \(path): no day is known for 4 of 4 photographs (A/1.jpg, A/2.jpg, B/3.jpg and 1 more). Name the day by \
                {date} in data.patterns, or set another split.kind than time.
                \(path): the layout folders tells no split. Set another split.kind than column.
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

    @Test func `A name that means nobody is nobody's in every layout`() throws {
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
}
