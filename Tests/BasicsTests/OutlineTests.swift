import Basics
import Foundation
import Testing

/// Reference values are pycocotools': `Fixtures/outlines.py`.
@Suite struct OutlineTests {
    struct Reference: Decodable {
        let name: String
        let width, height: Int
        let segmentation: JSONValue
        /// Pixels outside, inside, outside and so on, down the columns.
        let counts: [Int]

        var sides: PictureSides { PictureSides(width: width, height: height) }
    }

    private static func references() throws -> [Reference] {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/outlines.json")
        return try JSONDecoder().decode([Reference].self, from: Data(contentsOf: url))
    }

    private func described(_ text: String, sides: PictureSides? = nil) -> Outline? {
        Outline(text: Data(text.utf8), sides: sides, place: "c.json, annotation 3")
    }

    private static let sides = PictureSides(width: 8, height: 6)

    @Test func `Polygons and run lengths give pycocotools' masks`() throws {
        let references = try Self.references()
        #expect(references.count == 28)
        for reference in references {
            let outline = try #require(described(reference.segmentation.text, sides: reference.sides))
            let mask = try outline.mask(stored: reference.sides, displayed: reference.sides).mask
            var start = 0
            var runs: [Range<Int>] = []
            for (place, count) in reference.counts.enumerated() {
                if place % 2 == 1 { runs.append(start..<start + count) }
                start += count
            }
            #expect(mask.runs == runs, "\(reference.name)")
            #expect(mask.area == runs.reduce(0) { $0 + $1.count })
        }
    }

    @Test func `A pixel is inside if a run of its column holds it`() throws {
        let outline = try #require(described(#"{"size": [6, 8], "counts": [7, 3, 4, 6, 28]}"#))
        let mask = try outline.mask(stored: Self.sides, displayed: Self.sides).mask
        #expect(mask.runs == [7..<10, 14..<20])
        for column in -1...8 {
            for row in -1...6 {
                let isInside =
                    column == 1 && (1...3).contains(row) || column == 2 && row >= 2 || column == 3 && row <= 1
                let isPixel = (0..<6).contains(row)
                #expect(mask.contains(column: column, row: row) == (isInside && isPixel), "\(column) \(row)")
            }
        }
    }

