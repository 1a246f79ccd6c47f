import Basics
import Foundation
import Testing

@testable import Catalog

/// COCO as other programs export it.
struct COCOExportTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// One image `p0.jpg` and one annotation for each extra members.
    private static func coco(
        _ annotations: [String], file: String = "p0.jpg", image: String = "", categories: String = ""
    ) -> String {
        let images = annotations.indices.map { number in
            #"{"id": \#(number), "file_name": "\#(file.replacing("0", with: "\(number)"))"\#(image)}"#
        }
        let entries = annotations.enumerated().map { #"{"id": \#($0), "image_id": \#($0)\#($1)}"# }
        return """
            {\(categories)"images": [\(images.joined(separator: ", "))], "annotations": [\(entries.joined(separator: ", "))]}
            """
    }

    private static let categories =
        #""categories": [{"id": 0, "name": "set"}, {"id": 1, "name": "Anna"}, {"id": 2, "name": "Bert"}], "#

    private func survey() throws -> CatalogSurvey {
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        #expect(survey.folder.layout == .coco)
        try survey.throwProblems()
        return survey
    }

    @Test(arguments: ["images/default/", "images/", "default/", ""])
    func `CVAT's pictures are found where it puts them`(place: String) throws {
        try folder.write("\(place)p0.jpg")
        try folder.write("annotations/instances_default.json", Self.coco([#", "name": "A""#]))
        let photographs = try survey().catalog.photographs
        #expect(photographs.map(\.path) == ["\(place)p0.jpg"] && photographs[0].split == nil)
    }

    @Test(arguments: ["0", "\"\"", "\"0\"", "null", "\"NA\"", "0.0"])
    func `CVAT's date 0 and its like are no date`(date: String) throws {
        try folder.write("p0.jpg")
        try folder.write("c.json", Self.coco([#", "name": 7"#], image: #", "date_captured": \#(date)"#))
        let photograph = try survey().catalog.photographs[0]
        #expect(photograph.date == nil && photograph.whaleID == "7")
    }

    @Test func `Wildbook's own export is read: annotations/instances.json, a null name is nobody`() throws {
        for number in 0..<4 { try folder.write("images/p\(number).jpg") }
        try folder.write(
            "annotations/instances.json",
            Self.coco([
                #", "individual_ids": [0], "name": "A0", "viewpoint": "up", "theta": 0.5, "encounter_id": "e0""#,
                #", "individual_ids": [1], "name": null"#, #", "individual_ids": [], "name": null"#,
                #", "individual_ids": [1, 2]"#,
            ]))
        let photographs = try survey().catalog.photographs
        #expect(photographs.map(\.whaleID) == ["A0", "1", nil, nil])
        #expect(photographs.map(\.path) == (0..<4).map { "images/p\($0).jpg" })
        #expect(photographs[0].viewpoint == .top && photographs[0].encounterID == "e0")
    }

    @Test func `Roboflow's folders are splits, and its categories the animals`() throws {
        for part in ["train", "valid", "test"] {
            for number in 0..<2 { try folder.write("\(part)/p\(number).jpg") }
            try folder.write(
                "\(part)/_annotations.coco.json",
                Self.coco([#", "category_id": 1"#, #", "category_id": 2"#], categories: Self.categories))
        }
        let survey = try survey()
        #expect(survey.catalog.photographs.map(\.split) == ["test", "test", "train", "train", "valid", "valid"])
        #expect(survey.catalog.whales == ["Anna", "Bert"])
        #expect(survey.catalog.photographs[2].path == "train/p0.jpg" && survey.catalog.photographs[2].id == "train/0")
        #expect(
            survey.remarks == [
                "no annotation names an animal, so categories are the animals (Anna 3, Bert 3): if they are species, "
                    + "list them in data.nobody"
            ])
        #expect(survey.notes.isEmpty)
    }

    @Test func `Categories are no animals if an annotation names one, if there is one, or if they are kinds`() throws {
        for number in 0..<2 { try folder.write("p\(number).jpg") }
        func whales(_ annotations: [String], _ categories: String = Self.categories) throws -> [String] {
            try folder.write("c.json", Self.coco(annotations, categories: categories))
            return try survey().catalog.whales
        }
        #expect(try whales([#", "category_id": 1, "name": "X""#, #", "category_id": 2"#]) == ["X"])
        #expect(try whales([#", "category_id": 1"#, #", "category_id": 1"#]) == [])
        let kinds = #""categories": [{"id": 1, "name": "animal"}, {"id": 2, "name": "person"}], "#
        #expect(try whales([#", "category_id": 1"#, #", "category_id": 2"#], kinds) == [])
    }

    @Test func `NaN is read as missing, and text that is no JSON is an error with its line`() throws {
        try folder.write("p0.jpg")
        try folder.write("p1.jpg")
        try folder.write(
            "c.json", Self.coco([#", "name": "NaN, \"NaN", "bbox": [NaN, NaN, NaN, NaN]"#, #", "name": NaN"#]))
        let photographs = try survey().catalog.photographs
        #expect(photographs.map(\.whaleID) == ["NaN, \"NaN", nil] && photographs[0].box == nil)
        try folder.write("c.json", "{\"images\": [],\n \"annotations\": [\n  NaN, oops]}")
        let error = try #require(throws: FileError.self) { try Catalog.read(folder.url) }
        #expect(error.description.contains("c.json:3: this is not valid JSON"))
    }

    @Test func `Backslashes in file names are read`() throws {
        try folder.write("images/p0.jpg")
        try folder.write("c.json", Self.coco([#", "name": "A""#], file: #"images\\p0.jpg"#))
        #expect(try survey().catalog.photographs.map(\.path) == ["images/p0.jpg"])
    }
}
