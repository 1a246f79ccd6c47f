import Basics
import Foundation
import Testing

@testable import Catalog

/// Words in place of an animal's name, and one animal in several spellings.
struct NobodyNamesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let words = [
        "NA", "N/A", "unknown", "Unknown", "nan", "NaN", "None", "NULL", "Unidentified", "-", "?", "____", " n/a ",
        "--", "#N/A", "<NA>", "\u{A0}", "unknown\u{A0}",
    ]

    @Test(arguments: words) func `A word for nobody is no animal in any table`(word: String) throws {
        try folder.write("a.jpg")
        try folder.write(
            "metadata.csv", "image_id,path,height,width,viewpoint,date,whale_id\na,a.jpg,,,,,\"\(word)\"\n")
        #expect(try Catalog.read(folder.url).whales == [])
        let frame = try TemporaryFolder()
        try frame.write("a.jpg")
        try frame.write("frame.csv", "image_id,identity,path\n1,\"\(word)\",a.jpg\n")
        #expect(try Catalog.read(frame.url).whales == [])
        let coco = try TemporaryFolder()
        try coco.write("a.jpg")
        try coco.write(
            "c.json",
            #"{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"id": 1, "image_id": 1, "name": "\#(word)"}]}"#
        )
        #expect(try Catalog.read(coco.url).whales == [])
    }

    @Test func `Wildbook's words are reported once, each with its number of photographs`() throws {
        let names = ["Anna", "Bert", "NA", "N/A", "unknown", "nan", "-"]
        var rows = "Encounter.mediaAsset0,Encounter.mediaAsset1,MarkedIndividual.individualID\n"
        for (position, name) in names.enumerated() {
            rows += "\(position)_0.jpg,\(position)_1.jpg,\(name)\n"
            try folder.write("\(position)_0.jpg")
            try folder.write("\(position)_1.jpg")
        }
        try folder.write("export.csv", rows)
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        #expect(survey.catalog.whales == ["Anna", "Bert"])
        #expect(survey.nobody == ["NA": 2, "N/A": 2, "unknown": 2, "nan": 2, "-": 2])
        #expect(survey.nobodyNote?.hasPrefix("- 2, N/A 2, NA 2, nan 2, unknown 2: read as unnamed") == true)
    }

    @Test func `Folders are named so too`() throws {
        for path in ["Anna/1.jpg", "NA/2.jpg", "nan/3.jpg", "Unknown /4.jpg", "____/5.jpg"] { try folder.write(path) }
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        #expect(survey.catalog.whales == ["Anna"])
        #expect(survey.nobody == ["NA": 1, "nan": 1, "Unknown ": 1, "____": 1])
    }

    @Test func `A list replaces the default one, and auto in it stands for that`() throws {
        for path in ["None/1.jpg", "Stray/2.jpg", "NA/3.jpg"] { try folder.write(path) }
        func whales(_ names: NobodyNames) throws -> [String] {
            try Catalog.read(folder.url, nobody: names).whales
        }
        #expect(try whales(.standard) == ["Stray"])
        #expect(try whales(NobodyNames(["na"])) == ["None", "Stray"])
        #expect(try whales(NobodyNames(["auto", "stray"])) == [])
        #expect(try whales(NobodyNames([])) == ["NA", "None", "Stray"])
    }

    @Test func `Spellings that differ in blanks or case are a warning with both lines`() throws {
        var rows = "image_id,path,height,width,viewpoint,date,whale_id\n"
        for (position, name) in ["Bella", "Bella ", "bella", "Cora", "Cora\u{A0}", "Dora", "Dora 2"].enumerated() {
            try folder.write("\(position).jpg")
            rows += "\(position),\(position).jpg,,,,,\(name)\n\(position)b,\(position).jpg,,,,,\(name)\n"
        }
        try folder.write("metadata.csv", rows)
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        #expect(survey.problems.isEmpty && survey.warnings.count == 3)
        let path = folder.url.appending(path: "metadata.csv").path
        #expect(
            survey.warnings.lines[0] == """
                \(path):4: 'Bella ' and 'Bella' on line 2 differ only in blanks, so they count as two animals. If they \
                are one, write the name the same way everywhere.
                """)
        #expect(survey.warnings.lines[1].contains(":6: 'bella' and 'Bella' on line 2 differ only in case"))
        #expect(survey.warnings.lines[2].contains(":10: 'Cora\u{A0}' and 'Cora' on line 8 differ only in blanks"))
    }
}
