import Foundation
import Testing

@testable import Basics

/// JSON as in Foundation and RFC 8259.
@Suite struct JSONTests {
    private func value(_ text: String) -> JSONValue? { try? JSONValue(parsing: Data(text.utf8)) }

    static let texts = [
        "null", "true", "false", "0", "-0", "12", "-3.5", "1e3", "1E-3", "1e+3", "123456789012345678901234567890",
        "0.1", "1.7976931348623157e308", "5e-324", "\"\"", #""a\"\\\/\b\f\n\r\t""#, #""\u00e9\uD83D\uDC0B""#,
        "\"é🐋\"", "[]", "{}", " [ 1 , 2 ] ", "{\"a\":{\"b\":[null,{}]}}", "[\r\n\t1]", "\u{FEFF}1", "{\"\":1}",
        // Not JSON.
        "", " ", "01", "-", "+1", ".5", "1.", "1e", "1e+", "1e999", "NaN", "Infinity", "nul", "truee", "\"", "\"\\x\"",
        "\"\\u12\"", #""\uD83D""#, #""\uDC0B""#, #""\uD83Dx""#, #""\uD83D\u0041""#, "\"\n\"", "\"\u{1}\"",
        "[,1]", "[1 2]",
        "[", "]", "{", "{\"a\"}", "{\"a\":}", "{1:2}", "{'a':1}", "1 2", "[1]]", "// a\n1",
    ]

    @Test(arguments: texts) func `A text is read as Foundation reads it`(text: String) {
        let foundation = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        #expect(value(text) == foundation)
    }

    @Test func `Generated texts are read as Foundation reads them`() {
        var random = SeededGenerator(seed: 1, "json")
        let parts = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\\n\"", "1", "-2.5e3", "true", "null", " ", "\n", "\"", "\\",
            "e", "0",
        ]
        var read = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...9, using: &random)
            let text = (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
            let foundation = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
            #expect(value(text) == foundation, "\(text)")
            if foundation != nil { read += 1 }
        }
        #expect(read > 500, "so few would tell nothing")
    }

    @Test func `RFC 8259 counts where Foundation differs from it`() {
        for text in ["[1,]", "{\"a\":1,}"] { #expect(value(text) == nil, "\(text)") }
        #expect(value("1e-400") == 0)
    }

    @Test func `Bytes that are not UTF-8 are not JSON`() {
        for bytes: [UInt8] in [[0x22, 0xE9, 0x22], [0x22, 0xC0, 0x80, 0x22], [0xE9], [0x22, 0x5C, 0x6E, 0xE9, 0x22]] {
            #expect(throws: (any Error).self) { try JSONValue(parsing: Data(bytes)) }
        }
    }

    @Test func `The last of repeated keys counts`() {
        #expect(value(#"{"a": 1, "a": 2}"#) == ["a": 2])
    }

    @Test func `Endlessly nested values are refused`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(value(nested(500)) != nil)
        for depth in [600, 1_000_000] { #expect(value(nested(depth)) == nil) }
    }

    @Test func `A damaged file is reported with its line`() throws {
        let folder = try TemporaryFolder("json")
        defer { folder.remove() }
        let url = folder.url.appending(path: "x.json")
        try AtomicFile.write("{\n\"a\": 1,\n\"b\": oops\n}", to: url)
        #expect { try JSONValue.read(url) } throws: { "\($0)".contains("x.json:3: this is not valid JSON") }
    }
}
