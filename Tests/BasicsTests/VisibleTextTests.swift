import Basics
import Foundation
import Testing

struct VisibleTextTests {
    @Test(arguments: [
        ("\u{1B}[31mred", "\\u{1B}[31mred"), ("a\u{202E}b\u{2066}", "a\\u{202E}b\\u{2066}"),
        ("a\nb\r\tc", "a\\u{A}b\\u{D}\\u{9}c"),
        ("\u{9B}\u{7F}\u{00}", "\\u{9B}\\u{7F}\\u{0}"), ("a\u{2028}b\u{FEFF}", "a\\u{2028}b\\u{FEFF}"),
        ("Pa\u{200D}ul\u{E0041}", "Pa\\u{200D}ul\\u{E0041}"),
    ])
    func `Characters that act on a terminal are escaped`(text: String, shown: String) { #expect(text.visible == shown) }

    @Test(arguments: ["Zoë – 28 °C", "雪", "می‌خواهم", "👩‍👩‍👧", "plain", ""])
    func `Letters of all languages are kept`(text: String) { #expect(text.visible == text) }

    @Test func `JSON keeps its values`() throws {
        let value: JSONValue = ["a\u{202E}": .array(["\u{9B}\u{7F}\n\u{1B}", "\u{E0041}é"])]
        #expect(!value.text.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x9B || $0.value == 0x7F })
        #expect(try JSONValue(parsing: Data(value.text.utf8)) == value)
        #expect(try JSONValue(parsing: Data(value.canonicalText.visibleJSON.utf8)) == value)
    }

    @Test func `A line break in a value starts no new line`() {
        #expect(["a\nb", "c"].visibleLines == "a\\u{A}b\nc\n")
        struct Lines: ErrorWithLines { let lines = ["one\u{07}", "two\nthree"] }
        #expect(visibleLines(of: Lines()) == "one\\u{7}\ntwo\\u{A}three")
    }

    @Test(arguments: ["=cmd()", "+1", "-1", "@sum", "\tx", "\rx", "'=x", "''=x", "'x", "'", "", "whale", "a=b", "−1"])
    func `Text for spreadsheets is not a formula and comes back unchanged`(text: String) {
        let written = SpreadsheetText.harmless(text)
        #expect(SpreadsheetText.plain(written) == text)
        #expect(!["=", "+", "-", "@", "\t", "\r"].contains { written.unicodeScalars.first?.description == $0 })
    }
}
