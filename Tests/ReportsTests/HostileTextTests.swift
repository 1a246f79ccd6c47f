import Basics
import Foundation
import Testing

@testable import Reports

/// Values that look like Markdown, HTML or addresses.
struct HostileTextTests {
    static let values = [
        "- x", "+ x", "* x", "-", "+", "--", "---", "- - -", "===", ":-:", "--:", "1. x", "1) x", "12.", "    x", "\tx",
        "x  ",
        "# x", "> x", "| a | b |", "```", "~~~", "<b>x", "<!-- x", "[a](b)", "![a](b)", "[^1]", "a@b.c",
        "x.y+z@b-c.d.e",
        "http://a.b", "ftp://a.b", "www.a.b", "mailto:a@b.c", "xmpp:a@b.c", "&amp;", "\\", "`", "$x$", "x\n\ny",
        "x\n- y", "\u{1B}[2J",
        "a\u{202E}b", "a\u{2029}b", "</p>", "_x_", "**x**", "~~x~~", " ` ",
    ]

    /// The places of a value.
    private static let places = [
        "@", "- @", "1. @", "> @", "> - @", "a\n@", "a\n@\nb", "| a |\n|---|\n| @ |", "## @", "a @ b", "a @", "@ b",
        "1@ b", "-@",
        "*@*", "**@**", "[@](x)", "![@](x)", "a[^n]\n\n[^n]: @", "@. b", "@) b",
    ]

    @Test(arguments: values)
    func `A value never becomes structure`(value: String) throws {
        for place in Self.places {
            let written = MarkdownText.escaped(value, isLabel: place.hasPrefix("!"))
            let structure = try Self.structure(place.replacing("@", with: written))
            let plain = try Self.structure(place.replacing("@", with: "x"))
            #expect(structure == plain, "\(value.debugDescription) in \(place.debugDescription)")
        }
    }

    @Test(arguments: values)
    func `An inline value never becomes structure`(value: String) throws {
        let pod = try Pod()
        func html(_ value: String, name: String) throws -> String {
            let document = Document(
                parsing: "---\ntitle: x\nparams: {v: x}\nformat: html\n---\n"
                    + Self.places.filter { !$0.hasPrefix("!") }
                    .map { "A\n\n" + $0.replacing("@", with: "`{wb} params.v`") }.joined(separator: "\n\n") + "\n",
                url: pod.root.appending(path: "reports/\(name).book.md"))
            _ = try ReportRenderer(inputs: pod.inputs).render(
                document, parameters: ["v": value], to: pod.root.appending(path: "reports"))
            let file = try #require(try pod.files(in: "reports").first { $0.hasPrefix(name) && $0.hasSuffix(".html") })
            return try pod.read("reports/\(file)")
        }
        let page = try html(value, name: "hostile")
        #expect(Self.tags(page) == Self.tags(try html("y", name: "plain")))
        #expect(!page.unicodeScalars.contains { $0.properties.isBidiControl || $0 == "\u{1B}" })
    }

    private static func structure(_ markdown: String) throws -> [String] {
        tags(try #require(CommonMark(markdown)).html)
    }

    /// The tags of a page without their content.
    private static func tags(_ html: String) -> [String] {
        html.replacing("<!-- -->", with: "").matches(of: #/<[^>]*>/#).map { match in
            // The picture's text is a value, and a heading's anchor is made from its words.
            match.0.hasPrefix("<img")
                ? "<img>" : match.0.wholeMatch(of: #/<a id="[^"<>&\s]*">/#) != nil ? "<a id>" : String(match.0)
        }
    }

    @Test(arguments: [
        ("/home/ann/pod/a.csv:3: wrong", "pod/a.csv:3: wrong"),
        ("see '/srv/x/y.jpg', and/or 1/2", "see 'y.jpg', and/or 1/2"),
        ("https://a.b/c and /", "https://a.b/c and /"), ("--config=/etc/w.yaml", "--config=w.yaml"),
        ("data /a/b → /c/d", "data b → d"),
    ])
    func `A document has no absolute path`(text: String, shown: String) {
        #expect(RelativePaths(root: URL(filePath: "/home/ann")).shortened(text) == shown)
    }

    @Test func `The table of runs and the provenance have no absolute path`() throws {
        let pod = try Pod()
        pod.ledger = ReportLedger(
            runs: [
                Pod.run(
                    1, parent: nil, reason: "for /home/ann/x", outcome: .failed,
                    failure: "Cannot read /srv/secret/p.jpg: gone",
                    changes: [.init(name: "data", old: "/home/ann/old", new: .string("\(pod.root.path)/new"))])
            ], splitComparisons: []
        ) { _, _ in nil }
        _ = try pod.render("```{runs-table}\n```\n", name: "paths")
        let text = try pod.read("reports/paths.md")
        #expect(text.contains("data old → new") && text.contains("Cannot read p.jpg"))
        for secret in ["/srv", "/home", pod.root.path] { #expect(!text.contains(secret)) }
    }
}
