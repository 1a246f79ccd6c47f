import Basics
import Catalog
import Configuration
import Foundation
import Testing
import YAML

/// Configurations as people write them on other systems.
struct ForeignYAMLTests {
    private func parse(_ text: String) throws -> Configuration {
        try Configuration(parsing: text, path: "w.yaml", root: URL(filePath: "/project"))
    }

    @Test func `A byte-order mark at the start is skipped`() throws {
        #expect(try parse("\u{FEFF}data: ../pod\ndevice: cpu\n").data.folder == "../pod")
        #expect(try parse("\u{FEFF}").data.folder == "data/sample")
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Cases/23/whalebook.yaml")
        #expect(try Configuration.read(file).data.folder == "../proj/data")
    }

    @Test func `A home folder in a path is expanded`() throws {
        let home = try #require(ProcessInfo.processInfo.environment["HOME"])
        #expect(try parse("data: ~/pod").dataDirectory.path == home + "/pod")
        #expect(try parse("data: {folder: $HOME/pod, links: [~/cache]}").resolvedData.links == [home + "/cache"])
        #expect(try parse("data: {folder: pod, links: [../cache]}").resolvedData.links == ["/cache"])
    }

    @Test(arguments: [
        (#"\alpha=3"#, #"\alpha"#), (#"\beta"#, #"\beta"#), (#"x \theta$"#, #"\theta"#), (#"\newline"#, #"\newline"#),
        (#"\nu"#, #"\nu"#), (#"\frac{1}{2}"#, #"\frac"#), (#"\varphi"#, #"\varphi"#), (#"\rho"#, #"\rho"#),
        (#"whale\_id"#, #"\_"#), (#"\sigma"#, #"\sigma"#),
        (#"C:\new\pod"#, #"\pod"#), (#"\eta"#, #"\eta"#), (#"\Lambda"#, #"\Lambda"#), (#"\0"#, #"\0"#),
    ])
    func `An escape that makes a control character is refused with its line`(text: String, escape: String) throws {
        let error = try #require(throws: YAMLFlaw.self) { try BoundedYAML.compose("a: 'é😀'\nb: \"\(text)\"\n") }
        #expect(error.kind == .escape && error.line == 2)
        #expect(error.problem.contains("'\(escape)'") && error.remedy.contains("single quotes"))
        let whole = try #require(throws: ConfigurationError.self) { try parse("data: \"\(text)\"") }
        #expect(whole.description.contains("w.yaml:1: in double quotes"))
    }

    @Test(arguments: [
        #""one\ntwo""#, #""a \\alpha""#, #""say \"x\"""#, #"'\alpha'"#, #"\alpha"#, #""\u00e9""#, #""\x1B[""#,
        "\"a\\\n  b\"",
    ])
    func `Other backslashes are read`(text: String) throws {
        #expect(try BoundedYAML.compose("a: \(text)") != nil)
    }

    @Test func `Words for nobody and places of links are read, and are silent at their defaults`() throws {
        let data = try parse("data: {folder: pod, nobody: [auto, NO, 007, ~, null], links: [/cache]}").data
        #expect(data.nobody == NobodyNames(["auto", "NO", "007", "~", "null"]) && data.links == ["/cache"])
        #expect(data.nobody.contains("no") && data.nobody.contains("7") == false)
        #expect(try parse("data: {folder: pod, nobody: auto, links: []}").tree == parse("data: {folder: pod}").tree)
        let text = String(decoding: try JSONEncoder().encode(data), as: UTF8.self)
        #expect(try JSONDecoder().decode(DataSettings.self, from: Data(text.utf8)) == data)
        let plain = try JSONValue(encoding: DataSettings(folder: "pod")).object?.keys.sorted()
        #expect(plain == ["folder", "patterns"])
    }
}
