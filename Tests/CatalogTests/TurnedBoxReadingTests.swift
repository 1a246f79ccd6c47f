import Basics
import Foundation
import Imaging
import Testing

@testable import Catalog

/// Turned boxes and outlines in the layouts that have them.
@Suite struct TurnedBoxReadingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func coco(_ annotation: String, image: String = #", "width": 64, "height": 48"#) throws {
        try folder.write("p0.jpg")
        try folder.write(
            "c.json",
            """
            {"images": [{"id": 1, "file_name": "p0.jpg"\(image)}],
             "annotations": [{"id": 3, "image_id": 1, "name": "A", \(annotation)}]}
            """)
    }

    private func photograph() throws -> Photograph {
        let catalog = try Catalog.read(folder.url)
        #expect(catalog.photographs.count == 1)
        return catalog.photographs[0]
    }

    @Test(arguments: [("0.5", 0.5), ("-7", -7), ("\"0.25\"", 0.25), ("0.0", 0), ("null", 0), ("NaN", 0)])
    func `Wildbook's theta turns the box`(written: String, theta: Double) throws {
        try coco(#""bbox": [10, 8, 30, 20], "theta": \#(written)"#)
        let photograph = try photograph()
        #expect(photograph.theta == theta && photograph.box?.text == "[10, 8, 30, 20]")
        #expect(try Catalog.read(folder.url).file(of: photograph).theta == theta)
    }

    @Test func `A turned box of the picture's size is a box, and its used part has its own sides`() throws {
        try coco(#""bbox": [0, 0, 64, 48], "theta": 1.5707963267948966"#)
        let photograph = try photograph()
        #expect(photograph.box?.text == "[0, 0, 64, 48]")
        // Turned by a quarter, its 64 columns reach beyond the picture's 48 rows.
        #expect(try #require(photograph.sides) == (48, 48))
        #expect(photograph.boxText == "[0, 0, 64, 48] turned by 1.5707963267948966")
        try coco(#""bbox": [0, 0, 64, 48], "theta": 0"#)
        #expect(try self.photograph().box == nil)
    }

    @Test func `A turn that is not a number, and a turned box outside, are problems of their annotation`() throws {
        try coco(#""bbox": [10, 8, 30, 20], "theta": "left""#)
        #expect(
            try folder.problems() == [
                "c.json, annotation 3: the turn 'left' of the box of '3' is not a number. Write it in radians."
            ])
        try coco(#""bbox": [62, 46, 20, 20], "theta": 0.7853981633974483"#)
        #expect(
            try folder.problems() == [
                "c.json, annotation 3: the box [62, 46, 20, 20] turned by 0.7853981633974483 of '3' lies outside its "
                    + "64 x 48 pixels. Write [x, y, width, height] in pixels of the picture with these sides."
            ])
    }

    @Test func `A turn without a box has no effect`() throws {
        try coco(#""theta": 0.5"#)
        #expect(try photograph().theta == 0)
    }

    private static let ring = #"{"counts": [100, 5, 2967], "size": [48, 64]}"#

    @Test func `An outline is kept undecoded, also next to NaN`() throws {
        try coco(#""bbox": [10, 8, 30, 20], "area": NaN, "segmentation": \#(Self.ring)"#)
        let outline = try #require(try photograph().outline)
        #expect(String(decoding: outline.text, as: UTF8.self) == Self.ring)
        #expect(outline.sides == PictureSides(width: 64, height: 48))
        #expect(outline.place == "\(folder.url.path)/c.json, annotation 3")
        let sides = PictureSides(width: 64, height: 48)
        #expect(try outline.mask(stored: sides, displayed: sides).mask.area == 5)
        // Nothing malformed is an error before it is used.
        try coco(#""bbox": [10, 8, 30, 20], "segmentation": [[1, 2]]"#)
        let malformed = try #require(try photograph().outline)
        #expect { try malformed.mask(stored: sides, displayed: sides) } throws: {
            "\($0)".hasPrefix("\(folder.url.path)/c.json, annotation 3: the outline is not usable: a polygon has 2")
        }
        try coco(#""bbox": [10, 8, 30, 20], "segmentation": []"#)
        #expect(try photograph().outline == nil)
    }

    @Test func `metadata.csv keeps turns and outlines`() throws {
        try coco(#""bbox": [10, 8, 30, 20], "theta": -0.1, "segmentation": \#(Self.ring)"#)
        let photograph = try photograph()
        let other = try TemporaryFolder()
        try other.write("p0.jpg")
        try Catalog(directory: other.url, photographs: [photograph]).writeMetadata()
        let read = try Catalog.read(other.url).photographs[0]
        #expect(read.theta == -0.1 && read.box == photograph.box)
        #expect(read.outline?.text == photograph.outline?.text && read.outline?.sides == photograph.outline?.sides)
        #expect(read.outline?.place == "\(other.url.path)/metadata.csv:2")
        let plain = try TemporaryFolder()
        try Catalog(directory: plain.url, photographs: [Photograph(id: "a", path: "a.jpg")]).writeMetadata()
        let header = try CSVTable.read(plain.url.appending(path: "metadata.csv")).header
        #expect(header == CompetitionReader.columns + CompetitionReader.trainingColumns)
    }

    @Test func `A turn that is not a number in metadata.csv is a problem with its line`() throws {
        try folder.write("a.jpg")
        try folder.write(
            "metadata.csv",
            "image_id,path,height,width,viewpoint,date,bbox,theta\na,a.jpg,48,64,left,,\"[10, 8, 30, 20]\",inf\n")
        #expect(
            try folder.problems() == [
                "metadata.csv:2: the turn 'inf' of the box of 'a' is not a number. Write it in radians."
            ])
    }

    @Test(arguments: [(nil, false), ("theta", true), ("segmentation", false)] as [(String?, Bool)])
    func `Only metadata that may turn boxes are read differently from before`(column: String?, turns: Bool) throws {
        try folder.write("a.jpg")
        try folder.write("metadata.csv", "image_id,path,height,width,viewpoint,date\(column.map { ",\($0)" } ?? "")\n")
        #expect(try CatalogFolder(folder.url).mayTurnBoxes == turns)
        let other = try TemporaryFolder()
        try other.write("c.json", #"{"images": [], "annotations": [{"\#(column ?? "id")": 0}]}"#)
        #expect(try CatalogFolder(other.url).mayTurnBoxes == turns)
    }

    /// Upright the picture has 40 x 80 pixels.
    @Test(arguments: [
        (UInt8(1), "[4, 8, 20, 40] turned by 0.3"), (5, "[8, 4, 40, 20] turned by -0.3"),
        (6, "[8, 16, 40, 20] turned by 0.3"), (7, "[32, 16, 40, 20] turned by -0.3"),
        (8, "[32, 4, 40, 20] turned by 0.3"),
    ])
    func `A turned box next to folders is turned back to the stored pixels`(orientation: UInt8, text: String) throws {
        let (width, height) = orientation > 4 ? (80, 40) : (40, 80)
        for path in ["A/1.jpg", "B/2.jpg"] {
            try folder.photograph(path, width: width, height: height, orientation: orientation)
        }
        let sides = #""width": 40, "height": 80"#
        try folder.write(
            "boxes.json",
            """
            {"images": [{"id": 1, "file_name": "A/1.jpg", \(sides)}],
             "annotations": [
               {"id": 1, "image_id": 1, "bbox": [0, 0, 9, 9], "segmentation": [[0, 0, 1, 1, 1, 2]]},
               {"id": 2, "image_id": 1, "bbox": [4, 8, 20, 40], "theta": 0.3, "segmentation": [[5, 9, 20, 9, 9, 30]]}]}
            """)
        let photographs = try Catalog.read(folder.url).photographs
        #expect(photographs.map(\.boxText) == [text, nil])
        let outline = try #require(photographs[0].outline)
        #expect(outline.place == "\(folder.url.path)/boxes.json, annotation 2")
        let listing = try CSVTable(
            parsing: Data(CatalogFolder(folder.url).photographListing().utf8), path: "listing")
        #expect(listing.header.suffix(2) == ["box", "outline"])
        #expect(listing.rows[0].suffix(2) == [photographs[0].boxText, "[[5, 9, 20, 9, 9, 30]]"])
    }
}
