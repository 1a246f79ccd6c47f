import Basics
import Catalog
import Foundation
import Testing

/// Detection of a folder's layout, and the errors if it has none or several.
@Suite struct LayoutTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let coco = #"{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": []}"#

    @Test func `The error for a folder with two layouts names both, and one can be chosen`() throws {
        try folder.write("a.jpg")
        try folder.write("metadata.csv", "image_id,path,height,width,viewpoint,date\na,a.jpg,,,,\n")
        try folder.write("frame.csv", "image_id,identity,path\n7,Ahab,a.jpg\n")
        try folder.write("coco.json", Self.coco)
        let error = try #require(throws: LayoutError.self) { try Catalog.read(folder.url) }
        #expect(
            error
                == .ambiguous(
                    directory: folder.url.path,
                    found: [.competition: ["metadata.csv"], .wildlifeDatasets: ["frame.csv"], .coco: ["coco.json"]]))
        #expect("\(error)".contains("coco (coco.json), competition (metadata.csv), wildlife-datasets (frame.csv)"))
        #expect(try Catalog.read(folder.url, layout: .wildlifeDatasets).photographs.map(\.id) == ["7"])
        #expect(try Catalog.read(folder.url, layout: .competition).photographs.map(\.id) == ["a"])
    }

    @Test func `Of many files of a layout the first are named`() {
        let files = (0..<500).map { "f\($0).csv" }
        let error = LayoutError.several(layout: .wildbook, directory: "d", files: files)
        #expect("\(error)".contains("f19.csv and 480 more. Keep one"))
    }

    @Test
    func `A metadata.csv of wildlife-datasets is recognised, but is ambiguous if it has both whale_id and identity`()
        throws
    {
        try folder.write("metadata.csv", "image_id,identity,path\n7,Ahab,a.jpg\n")
        #expect(try CatalogFolder(folder.url).layout == .wildlifeDatasets)
        try folder.write("metadata.csv", "image_id,identity,path,whale_id\n7,Ahab,a.jpg,w\n")
        #expect(throws: LayoutError.self) { try CatalogFolder(folder.url) }
    }

    @Test func `Scenario files, other tables and other JSON are not metadata`() throws {
        try folder.write("metadata.csv", "image_id,path,height,width,viewpoint,date\n")
        try folder.write("query_scenarios.csv", "scenario_id,queries_path,database_path\n")
        try folder.write("sample.json", #"{"images": 16}"#)
        try folder.write("Ahab/1.jpg")
        #expect(try CatalogFolder(folder.url).layout == .competition)
    }

    @Test func `A metadata.csv with a wrong header is reported as such`() throws {
        try folder.write("metadata.csv", "image,path\n")
        let error = try #require(throws: FileError.self) { try Catalog.read(folder.url) }
        #expect("\(error)".contains("metadata.csv:1: there is no column 'image_id'"))
    }

    @Test func `Folders, one file of several and missing folders are distinguished`() throws {
        #expect(throws: LayoutError.none(directory: folder.url.path)) { try CatalogFolder(folder.url) }
        try folder.write("one.csv", "image_id,identity,path\n")
        try folder.write("two.csv", "image_id,identity,path\n")
        #expect(
            throws: LayoutError.several(
                layout: .wildlifeDatasets, directory: folder.url.path, files: ["one.csv", "two.csv"])
        ) { try CatalogFolder(folder.url) }
        #expect(throws: LayoutError.absent(layout: .coco, directory: folder.url.path)) {
            try CatalogFolder(folder.url, layout: .coco)
        }
        let gone = folder.url.appending(path: "gone")
        #expect(throws: FileError.unreadable(path: gone.path, reason: "no such file or directory")) {
            try CatalogFolder(gone)
        }
        let file = folder.url.appending(path: "one.csv")
        #expect(throws: FileError.unreadable(path: file.path, reason: "it is not a folder")) { try CatalogFolder(file) }
    }

    @Test func `COCO is read from all annotation files, and ids name the file if several have annotations`() throws {
        for split in ["train2020", "val2020"] {
            try folder.write("images/\(split)/a.jpg")
            try folder.write(
                "annotations/instances_\(split).json",
                #"{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"id": 1, "image_id": 1}]}"#)
        }
        let photographs = try Catalog.read(folder.url).photographs
        #expect(photographs.map(\.id) == ["train2020/1", "val2020/1"])
        #expect(photographs.map(\.split) == ["train", "val"])
    }
}
