import Basics
import Catalog
import Foundation
import Testing

/// Paths that leave the folder, names in many scripts, and metadata with small errors.
@Suite struct HostileInputTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func writeMetadata(_ rows: [String], columns: String = "") throws {
        try folder.write(
            "metadata.csv",
            "image_id,path,height,width,viewpoint,date\(columns)\n" + rows.map { $0 + "\n" }.joined())
    }

    @Test(arguments: [
        "/etc/passwd", "../a.jpg", "images/../../a.jpg", "images/..", "a\0.jpg", "/\u{301}.jpg", "../\u{301}.jpg",
    ])
    func `A path that leaves the folder is refused, whether or not the file exists`(path: String) throws {
        try writeMetadata(["a,\(path),1,1,top,"])
        for files in [FileCheck.present, .unchecked] {
            let error = try #require(throws: CatalogError.self) { try Catalog.read(folder.url, files: files) }
            #expect(error.problems.map(\.line) == [2])
            #expect(error.description.contains("of 'a' leaves the folder. Write it relative to \(folder.url.path)"))
        }
    }

    @Test func `A link out of the folder is refused, whether it is the file or a parent folder`() throws {
        let outside = try TemporaryFolder()
        try outside.write("secret.jpg")
        try folder.write("images/real.jpg")
        let files = FileManager.default
        func link(_ name: String, to target: String) throws {
            try files.createSymbolicLink(atPath: folder.url.path + "/" + name, withDestinationPath: target)
        }
        try link("out.jpg", to: outside.url.path + "/secret.jpg")
        try link("outside", to: outside.url.path)
        try link("in.jpg", to: "images/real.jpg")
        try link("within", to: "images")
        try link("gone.jpg", to: "images/none.jpg")
        let names = ["out.jpg", "outside/secret.jpg", "in.jpg", "within/real.jpg", "gone.jpg", "images"]
        try writeMetadata(names.map { "\($0),\($0),1,1,top," })
        let target = outside.url.resolvingSymlinksInPath().path
        #expect(
            try folder.problems() == [
                "metadata.csv:2: the image 'out.jpg' of 'out.jpg' leaves the folder through a link. "
                    + "Put the file itself in \(folder.url.path), or allow the link with --links or data.links: "
                    + "[\(target)].",
                "metadata.csv:3: the image 'outside/secret.jpg' of 'outside/secret.jpg' leaves the folder through a link. "
                    + "Put the file itself in \(folder.url.path), or allow the link with --links or data.links: "
                    + "[\(target)].",
                "metadata.csv:6: the image 'gone.jpg' of 'gone.jpg' is a link to a file that is missing. "
                    + "Put the file there, or remove the row.",
                "metadata.csv:7: the image 'images' of 'images' is not a file. Write the path of a picture.",
            ])
    }

    @Test(arguments: ["metadata.csv", "other.csv", "coco.json", "images"])
    func `A named pipe in place of a file does not block`(name: String) throws {
        #expect(mkfifo(folder.url.appending(path: name).path, 0o600) == 0)
        #expect(throws: (any Error).self) { try Catalog.read(folder.url) }
        try folder.write("w1/a.jpg")
        try folder.write("w2/b.jpg")
        #expect(mkfifo(folder.url.appending(path: "w2/c.jpg").path, 0o600) == 0)
        #expect(throws: (any Error).self) { try Catalog.read(folder.url, layout: .folders) }
    }

    @Test(arguments: [Int.min, -1, 0, Int.max])
    func `A picture's size in the metadata may be any number`(size: Int) throws {
        try folder.write("a.jpg")
        try folder.write(
            "coco.json",
            """
            {"images": [{"id": 1, "file_name": "a.jpg", "width": \(size), "height": \(size)}],
             "annotations": [{"id": 1, "image_id": 1, "bbox": [5, 5, 10, 10]}]}
            """)
        let isPicture = size > 0
        #expect((try? Catalog.read(folder.url))?.photographs.count == (isPicture ? 1 : nil))
        try FileManager.default.removeItem(at: folder.url.appending(path: "coco.json"))
        for number in ["\(size)", "99999999999999999999", "nan", "1e400"] {
            try writeMetadata(["a,a.jpg,\(number),\(number),top,"])
            _ = try? Catalog.read(folder.url)
        }
    }

    @Test func `Of any number of problems twenty are reported and the others counted`() throws {
        try writeMetadata((0..<10_000).map { "a\($0),images/none\($0).jpg,1,1,topp,2020-13-01" })
        let error = try #require(throws: CatalogError.self) { try Catalog.read(folder.url) }
        #expect(error.problems.count == 20 && error.list.count >= 20_000)
        #expect(error.description.count < 10_000 && error.description.hasSuffix(" more."))
    }

    @Test func `A folder may itself be reached through a link`() throws {
        try folder.write("data/a.jpg")
        try folder.write("data/metadata.csv", "image_id,path,height,width,viewpoint,date\na,a.jpg,1,1,top,\n")
        let link = folder.url.appending(path: "link")
        try FileManager.default.createSymbolicLink(
            atPath: link.path, withDestinationPath: folder.url.path + "/data")
        #expect(try Catalog.read(link).photographs.map(\.id) == ["a"])
    }

    @Test func `Names in any script, with commas, quotes and line breaks, keep their bytes`() throws {
        let names = ["Ångström.jpg", "A\u{30A}ngstro\u{308}m.jpg", "鯨 %20#?.jpg", "a, \"b\"\nc.jpg", "🐋.jpg"]
        // Two Unicode forms of one name are two files, but ids must differ in more than their form.
        for name in names { try folder.write("images/" + name) }
        let rows = names.enumerated().map { number, name in
            "\(number),\"images/\(name.replacing("\"", with: "\"\""))\",1,1,top,,クジラ"
        }
        try writeMetadata(rows, columns: ",whale_id")
        let photographs = try Catalog.read(folder.url).photographs
        #expect(photographs.map { Array($0.path.utf8) } == names.map { Array("images/\($0)".utf8) })
        #expect(photographs.allSatisfy { $0.whaleID == "クジラ" })
        let missing = folder.url.appending(path: "images/" + names[1])
        try FileManager.default.removeItem(at: missing)
        #expect(try folder.problems().count == 1, "the composed form is not taken for the decomposed one")
    }

    @Test func `Names of photographs or animals that differ only in their Unicode form are reported`() throws {
        try folder.write("a.jpg")
        try writeMetadata(
            ["caf\u{E9},a.jpg,1,1,top,,Jos\u{E9}", "cafe\u{301},a.jpg,1,1,top,,Jose\u{301}"], columns: ",whale_id")
        #expect(
            try folder.problems() == [
                "metadata.csv:3: image_id 'cafe\u{301}' differs from the one on line 2 only in its Unicode form. "
                    + "Give one of the photographs another name.",
                "metadata.csv:3: 'Jose\u{301}' is written in another Unicode form than on line 2. "
                    + "Write the name the same way everywhere, preferably composed (NFC).",
            ])
    }

    @Test func `Invalid dates, empty boxes and boxes outside the picture are reported`() throws {
        try folder.write("a.jpg")
        try writeMetadata(
            [
                "a,a.jpg,10,20,top,2021-02-29,", "b,a.jpg,10,20,top,yesterday,", "c,a.jpg,10,20,top,,\"[20, 0, 5, 5]\"",
                "d,a.jpg,10,20,top,,\"[1, 2, 3]\"", "e,a.jpg,,20,top,,", "f,a.jpg,,,,2020-02-29,\"[19, 9, 5, 5]\"",
            ], columns: ",bbox")
        let problems = try folder.problems()
        #expect(problems.map { $0.prefix("metadata.csv:2".count) } == (2...6).map { "metadata.csv:\($0)" })
        #expect(problems[0].contains("'2021-02-29' of 'a' is not a date"))
        #expect(problems[2].contains("the box [20, 0, 5, 5] of 'c' lies outside its 20 x 10 pixels"))
        #expect(problems[4].contains("the size '' x '20' of 'e' is not two positive numbers"))
    }

    @Test func `COCO's errors are reported with their annotation, and broken JSON with its place`() throws {
        try folder.write("a.jpg")
        try folder.write(
            "coco.json",
            #"""
            {"images": [{"id": 1, "file_name": "a.jpg", "date_captured": "soon"}, {"id": 1, "file_name": "a.jpg"},
                        {"id": "x", "file_name": "../b.jpg"}],
             "annotations": [{"id": 1, "image_id": 2}, {"id": 2, "image_id": 1, "bbox": [0, 0, 0, 9]},
                             {"id": 3, "image_id": "x"}]}
            """#)
        let problems = try folder.problems()
        #expect(problems.count == 5)
        #expect(problems[0] == "coco.json: the image id 1 occurs twice. Give every image its own id.")
        #expect(problems[1].hasPrefix("coco.json, annotation 1: there is no image 2."))
        #expect(problems[2].hasPrefix("coco.json, annotation 2: [0.0, 0.0, 0.0, 9.0] is not a box."))
        #expect(problems[3].hasPrefix("coco.json, annotation 2: 'soon' of '2' is not a date."))
        #expect(problems[4].hasPrefix("coco.json, annotation 3: the path '../b.jpg' of '3' leaves the folder."))
        for (text, problem) in [
            (#"{"images": [], "annotations": [{"id": 1}]}"#, ": annotations[0] has no 'image_id'"),
            (
                #"{"images": [], "annotations": [{"id": true, "image_id": 1}]}"#,
                ": annotations[0].id is not of type String"
            ),
            (#"{"images": [], "annotations": ["#, ":1: this is not valid JSON"),
        ] {
            try folder.write("coco.json", text)
            let error = try #require(throws: FileError.self) { try Catalog.read(folder.url) }
            #expect("\(error)".contains("coco.json\(problem)"), "\(error)")
        }
    }

    @Test func `Wildbook's errors are reported by line; rows without a photograph are skipped`() throws {
        try folder.write("1.jpg")
        let header = "encounter.MediaAsset0,Encounter.year,Encounter.month,Encounter.day,Encounter.hour\n"
        try folder.write("export.csv", header + "1.jpg,2020,2,30,\n,2020,1,1,\n1.jpg,2020.0,8.0,1,24\n1.jpg,,,3,\n")
        let problems = try folder.problems()
        let dates =
            "Write Encounter.year, .month, .day, .hour and .minutes as whole numbers, and leave out what is unknown."
        let repeated = "image_id '1.jpg' already occurs on line 2. Keep one row for each photograph."
        #expect(
            problems == [
                "export.csv:2: this date does not exist: year 2020, month 2, day 30. \(dates)",
                "export.csv:4: \(repeated)", "export.csv:5: \(repeated)",
            ])
    }

    @Test func `A slash separates names even if a combining mark follows it`() throws {
        for path in ["A/\u{301}.jpg", "B/\u{308}/2.jpg"] { try folder.write(path) }
        let photographs = try Catalog.read(folder.url).photographs
        #expect(photographs.map(\.whaleID) == ["A", "B"])
        #expect(photographs[1].encounterID == "B/\u{308}")
    }

    @Test func `Pictures that cannot be read are reported, and deeply nested ones are read`() throws {
        for path in ["A/1.jpg", "B/1.png", "B/2.GIF", "B/c/d/3.jpg", ".hidden/4.jpg", "B/._5.jpg", "6.jpg"] {
            try folder.write(path)
        }
        let problems = try folder.problems()
        #expect(problems.map { $0.prefix { $0 != ":" } } == ["B/2.GIF"])
        try FileManager.default.removeItem(at: folder.url.appending(path: "B/2.GIF"))
        #expect(try Catalog.read(folder.url).photographs.map(\.encounterID) == [nil, nil, "B/c/d"])
    }
}
