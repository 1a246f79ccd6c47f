import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Testing

@testable import Workflow

@Suite final class CatalogInspectionTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())")

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Pictures of noise, one for each name, and metadata; `rows` gives the columns after id, path, height and width.
    private func write(_ photographs: [(name: String, cells: String)]) throws {
        var rows = ""
        for (number, photograph) in photographs.enumerated() {
            var generator = SeededGenerator(seed: 1, "picture", String(number))
            let pixels = (0..<3 * 48 * 32).map { _ in UInt8(generator.integer(in: 0..<256)) }
            try AtomicFile.write(
                Raster(width: 48, height: 32, pixels: pixels).jpeg(quality: 90),
                to: folder.appending(path: photograph.name + ".jpg"))
            rows += "\(photograph.name),\(photograph.name).jpg,32,48,\(photograph.cells)\n"
        }
        try writeMetadata(rows)
    }

    private func writeMetadata(_ rows: String) throws {
        try AtomicFile.write(
            "image_id,path,height,width,viewpoint,date,timestamp,whale_id,encounter_id\n" + rows,
            to: folder.appending(path: "metadata.csv"))
    }

    private func inspection(opens: Bool = true) throws -> CatalogInspection {
        try CatalogInspection(DataSettings(folder: folder.path), opensPhotographs: opens)
    }

    private func problems(of inspection: CatalogInspection) -> [String] {
        inspection.problems.problems.map { $0.description.replacing(folder.path + "/", with: "") }
    }

    @Test func `Both forms have counts, sizes and the histogram`() throws {
        try write(
            (0..<6).map { ("p\($0)", "top,2020-01-0\($0 + 1),,w\($0 / 4),e\($0 / 2)") }
                + [("q", "front,,,,")])
        let summary = CatalogSummary(try inspection())
        #expect(summary.json["photographs"]?.integer == 7 && summary.json["unlabelled"]?.integer == 1)
        #expect(summary.json["animals"]?.integer == 2 && summary.json["encounters"]?.integer == 3)
        #expect(summary.json[path: "viewpoints.front"]?.integer == 1)
        #expect(summary.json["sides"] == ["smallest": 32, "largest": 48])
        #expect(summary.json["files"] == ["missing": 0, "broken": 0])
        #expect(summary.json["problems"] == [])
        let histogram = summary.json[path: "photographs_per_animal.histogram"]?.array
        #expect(histogram?.compactMap { $0["animals"]?.integer } == [0, 1, 1, 0, 0, 0, 0, 0])
        #expect(summary.text.contains("dates        2020-01-01 to 2020-01-06\n"))
        #expect(summary.text.contains("  2  1  ####"))
        #expect(summary.text.contains("3–4  1  ####"))
    }

    @Test
    func `Missing, broken, mistaken and duplicate photographs are all reported at once, in the order of their rows`()
        throws
    {
        try write((0..<5).map { ("p\($0)", "top,,,w\($0),e") })
        let files = FileManager.default
        try files.removeItem(at: folder.appending(path: "p1.jpg"))
        let whole = try Data(contentsOf: folder.appending(path: "p2.jpg"))
        try whole.prefix(whole.count / 2).write(to: folder.appending(path: "p2.jpg"))
        try files.removeItem(at: folder.appending(path: "p4.jpg"))
        try files.copyItem(at: folder.appending(path: "p0.jpg"), to: folder.appending(path: "p4.jpg"))
        let metadata = try String(contentsOf: folder.appending(path: "metadata.csv"), encoding: .utf8)
        try AtomicFile.write(
            metadata.replacing("p3.jpg,32,48", with: "p3.jpg,64,48"), to: folder.appending(path: "metadata.csv"))
        let inspection = try inspection()
        let found = problems(of: inspection)
        #expect(
            found.map { $0.prefix { $0 != "." } + "." + $0.dropFirst("metadata.".count).prefix { $0 != "." } } == [
                "metadata.csv:3: the image 'p1",
                "metadata.csv:4: the image of 'p2' is cut short: the file ends before the picture does",
                "metadata.csv:5: the image of 'p3' has 48 x 32 pixels, not 48 x 64",
                "metadata.csv:6: 'p4' is the same photograph as 'p0', but of 'w4' instead of 'w0'",
            ])
        let summary = CatalogSummary(inspection)
        #expect(summary.json["files"] == ["missing": 1, "broken": 1])
        #expect(summary.json[path: "duplicates.exact"] == [["p0", "p4"]])
        #expect(summary.text.contains("2 photographs in 1 group of identical files: p0 = p4"))
        #expect(summary.json["problems"]?.array?.compactMap { $0["line"]?.integer } == [3, 4, 5, 6])
    }

    @Test
    func `A smaller copy that was saved again is a near-duplicate, a different picture or an identical file is not`()
        throws
    {
        try write((0..<4).map { ("p\($0)", "top,,,w,e") })
        let files = (0..<4).map { folder.appending(path: "p\($0).jpg") }
        let picture = try PictureFile(at: files[0]).decoded()
        try picture.resized(width: 40, height: 27, filter: .bicubic).jpeg(quality: 80).write(to: files[1])
        try Data(contentsOf: files[0]).write(to: files[2])
        let opened = try #require(try inspection().opened)
        #expect(opened.duplicates.exact == [[0, 2]] && opened.duplicates.near == [[0, 1]])
        let summary = CatalogSummary(try inspection())
        #expect(summary.json[path: "duplicates.near"] == [["p0", "p1"]])
        #expect(summary.text.contains("1 pair of near-duplicates, at most 6 of 64 bits apart: p0 = p1"))
    }

    @Test func `A smaller copy of a catalogued photograph is nearly the same, an even surface is like no other`() throws
    {
        try write((0..<3).map { ("p\($0)", "top,,,w,e") })
        let catalog = try Catalog.read(folder)
        let hashes = try catalog.photographs.map {
            ($0.id, try PhotographMeasures(of: catalog.file(of: $0)).perceptualHash)
        }
        let files = CataloguedFiles(catalog, hashes: Dictionary(uniqueKeysWithValues: hashes))
        let (original, copy) = (folder.appending(path: "p1.jpg"), folder.appending(path: "copy.jpg"))
        try PictureFile(at: original).decoded().resized(width: 40, height: 27, filter: .bicubic).jpeg(quality: 80)
            .write(to: copy)
        #expect(try files.near(copy) == ["p1"] && files.same(as: copy).isEmpty)
        #expect(try files.same(as: original).map(\.id) == ["p1"])
        try Raster(width: 48, height: 32, red: 9, green: 9, blue: 9).jpeg(quality: 80).write(to: copy)
        #expect(try files.near(copy).isEmpty)
        #expect(try CataloguedFiles(catalog, hashes: [:]).near(original).isEmpty)
    }

    @Test func `Words for nobody, splits and spellings are in the summary`() throws {
        try write([("p0", "top,,,Bella,e"), ("p1", "top,,,bella,e"), ("p2", "top,,,N/A,e")])
        let summary = CatalogSummary(try inspection(opens: false))
        #expect(summary.json["nobody"] == ["N/A": 1] && summary.json["warnings_in_all"] == 1)
        #expect(summary.json[path: "warnings.0.line"] == 3 && summary.json["problems_in_all"] == 0)
        #expect(summary.text.contains("nobody       N/A 1: ") && summary.text.contains("warning      "))
        #expect(summary.json["splits"] == [:] && !summary.text.contains("split        "))
    }

    @Test func `A mirrored and a turned copy are reported as such`() throws {
        try write((0..<4).map { ("p\($0)", "top,,,w,e") })
        let files = (0..<4).map { folder.appending(path: "p\($0).jpg") }
        let picture = try PictureFile(at: files[0]).decoded().resized(width: 24, height: 16).resized(
            width: 48, height: 32)
        try picture.jpeg(quality: 95).write(to: files[0])
        try picture.mirrored().jpeg(quality: 80).write(to: files[1])
        try picture.turned(.turnedLeft).jpeg(quality: 80).write(to: files[2])
        let summary = CatalogSummary(try inspection())
        #expect(
            summary.json[path: "duplicates.turned"]?.array?.first
                == ["photographs": ["p0", "p1"], "change": "mirrored"])
        #expect(
            summary.text.contains(
                "3 pairs of mirrored or turned near-duplicates: p0 = p1 (mirrored), p0 = p2 (turned by 90° clockwise), "
                    + "p1 = p2 (mirrored and turned by 90°)"))
    }

    @Test func `A salvaged photograph is reported with its missing share`() throws {
        try write((0..<2).map { ("p\($0)", "top,,,w,e") })
        let file = folder.appending(path: "p1.jpg")
        let whole = try Data(contentsOf: file)
        try whole.prefix(whole.count / 2).write(to: file)
        #expect(try inspection().opened?.broken == 1)
        let salvaging = try CatalogInspection(
            DataSettings(folder: folder.path, salvage: .grey), opensPhotographs: true)
        #expect(salvaging.problems.isEmpty && salvaging.opened?.broken == 0)
        let summary = CatalogSummary(salvaging)
        #expect(summary.json["salvaged"]?.array?.first?["photograph"] == "p1")
        #expect(summary.text.contains("1 cut short and filled with grey, with their missing shares: p1 ("))
    }

    /// COCO's JSON with one box of each picture, and JPEG files of 96 x 72 with an orientation; `sides` are the metadata's.
    private func writeTurned(_ photographs: [(orientation: UInt8, sides: String)]) throws {
        for (number, photograph) in photographs.enumerated() {
            let jpeg = try Raster(width: 96, height: 72, red: UInt8(40 * number), green: 90, blue: 90).jpeg(quality: 80)
            try AtomicFile.write(
                jpeg.withOrientation(photograph.orientation), to: folder.appending(path: "p\(number).jpg"))
        }
        let images = photographs.enumerated().map { #"{"id": \#($0), "file_name": "p\#($0).jpg"\#($1.sides)}"# }
        let boxes = photographs.indices.map {
            #"{"id": \#($0), "image_id": \#($0), "bbox": [10, 40, 41, 31], "name": "a"}"#
        }
        try AtomicFile.write(
            #"{"images": [\#(images.joined(separator: ","))], "annotations": [\#(boxes.joined(separator: ","))]}"#,
            to: folder.appending(path: "coco.json"))
    }

    @Test func `The pictures of boxes are reported for photographs with an EXIF orientation`() throws {
        let (asDisplayed, asStored) = (#", "width": 72, "height": 96"#, #", "width": 96, "height": 72"#)
        try writeTurned([(6, asDisplayed), (6, asStored), (3, asStored), (8, ""), (1, asStored), (1, "")])
        let inspection = try inspection()
        #expect(inspection.problems.isEmpty)
        #expect(inspection.opened?.boxes.displayed == [0] && inspection.opened?.boxes.assumed == [2, 3])
        let summary = CatalogSummary(inspection)
        #expect(summary.json["boxes_as_displayed"] == 1 && summary.json["boxes_assumed_as_stored"] == 2)
        #expect(summary.text.contains("1 of displayed pictures, after EXIF rotation: "))
        #expect(summary.text.contains("2 assumed to be of stored pictures, before EXIF rotation (2, 3)"))
        let pages = try BoxSheet(inspection).write(to: folder.appending(path: "boxes.png"))
        #expect(try PictureFile(at: #require(pages.first)).width > 100 && pages.count == 1)
    }

    @Test func `A box with sides that the picture has neither stored nor displayed is a problem`() throws {
        try writeTurned([(1, #", "width": 72, "height": 96"#)])
        #expect(
            try problems(of: inspection()).map { $0.contains("has 96 x 72 pixels, not 72 x 96") } == [true])
    }

    @Test func `A sheet of boxes needs a box`() throws {
        try write([("p0", "top,,,w,e")])
        #expect { try BoxSheet(inspection()) } throws: { "\($0)".contains("no photograph has a box or an outline") }
    }

    @Test func `A sheet shows both parts of a photograph that an outline divides`() throws {
        // The animal is red, in the left half.
        var picture = Raster(width: 60, height: 40, red: 20, green: 20, blue: 220)
        for y in 0..<40 { for x in 0..<30 { picture[x, y] = (220, 20, 20) } }
        try AtomicFile.write(picture.jpeg(quality: 95), to: folder.appending(path: "a.jpg"))
        try AtomicFile.write(
            "image_id,path,height,width,viewpoint,date,segmentation\n"
                + #"a,a.jpg,40,60,top,,"{""size"": [40, 60], ""counts"": [0, 1200, 1200]}""# + "\n",
            to: folder.appending(path: "metadata.csv"))
        let pages = try BoxSheet(inspection()).write(to: folder.appending(path: "outlines.png"))
        let sheet = try Raster.decoding(PhotographFile(id: "s", url: #require(pages.first)))
        for channel in [0, 2] {
            // The runs of one colour, half of the photograph and the whole of one part.
            var runs: [Int] = []
            for y in 0..<sheet.height {
                var run = 0
                for x in 0...sheet.width {
                    let start = 3 * (y * sheet.width + x)
                    let isColoured =
                        x < sheet.width && sheet.pixels[start + channel] > 170 && sheet.pixels[start + 2 - channel] < 90
                    guard isColoured else {
                        runs.append(run)
                        run = 0
                        continue
                    }
                    run += 1
                }
            }
            let long = runs.filter { $0 > 20 }
            let (least, most) = (try #require(long.min()), try #require(long.max()))
            #expect(abs(Double(most) / Double(least) - 2) < 0.1, "\(least) \(most)")
        }
    }

    @Test func `Without opening photographs, only missing files are found`() throws {
        try writeMetadata("a,a.jpg,32,48,top,,,w,e\n")
        let inspection = try inspection(opens: false)
        #expect(problems(of: inspection).count == 1 && inspection.opened == nil)
        let summary = CatalogSummary(inspection)
        #expect(summary.text.contains("files        1 missing, none opened"))
        #expect(summary.json["duplicates"] == .null)
    }

    @Test func `Scenario files that do not fit are reported with the other problems`() throws {
        try write([("p0", "top,,,w,e")])
        try AtomicFile.write(
            "scenario_id,queries_path,database_path\ns,q.csv,d.csv\n",
            to: folder.appending(path: "query_scenarios.csv"))
        try AtomicFile.write("query_id,query_image_id\ns-p0,p0\n", to: folder.appending(path: "q.csv"))
        try AtomicFile.write("database_image_id\nnobody\n", to: folder.appending(path: "d.csv"))
        let inspection = try inspection()
        #expect(problems(of: inspection).map { $0.hasPrefix("d.csv:2:") } == [true])
        #expect(CatalogSummary(inspection).json["photographs"]?.integer == 1)
    }
}
