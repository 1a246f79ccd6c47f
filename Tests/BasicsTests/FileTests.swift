import Basics
import Foundation
import Testing

@Suite struct FileTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())")

    @Test func `CSV keeps quotes, commas and line breaks, with a byte-order mark and CRLF`() throws {
        let text = "\u{FEFF}id,name\r\n1,\"Ada, \"\"the\r\nsecond\"\"\"\r\n2,Белуха\r\n"
        let table = try CSVTable(parsing: Data(text.utf8), path: "x.csv")
        #expect(table.header == ["id", "name"])
        #expect(table.rows == [["1", "Ada, \"the\r\nsecond\""], ["2", "Белуха"]])
        #expect(table.line(ofRow: 1) == 4)
        let again = try CSVTable(
            parsing: Data(CSVTable.text(header: table.header, rows: table.rows).utf8), path: "y.csv")
        #expect(again.rows == table.rows)
    }

    @Test(arguments: [
        ("a,b\n1\n", "x.csv:2: the row has 1 cells but the header has 2"), ("a\n\"1\n", "x.csv:2: a quoted cell"),
        ("", "x.csv:1: the file is empty"), ("a,b\r1,2\r", "x.csv:1: the lines end in CR only"),
        ("a,b\n1,\"2\"3\n", "x.csv:2: text follows a closing quote"),
    ])
    func `The error for malformed CSV gives the line`(text: String, message: String) throws {
        let error = try #require(throws: FileError.self) { try CSVTable(parsing: Data(text.utf8), path: "x.csv") }
        #expect(error.description.hasPrefix(message))
    }

    @Test func `Bytes that are not UTF-8 are reported with their line`() throws {
        let data = Data("a,b\n1,2\n3,".utf8) + [0xE9, 0x0A]
        let error = try #require(throws: FileError.self) { try CSVTable(parsing: data, path: "x.csv") }
        #expect(error.description == "x.csv:3: the text is not UTF-8. Save the file as UTF-8.")
    }

    @Test func `A name's own byte-order mark survives at the start of a file`() throws {
        let header = ["\u{FEFF}id"]
        let text = CSVTable.text(header: header, rows: [["\u{FEFF}"]])
        let table = try CSVTable(parsing: Data(text.utf8), path: "x.csv")
        #expect(table.header == header && table.rows == [["\u{FEFF}"]])
    }

    @Test func `A quote before a combining mark is doubled like any other`() throws {
        let cell = "say \"\u{7AB}, \"\u{301}"
        let text = CSVTable.text(header: ["a"], rows: [[cell]])
        #expect(text == "a\n\"say \"\"\u{7AB}, \"\"\u{301}\"\n")
        #expect(try CSVTable(parsing: Data(text.utf8), path: "x.csv").rows == [[cell]])
    }

    @Test func `The error for a missing column suggests the nearest name`() throws {
        let table = try CSVTable(parsing: Data("whale_id,path\n".utf8), path: "x.csv")
        let error = try #require(throws: FileError.self) { try table.column("whaleid") }
        #expect(error.description.contains("Did you mean 'whale_id'?"))
    }

    @Test func `A matrix reads back equal`() throws {
        let matrix = NPYMatrix(
            rows: 2, columns: 3, values: [1, -2, .leastNonzeroMagnitude, 4, 5, .greatestFiniteMagnitude])
        let url = folder.appending(path: "deep/er/e.npy")
        try matrix.write(to: url)
        #expect(try NPYMatrix.read(url) == matrix)
        let data = try Data(contentsOf: url)
        try data.dropLast().write(to: url)
        #expect(throws: FileError.self) { try NPYMatrix.read(url) }
    }

    @Test func `A mapped matrix has the same numbers, also if they are not aligned`() throws {
        let numbers: [Float] = [1.5, -2, 3e-30, 4]
        for padding in 0..<8 {
            let header =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }" + String(repeating: " ", count: padding)
            var data = Data([0x93] + "NUMPY".utf8 + [1, 0, UInt8(header.utf8.count), 0] + header.utf8)
            numbers.withUnsafeBytes { data.append(contentsOf: $0) }
            let url = folder.appending(path: "padded-\(padding).npy")
            try AtomicFile.write(data, to: url)
            let matrix = try NPYMatrix.read(url)
            #expect(Array(matrix.values) == numbers)
            #expect(matrix.values == FloatValues(numbers))
            #expect(matrix.values[3] == 4)
            #expect(matrix.values != FloatValues([1.5, -2, 3e-30, 5]))
        }
    }

    @Test func `A failed write keeps the earlier file and leaves no other`() throws {
        try FileManager.default.createDirectory(at: folder.appending(path: "x"), withIntermediateDirectories: true)
        // A folder is in the file's place, so the rename fails for any user, including root.
        let error = try #require(throws: FileError.self) {
            try AtomicFile.write("text", to: folder.appending(path: "x"))
        }
        #expect(error.description.contains("Cannot write"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x"])
    }

    @Test func `Only the partial files of killed processes are swept`() throws {
        let gone = Process()
        gone.executableURL = URL(filePath: "/bin/true")
        try gone.run()
        gone.waitUntilExit()
        let kept = [".a.csv.\(ProcessInfo.processInfo.processIdentifier).partial", ".b.partial", "c.1.partial", ".d"]
        for name in kept + [".a.csv.\(gone.processIdentifier).partial"] {
            try AtomicFile.write("x", to: folder.appending(path: name))
        }
        AtomicFile.sweep(try HeldFolder(folder))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == kept.sorted())
    }

    @Test func `JSON text is sorted, as short as possible and reads back equal`() throws {
        let value: JSONValue = ["b": [1, 0.1, nil], "a": ["x": "é\"\n"], "c": []]
        #expect(value.canonicalText == #"{"a":{"x":"é\"\n"},"b":[1,0.1,null],"c":[]}"#)
        #expect(try JSONValue(parsing: Data(value.text.utf8)) == value)
        #expect(value[path: "b.1"] == 0.1)
        #expect(value[path: "a.y"] == nil)
    }

    @Test(arguments: [("fig-captoin", "fig-cap"), ("viewpiont", "viewpoint")])
    func `A misspelling finds its word`(slip: String, word: String) {
        #expect(Spelling.nearest(to: slip, among: ["fig-cap", "viewpoint", "label"]) == word)
        #expect(Spelling.nearest(to: "elephant", among: ["fig-cap", "label"]) == nil)
    }
}
