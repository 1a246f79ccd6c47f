import Basics
import Foundation
import Testing

/// Texts as other programs and people write them.
struct ForeignTextTests {
    @Test(arguments: [
        ("~", "/h"), ("~/a b", "/h/a b"), ("$HOME/x", "/h/x"), ("${HOME}", "/h"), ("~other/x", "~other/x"),
        ("a/~", "a/~"), ("$HOMER/x", "$HOMER/x"), ("", ""),
    ])
    func `A home folder at the start of a path is expanded`(path: String, expanded: String) {
        #expect(UserPath.expanded(path, home: "/h") == expanded)
    }

    @Test(arguments: [
        ("72", 72), ("72.0", 72), ("72.", 72), (" -3 ", -3), ("8,0", 8), ("1.000", nil), ("1,000", nil), ("7.5", nil),
        ("1e3", nil), ("", nil), (".0", nil),
    ])
    func `A whole number may have zeros after its point`(text: String, number: Int?) {
        #expect(Int(wholeNumber: text) == number)
    }

    @Test func `NaN and infinity become null outside strings only, on the same lines`() throws {
        let text = "{\"a\": NaN,\n \"NaN\\\"NaN\": [-Infinity,\nInfinity, \"Infinity\\\\\"]}"
        let plain = try #require(JSONText.withoutNaN(Data(text.utf8)))
        #expect(
            String(decoding: plain, as: UTF8.self)
                == "{\"a\": null,\n \"NaN\\\"NaN\": [null,\nnull, \"Infinity\\\\\"]}")
        #expect(JSONText.withoutNaN(Data("{\"NaN\": 1}".utf8)) == nil)
        #expect(JSONText.lineOfError(in: plain) == nil)
        #expect(JSONText.lineOfError(in: Data("[1,\n2,\n}".utf8)) == 3)
    }

    @Test(arguments: [
        ("a;b,c;d", ["a", "b,c", "d"]), ("\"a;b\",c", ["a;b", "c"]), ("a\tb", ["a", "b"]), ("a", ["a"]),
    ])
    func `The commonest separator outside quotes separates the cells`(line: String, cells: [String]) throws {
        #expect(try CSVTable(parsingSheet: Data((line + "\n").utf8), path: "x.csv").header == cells)
    }

    @Test func `A strict table keeps semicolons and empty rows as they are`() throws {
        #expect(try CSVTable(parsing: Data("a;b\n1;2\n".utf8), path: "x.csv").header == ["a;b"])
        #expect(try CSVTable(parsing: Data("a,b\n,\n".utf8), path: "x.csv").rows == [["", ""]])
    }

    @Test func `A line that names the separator comes before the header`() throws {
        let table = try CSVTable(parsingSheet: Data("\u{FEFF}SEP=;\r\na;b\r\n1;2\r\n".utf8), path: "x.csv")
        #expect(table.header == ["a", "b"] && table.rows == [["1", "2"]] && table.line(ofRow: 0) == 3)
    }
}
