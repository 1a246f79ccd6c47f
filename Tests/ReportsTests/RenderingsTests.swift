import Basics
import Foundation
import Imaging
import Testing

@testable import Reports

/// Documents that were removed, also from the record: the files they leave behind reveal them.
@Suite struct RenderingsTests {
    private static let text = """
        ---
        title: mAP `{wb} evaluate.pooled.map | fixed(4)`
        params: {k: 20}
        format: {gfm: default, html: {embed-resources: true}}
        ---
        ```{map-curve}
        #| label: fig-map
        ```
        """

    /// A pod with the document rendered into the formats of its front matter, or into some by a command.
    private static func rendered(_ formats: [FrontMatter.Format] = [], command: String = "whalebook report") throws
        -> Pod
    {
        let pod = try Pod()
        pod.command = command
        let result = try pod.render(text, formats: formats)
        try #require(result.errors.isEmpty, "\(result.errors)")
        return pod
    }

    private static func findings(_ pod: Pod) throws -> [String] {
        let folder = pod.root.appending(path: "reports"), document = folder.appending(path: "trial.book.md")
        let compared = try DocumentVerification.all(of: document, in: folder).flatMap { one in
            let results = one.record.locating { node in pod.root.appending(path: "store/\(node.stage)") }
            return try one.findings(results: results, place: pod.inputs.place, versions: [:])
        }
        return (compared + (try Renderings(in: folder).withoutRecord(of: document))).map(\.description)
    }

    private static func edit(_ pod: Pod, _ change: (inout [String: JSONValue]) -> Void) throws {
        var members = try JSONValue(parsing: Data(pod.read("reports/trial_files/record.json").utf8)).object ?? [:]
        change(&members)
        try pod.write("reports/trial_files/record.json", JSONValue.object(members).text)
    }

    private static func remove(_ pod: Pod, _ names: String...) throws {
        for name in names { try FileManager.default.removeItem(at: pod.root.appending(path: "reports/\(name)")) }
    }

    /// Damaged lists of documents.
    static let lists: [JSONValue?] = [nil, .null, [], ["trial.html"]]

    @Test(arguments: lists)
    func `A missing document is found by its other format, even if the record lacks it`(list: JSONValue?) throws {
        let pod = try Self.rendered()
        #expect(try Self.findings(pod) == [])
        try Self.remove(pod, "trial.md")
        try Self.edit(pod) { $0["documents"] = list }
        #expect(try Self.findings(pod).contains("trial.md: is missing"))
    }

    @Test(arguments: lists)
    func `A rendering without any document is found by its record`(list: JSONValue?) throws {
        let pod = try Self.rendered([.html], command: "whalebook render reports/trial.book.md --to html")
        #expect(try Self.findings(pod) == [])
        try Self.remove(pod, "trial.html")
        try Self.edit(pod) { $0["documents"] = list }
        #expect(try Self.findings(pod) == ["trial.html: is missing"])
    }

    @Test func `A document that exists but is not in the record is found`() throws {
        let pod = try Self.rendered()
        try Self.edit(pod) { $0["documents"] = ["trial.md"] }
        #expect(
            try Self.findings(pod) == [
                "trial.html: is a rendering of the document, but not in trial_files/record.json"
            ])
    }

    @Test func `Changing the command cannot hide a document, because every other one quotes it`() throws {
        let pod = try Self.rendered()
        try Self.remove(pod, "trial.md")
        try Self.edit(pod) {
            $0["documents"] = ["trial.html"]
            $0["command"] = "whalebook render reports/trial.book.md --to html"
        }
        let found = try Self.findings(pod)
        #expect(found.count == 1 && found[0].contains("whalebook re"), "\(found)")
    }

    @Test(arguments: [
        ("whalebook render a.book.md --to gfm,text", ["gfm", "text"]), ("whalebook report --to=html", ["html"]),
        ("whalebook render --to gfm --to html", ["html"]), ("whalebook render 'a --to text.book.md'", ["gfm", "html"]),
        ("whalebook preview --output-dir out", ["html"]), ("whalebook render --to", ["gfm", "html"]),
        ("", ["gfm", "html"]),
    ])
    func `The formats are the command's, or else the document's`(command: String, formats: [String])
        throws
    {
        let pod = try Self.rendered(command: command)
        let folder = pod.root.appending(path: "reports"), document = folder.appending(path: "trial.book.md")
        let record = try DocumentVerification.all(of: document, in: folder)[0].record
        #expect(record.formats(of: try Document.parse(contentsOf: document)).map(\.rawValue) == formats)
    }

    @Test func `A record without a list of documents lists the existing ones when it is rendered again`()
        throws
    {
        let pod = try Self.rendered()
        try Self.edit(pod) { $0["documents"] = nil }
        #expect(try Self.findings(pod) == [])
        pod.command = "whalebook render reports/trial.book.md --to html"
        _ = try pod.render(Self.text, formats: [.html])
        let found = try Self.findings(pod)
        // The Markdown quotes the earlier command; but it is in the record.
        #expect(!found.contains { $0.contains("not in trial_files/record.json") }, "\(found)")
    }

    @Test func `A rendering with other parameters is found by its remaining files if its record was removed`() throws {
        let pod = try Self.rendered()
        _ = try pod.render(Self.text, formats: [.gfm], parameters: ["k": "10"])
        try Self.remove(pod, "trial--k-10_files/record.json")
        let problem = "was rendered, but trial--k-10_files/record.json is missing"
        let found = try Self.findings(pod)
        #expect(found.count == 2 && found.allSatisfy { $0.contains(problem) }, "\(found)")
        try Self.remove(pod, "trial--k-10_files")
        #expect(try Self.findings(pod).map { $0.prefix { $0 != ":" } } == ["trial--k-10.md"])
        // Another document, a note, and an unrelated file.
        try pod.write("reports/trial--k-10.book.md", "Text\n")
        try pod.write("reports/trial--draft.md", "Text\n")
        try pod.write("reports/notes.md", "Text\n")
        #expect(try Self.findings(pod) == [])
    }

    @Test func `A link in place of a rendering's files is named`() throws {
        let pod = try Self.rendered()
        let folder = pod.root.appending(path: "reports/trial_files"), other = pod.root.appending(path: "other")
        try FileManager.default.moveItem(at: folder, to: other)
        try FileManager.default.createSymbolicLink(at: folder, withDestinationURL: other)
        #expect(throws: FileError.unreadable(path: folder.path, reason: SystemWords.link)) { try Self.findings(pod) }
    }

    @Test func `A picture that cannot be read is reported once, with its path`() throws {
        let png = try Raster(width: 4, height: 4, red: 1, green: 2, blue: 3).png()
        for found in [Data("text".utf8), png.prefix(40)] {
            let findings = FileDifferences.findings(in: "trial_files/a.png", found: Data(found), expected: png)
            #expect(findings.count == 1)
            let text = findings[0].description
            #expect(text.hasPrefix("trial_files/a.png: cannot be read as a picture: is "), "\(text)")
            #expect(text.ranges(of: "a.png").count == 1, "\(text)")
        }
    }
}