    @Test func `A mask tells which picture it is of, the stored or the displayed one`() throws {
        let turned = PictureSides(width: 6, height: 8)
        let runs = try #require(described(#"{"size": [6, 8], "counts": [48]}"#, sides: turned))
        #expect(try runs.mask(stored: Self.sides, displayed: turned).isDisplayed == false)
        #expect(try runs.mask(stored: turned, displayed: Self.sides).isDisplayed)
        let polygon = try #require(described("[[1, 1, 4, 1, 2, 5]]", sides: turned))
        #expect(try polygon.mask(stored: Self.sides, displayed: turned).isDisplayed)
        let bare = try #require(described("[[1, 1, 4, 1, 2, 5]]"))
        #expect(try bare.mask(stored: Self.sides, displayed: turned).isDisplayed == false)
        // A single polygon without a list around it.
        let flat = try #require(described("[1, 1, 4, 1, 2, 5]"))
        #expect(
            try flat.mask(stored: Self.sides, displayed: turned).mask
                == bare.mask(stored: Self.sides, displayed: turned).mask)
    }

    @Test(arguments: [
        "null", "[]", " [[]] ", "[[ ]]", "[\n]",
        // A box drawn as a polygon, upright or turned, closed or not.
        "[[5, 5, 65, 5, 65, 55, 5, 55]]", "[[5, 5, 65, 5, 65, 55, 5, 55, 5, 5]]", "[2, 1, 5, 3, 3, 6, 0, 4]",
    ])
    func `Nothing, and a rectangle, is no outline`(text: String) { #expect(described(text) == nil) }

    @Test(arguments: ["[[5, 5, 65, 5, 60, 55, 5, 55]]", "[[5, 5, 65, 5, 65, 55, 5, 55], [1, 1, 2, 1, 2, 2]]"])
    func `A quadrangle with other corners is an outline, and so are two parts`(text: String) {
        #expect(described(text) != nil)
    }

    @Test(arguments: [
        ("[[1, 1, 4, 1]]", "a polygon has 4 numbers, not x and y of three or more points"),
        ("[[1, 1, 4, 1, 2, 5, 3]]", "a polygon has 7 numbers, not x and y of three or more points"),
        ("[[1, 1, 4, \"a\", 2, 5]]", "a polygon is not a list of numbers"),
        ("[[[1, 1], [4, 1], [2, 5]]]", "a polygon is not a list of numbers"),
        ("[[1, 1, 1e300, 1, 2, 5]]", "the point 1e+300, 1.0 lies far outside the picture of 8 x 6 pixels"),
        ("[[1, 1, 4, -14, 2, 5]]", "the point 4.0, -14.0 lies far outside the picture of 8 x 6 pixels"),
        ("7", "it is neither a list of polygons nor run lengths"),
        ("\"mask.png\"", "it is neither a list of polygons nor run lengths"),
        ("[[1, 2", "it is not JSON"),
        ("{\"counts\": [48]}", "its 'size' is not [height, width]"),
        ("{\"size\": [0, 8], \"counts\": [48]}", "its 'size' is not [height, width]"),
        ("{\"size\": [6, 1e12], \"counts\": [48]}", "its 'size' is not [height, width]"),
        ("{\"size\": [6, 8]}", "its 'counts' are neither a list of whole numbers nor a text"),
        ("{\"size\": [6, 8], \"counts\": [4.5, 3]}", "its 'counts' are neither a list of whole numbers nor a text"),
        ("{\"size\": [6, 8], \"counts\": [40]}", "the runs cover 40 pixels of a picture of 8 x 6 pixels"),
        ("{\"size\": [6, 8], \"counts\": [40, 9]}", "the run 9 leaves the picture of 8 x 6 pixels"),
        ("{\"size\": [6, 8], \"counts\": [50, -2]}", "the run 50 leaves the picture of 8 x 6 pixels"),
        ("{\"size\": [6, 8], \"counts\": [9e15, 9e15]}", "the run 9000000000000000 leaves the picture of 8 x 6 pixels"),
        ("{\"size\": [6, 8], \"counts\": \"0 3\"}", "the counts are not COCO's compressed run lengths"),
        ("{\"size\": [6, 8], \"counts\": \"oooooooooooo\"}", "the counts are not COCO's compressed run lengths"),
        ("{\"size\": [6, 8], \"counts\": \"P\"}", "the counts are cut short"),
        (
            "{\"size\": [6, 9], \"counts\": [54]}",
            "it is of a picture with 9 x 6 pixels, but the picture has 8 x 6"
        ),
    ])
    func `A malformed outline is an error with its place`(text: String, problem: String) throws {
        let outline = try #require(described(text))
        let error = #expect(throws: FileError.self) { try outline.mask(stored: Self.sides, displayed: Self.sides) }
        #expect(
            error
                == .malformed(
                    path: "c.json, annotation 3", line: nil, problem: "the outline is not usable: \(problem)",
                    remedy: "Correct its 'segmentation', or remove it."))
    }

    @Test func `An endless boundary and a huge text are refused`() throws {
        let side = Bounds.pictureSide
        let huge = PictureSides(width: side, height: side)
        let zigzag = (0..<60).map { "\($0 % 2 * side), \($0)" }.joined(separator: ", ")
        #expect { try described("[[\(zigzag)]]")?.mask(stored: huge, displayed: huge) } throws: {
            "\($0)".contains("the boundary is longer than 2000000 pixels")
        }
        let text = "{\"size\": [6, 8], \"counts\": [" + String(repeating: "0, ", count: 1_500_000) + "48]}"
        #expect { try described(text)?.mask(stored: Self.sides, displayed: Self.sides) } throws: {
            "\($0)".contains("it takes 4500032 bytes, more than the limit of 4194304")
        }
        // The picture's size costs nothing.
        let empty = try #require(described("{\"size\": [\(side), \(side)], \"counts\": [\(side * side)]}"))
        #expect(try empty.mask(stored: huge, displayed: huge).mask.area == 0)
    }

    @Test(
        arguments: [
            (
                #"{"a": [{"m": [1, [2]], "n": 3}, {"n": "x\"}"}, {"m" : {"m": "]"} }, 7, null], "b": 1}"#,
                ["[1, [2]]", nil, #"{"m": "]"} "#, nil, nil]
            ),
            (#"{"b": {"a": [{"m": 1}]}, "a": [{"n": {"m": 2}, "m": "p"}]}"#, ["\"p\""]),
            ("{\"a\": []}", []), ("{\"b\": 1}", []), ("[1]", []), ("7", []), ("", []),
            ("\u{FEFF}{\"a\": [{\"m\": null}]}", ["null"]),
        ] as [(String, [String?])])
    func `The texts of a member are found without parsing`(json: String, texts: [String?]) {
        let found = JSONText.members("m", ofEach: "a", in: Data(json.utf8))
        #expect(found.map { $0.map { String(decoding: $0, as: UTF8.self) } } == texts)
    }

    @Test func `The texts of a member are sought in any bytes without leaving them`() {
        let json = Array(#"{"b": "\\", "a": [{"m": [1, {"c": "]"}], "n": 3}, {"m": {"m": "]"} }, 7]}"#.utf8)
        for end in json.indices {
            for drop in 0..<3 {
                let text = Data(json[..<end] + json[min(end + drop, json.count)...])
                let padded = Data([0x22, 0x22, 0x22]) + text
                #expect(JSONText.members("m", ofEach: "a", in: padded.dropFirst(3)).count <= 4)
            }
        }
    }
}
