import Basics
import Foundation
import Testing

@testable import Catalog

/// Tables and paths as spreadsheets and other systems leave them.
struct SheetTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["a.jpg", "b.JPG", "images/c.jpg"] { try folder.write(name) }
    }

    private static let header = "image_id,path,height,width,viewpoint,date,whale_id"

    private func read(_ text: String) throws -> [Photograph] {
        try folder.write("metadata.csv", text)
        return try Catalog.read(folder.url).photographs
    }

    @Test(arguments: [";", "\t"]) func `Semicolons and tabs between cells are read`(separator: String) throws {
        let rows = (Self.header + "\r\na,a.jpg,,,left,2019-07-01,Anna\r\n").replacing(",", with: separator)
        #expect(try read(rows).map(\.whaleID) == ["Anna"])
        #expect(try read("sep=\(separator)\r\n" + rows).map(\.whaleID) == ["Anna"])
        let wildbook = try TemporaryFolder()
        try wildbook.write("a.jpg")
        try wildbook.write("x.csv", "Encounter.mediaAsset0\(separator)Name0.value\r\na.jpg\(separator)Anna\r\n")
        #expect(try Catalog.read(wildbook.url).whales == ["Anna"])
    }

    @Test func `Rows and columns without contents are passed over`() throws {
        let read = try read(
            "\(Self.header),,\r\na,a.jpg,,,left,2019-07-01,Anna,,\r\n,,,,,,,,\r\n,,\r\n , ,,,,,,,\r\n")
        #expect(read.map(\.id) == ["a"])
    }

    @Test func `A cell without a column is a problem with its line`() throws {
        let error = try #require(throws: FileError.self) { try read("\(Self.header),\na,a.jpg,,,,,Anna,lost\n") }
        #expect(error.description.contains("metadata.csv:2: the row has 8 cells but the header has 7"))
    }

    @Test(arguments: [("72.0", 72), (" 72 ", 72), ("72,0", 72), ("72.00", 72)])
    func `A whole number with a decimal point is read`(text: String, number: Int) throws {
        #expect(try read("\(Self.header)\na,a.jpg,\"\(text)\",96,,,\n").first?.height == number)
    }

    @Test(arguments: ["72.5", "1.000", "1,000", "x"]) func `Other numbers are not guessed`(text: String) throws {
        #expect(throws: CatalogError.self) { try read("\(Self.header)\na,a.jpg,\"\(text)\",96,,,\n") }
    }

    @Test func `A sheet in UTF-16, an Excel file and unknown columns are named with what to do`() throws {
        func error(_ name: String, _ data: Data) throws -> String {
            let folder = try TemporaryFolder()
            try AtomicFile.write(data, to: folder.url.appending(path: name))
            try folder.write("a.jpg")
            return "\(try #require(throws: LayoutError.self) { try CatalogFolder(folder.url) })"
        }
        let encoding = "x.csv has a header that cannot be read: the text is UTF-16, not UTF-8."
        let save = "ave it as 'CSV UTF-8 (comma delimited)'"
        let text = try #require("Encounter.mediaAsset0\tName0.value\r\n".data(using: .utf16))
        #expect(try error("x.csv", text).contains("\(encoding) S\(save)."))
        #expect(try error("x.csv", text.dropFirst(2)).contains("\(encoding) S\(save)."))
        #expect(
            try error("W.xlsx", Data([0x50, 0x4B])).contains("W.xlsx is a spreadsheet; s\(save) in the same folder."))
        #expect(
            try error("x.csv", Data("photo,name\n".utf8))
                .contains("x.csv has the columns photo, name, but a layout needs one of these: "))
        #expect(
            try error("x.csv", Data([0x66, 0xFC, 0x72, 0x2C, 0x61])).contains("the text is not UTF-8. Save the file"))
        #expect(try error("x.tsv", Data("Encounter.mediaAsset0\tx\n".utf8)).contains("x.tsv does not end in .csv; re"))
        #expect(
            try error("meta.csv", Data("image_id;path;height;width;viewpoint;date\n".utf8))
                .contains("meta.csv has the columns of metadata.csv; give it this name."))
        #expect(try error("README.txt", Data("Hello, you\n".utf8)).contains("is not a catalogue: it has no"))
    }

    @Test func `A metadata.csv in UTF-16 is named as such`() throws {
        let data = try #require("image_id,path\n".data(using: .utf16))
        try AtomicFile.write(data, to: folder.url.appending(path: "metadata.csv"))
        let error = try #require(throws: FileError.self) { try Catalog.read(folder.url) }
        #expect(error.description.contains("the text is UTF-16, not UTF-8. Save it as 'CSV UTF-8"))
    }

    @Test(arguments: [
        ("b.jpg", "b.JPG"), ("B.JPG", "b.JPG"), ("images\\c.jpg", "images/c.jpg"), ("Images/C.jpg", "images/c.jpg"),
        ("./a.jpg", "./a.jpg"), ("a.jpg ", "a.jpg"),
    ])
    func `A path in another case or with backslashes is found and reported`(written: String, found: String) throws {
        try folder.write("metadata.csv", "\(Self.header)\na,\(written),,,,,\n")
        let survey = try CatalogSurvey(CatalogFolder(folder.url))
        #expect(survey.problems.isEmpty)
        #expect(survey.catalog.photographs.map(\.path) == [found])
        let remark = "1 path is written differently from its file: \(found) was read for \(written)"
        #expect(survey.remarks == (written == found ? [] : [remark]))
    }

    @Test func `A composed name finds a decomposed file`() throws {
        try folder.write("e\u{301}.jpg")
        #expect(
            try Array(#require(read("\(Self.header)\na,\u{E9}.jpg,,,,,\n").first?.path).utf8)
                == Array("e\u{301}.jpg".utf8))
    }

    @Test func `Of several files that differ only in case none is taken, and a missing one gets a near name`() throws {
        for name in ["fin.Jpg", "fin.JPG", "images/IMG_12.jpeg", "images/IMG_13.jpg"] { try folder.write(name) }
        let names = ["fin.jpg", "images/IMG_12.jpg", "images/IMG_14.jpg"]
        try folder.write("metadata.csv", "\(Self.header)\n" + names.map { "\($0),\($0),,,,,\n" }.joined())
        let problems = try folder.problems()
        #expect(problems.count == 3 && problems[0].contains("is missing. Did you mean 'fin."))
        #expect(problems[1].contains("is missing. Did you mean 'IMG_12.jpeg'? Put the file there"))
        #expect(problems[2].contains("is missing. Put the file there"))
    }

    @Test func `A file that another row names as it is written is not taken for a missing one`() throws {
        try folder.write("metadata.csv", "\(Self.header)\na,b.jpg,,,,,\nb,b.JPG,,,,,\nc,a.jpg,,,,,\n")
        #expect(
            try folder.problems() == [
                "metadata.csv:2: the image 'b.jpg' of 'a' is missing, and 'b.JPG' belongs to another photograph. "
                    + "Put the file there, or remove the row."
            ])
    }
}
