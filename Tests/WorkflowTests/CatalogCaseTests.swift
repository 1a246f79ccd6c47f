import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Testing

@testable import Workflow

/// Folders as people have them: `Tests/Cases` says what each is and what is right.
@Suite final class CatalogCaseTests {
    private static let cases = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Cases")
    private let root = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())")

    deinit { try? FileManager.default.removeItem(at: root) }

    /// Lays a case out: its files, and a picture of 96 x 72 pixels at each path of `pictures.txt`. A tab and a number
    /// after the path are the picture's EXIF orientation.
    private func data(of name: String) throws -> DataSettings {
        let source = Self.cases.appending(path: name)
        let folder = root.appending(path: "data")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        let files = source.appending(path: "data")
        if FileManager.default.fileExists(atPath: files.path) {
            try FileManager.default.copyItem(at: files, to: folder)
        }
        let list = try String(contentsOf: source.appending(path: "pictures.txt"), encoding: .utf8)
        for line in list.split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            var generator = SeededGenerator(seed: 1, "picture", parts[0])
            let pixels = (0..<3 * 96 * 72).map { _ in UInt8(generator.integer(in: 0..<256)) }
            let jpeg = try Raster(width: 96, height: 72, pixels: pixels).jpeg(quality: 80)
            let orientation = parts.count > 1 ? UInt8(parts[1]) : nil
            try AtomicFile.write(
                orientation.map(jpeg.withOrientation) ?? jpeg, to: folder.appending(path: parts[0]))
        }
        return DataSettings(folder: folder.path)
    }

    /// What the summary of each case says; without problems, and without missing files.
    private static let summaries: [(name: String, values: JSONValue)] = [
        (
            "01",
            [
                "photographs": 20, "animals": 2, "unlabelled": 16,
                "nobody": [
                    "NA": 2, "N/A": 2, "unknown": 2, "Unknown": 2, "nan": 2, "None": 2, "Unidentified": 2, "-": 2,
                ],
            ]
        ),
        ("03", ["photographs": 12, "animals": 6, "warnings_in_all": 4]),
        ("04", ["photographs": 6, "animals": 2]),
        ("05a", ["photographs": 4, "animals": 2, "dates": ["first": .null, "last": .null]]),
        ("05c", ["photographs": 4, "animals": 2, "unlabelled": 1]),
        ("05e", ["photographs": 4, "animals": 2, "unlabelled": 0]),
        ("05f", ["photographs": 4, "animals": 2, "boxes": 4]),
        ("05h", ["photographs": 4, "animals": 2]),
        ("06a", ["photographs": 4, "animals": 2, "dates": ["first": "2019-07-01", "last": "2019-07-02"]]),
        ("06d", ["photographs": 4, "animals": 2]),
        ("06h", ["photographs": 4, "animals": 2, "sides": ["smallest": 72, "largest": 96]]),
        ("08a", ["photographs": 18, "animals": 3, "splits": ["train": 9, "val": 9]]),
        ("08b", ["photographs": 6, "animals": 2, "passed_over": []]),
        ("08e", ["photographs": 88, "animals": 8, "splits": ["train": 48, "val": 16, "test": 24]]),
        ("16", ["photographs": 4, "animals": 2, "boxes": 4, "boxes_as_displayed": 4, "boxes_assumed_as_stored": 0]),
        ("19", ["photographs": 4, "animals": 2]),
        ("20", ["photographs": 4, "animals": 2, "dates": ["first": "2019", "last": "2019-07-03"]]),
        ("21b", ["photographs": 1, "dates": ["first": "2019-07-04", "last": "2019-07-04"]]),
        (
            "22",
            [
                "photographs": 6, "animals": 2, "dates": ["first": "2019-07-02", "last": "2019-07-06"],
                "boxes_turned": 1, "outlines": 0,
            ]
        ),
        ("24", ["photographs": 4, "animals": 2, "boxes": 4, "boxes_turned": 3, "outlines": 0]),
        ("25a", ["photographs": 4, "animals": 2, "boxes": 4, "boxes_turned": 0, "outlines": 4]),
        ("25b", ["photographs": 4, "animals": 2, "boxes": 4, "outlines": 4, "splits": ["train": 2, "valid": 2]]),
    ]

    @Test(arguments: summaries) func `The catalogue is read`(name: String, values: JSONValue) throws {
        let inspection = try CatalogInspection(data(of: name), opensPhotographs: true)
        let json = CatalogSummary(inspection).json
        #expect(json["problems"] == [] && json["files"] == ["missing": 0, "broken": 0])
        for (key, value) in try #require(values.object) { #expect(json[key] == value, "\(key)") }
        #expect(values["warnings_in_all"] != nil || json["warnings"] == [])
    }

    /// What the error of a case says to do.
    private static let refusals = [
        ("06l", "WildbookStandardFormat.xlsx is a spreadsheet; save it as 'CSV UTF-8 (comma delimited)'")
    ]

    @Test(arguments: refusals) func `The error says what to do`(name: String, words: String) throws {
        let data = try data(of: name)
        let error = try #require(throws: LayoutError.self) { try CatalogInspection(data, opensPhotographs: true) }
        #expect(error.description.contains(words))
    }

    @Test func `Every case with pictures is tested`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.cases.path).filter { name in
            FileManager.default.fileExists(atPath: Self.cases.appending(path: "\(name)/pictures.txt").path)
        }
        #expect(Set(names) == Set(Self.summaries.map(\.name) + Self.refusals.map(\.0)))
    }

    @Test func `A box of the displayed picture crops that`() throws {
        let catalog = try data(of: "16").catalog()
        for photograph in catalog.photographs {
            let file = catalog.file(of: photograph)
            let whole = try Raster.decoding(PhotographFile(id: file.id, url: file.url))
            let crop = try Raster.decoding(file)
            #expect((whole.width, whole.height) == (72, 96) && (crop.width, crop.height) == (41, 31))
            for (x, y) in [(0, 0), (40, 0), (0, 30), (40, 30)] {
                let (part, source) = (crop[x, y], whole[x + 10, y + 60])
                #expect((part.red, part.green, part.blue) == (source.red, source.green, source.blue))
            }
        }
    }

    @Test func `A turned box is cut out along itself`() throws {
        let catalog = try data(of: "24").catalog()
        let sides = try catalog.photographs.map { try #require($0.sides) }
        #expect(sides.map(\.width) == [50, 50, 50, 50] && sides.map(\.height) == [30, 30, 30, 30])
        for (photograph, side) in zip(catalog.photographs, sides) {
            let part = try Raster.decoding(catalog.file(of: photograph))
            #expect((part.width, part.height) == side)
        }
        let file = catalog.file(of: catalog.photographs[3])
        let whole = try Raster.decoding(PhotographFile(id: file.id, url: file.url))
        let quarter = try #require(PixelBox(x: 30, y: 6, width: 30, height: 50))
        #expect(try Raster.decoding(file) == whole.cropped(to: quarter).turned(.turnedRight))
    }

    /// The areas are pycocotools'.
    @Test(arguments: [("25a", [1567, 1717, 1596, 1596]), ("25b", [1806, 1881, 1806, 1881])])
    func `Outlines are read in every form`(name: String, areas: [Int]) throws {
        let catalog = try data(of: name).catalog()
        let sides = PictureSides(width: 96, height: 72)
        let found = try catalog.photographs.map { photograph in
            try #require(photograph.outline).mask(stored: sides, displayed: sides).mask.area
        }
        #expect(found == areas)
    }

    @Test func `A malformed outline is a problem of its annotation, and the photograph is still used`() throws {
        let data = try data(of: "25a")
        let file = URL(filePath: data.folder).appending(path: "annotations/instances_default.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("\"size\": [72, 96]", with: "\"size\": [96, 72]", maxReplacements: 1)
            .write(to: file, atomically: true, encoding: .utf8)
        let inspection = try CatalogInspection(data, opensPhotographs: true)
        #expect(
            inspection.problems.lines == [
                "\(file.path), annotation 3: the outline is not usable: it is of a picture with 72 x 96 pixels, but the "
                    + "picture has 96 x 72. Correct its 'segmentation', or remove it."
            ])
        #expect(inspection.opened?.broken == 0)
        #expect(try data.catalog().photographs.count == 4)
        #expect(try CatalogInspection(data, opensPhotographs: false).problems.isEmpty)
    }

    @Test func `A warning names the lines of two spellings`() throws {
        let warnings = try CatalogInspection(data(of: "03"), opensPhotographs: false).survey.warnings
        #expect(warnings.problems.map(\.line) == [4, 6, 8, 12])
        #expect(warnings.lines[0].contains("'Bella ' and 'Bella' on line 2 differ only in blanks"))
        #expect(warnings.lines[3].contains("'Cora\u{A0}' and 'Cora' on line 10 differ only in blanks"))
    }

    @Test(arguments: [
        ("20", ["2019-07-03", "2019-07", "2019", nil]),
        ("22", [nil, "2019-07-02", nil, "2019-07-04", nil, "2019-07-06"]),
    ])
    func `Dates are as precise as they were entered`(name: String, dates: [String?]) throws {
        #expect(try data(of: name).catalog().photographs.map(\.date) == dates)
    }
}
