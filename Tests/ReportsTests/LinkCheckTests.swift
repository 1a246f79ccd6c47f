import Foundation
import Testing

@testable import Reports

struct LinkCheckTests {
    private static let text = """
        ---
        title: T
        ---
        ## One {#sec-one}

        See @fig-worst, [the same part](#one-more-part), [the figures of it](#fig-worst), <https://example.org> and
        [another document](other.md#sec-two).

        ## One more part

        ```{retrieval-grid}
        #| label: fig-worst
        select: worst
        count: 2
        ```

        ```{whale-grid}
        #| label: fig-whales
        ```

        ```{embedding-map}
        #| label: fig-map
        ```
        """

    /// The findings of a folder's documents that begin with `trial`.
    private func findings(_ pod: Pod, photographs: String? = nil) throws -> [String] {
        let folder = pod.root.appending(path: "reports")
        let files = try ["trial.md", "trial.html", "trial.txt"].map { name in
            (path: name, contents: try Data(contentsOf: folder.appending(path: name)))
        }
        return LinkCheck(folder: folder, photographs: photographs.map { pod.root.appending(path: $0) })
            .findings(in: files).map(\.description)
    }

    private func rendered() throws -> Pod {
        let pod = try Pod()
        _ = try pod.render("## Two {#sec-two}\n\nText\n", name: "other", formats: [.gfm, .html])
        let result = try pod.render(Self.text, formats: [.gfm, .html, .text])
        try #require(result.errors.isEmpty, "\(result.errors)")
        return pod
    }

    @Test func `Every link and anchor of a rendering resolves, in all three formats`() throws {
        let pod = try rendered()
        #expect(try findings(pod, photographs: "data/pod") == [])
        let html = try #require(LinkMarks(pod.read("reports/trial.html"), of: "trial.html"))
        let markdown = try #require(LinkMarks(pod.read("reports/trial.md"), of: "trial.md"))
        #expect(html.links.contains("other.html#sec-two") && markdown.links.contains("other.md#sec-two"))
        for marks in [html, markdown] {
            #expect(marks.links.contains("trial_files/photographs/w4p4.jpeg"))
            #expect(marks.links.contains("#fig-worst") && marks.anchors.isSuperset(of: ["sec-one", "one-more-part"]))
        }
    }

    @Test func `Verification follows the links`() throws {
        let pod = try rendered()
        let folder = pod.root.appending(path: "reports")
        func found() throws -> [String] {
            try DocumentVerification.all(of: folder.appending(path: "trial.book.md"), in: folder).flatMap { one in
                let results = one.record.locating { node in pod.root.appending(path: "store/\(node.stage)") }
                return try one.findings(results: results, place: pod.inputs.place, versions: [:])
            }.map(\.description)
        }
        #expect(try found() == [])
        try FileManager.default.removeItem(at: folder.appending(path: "other.md"))
        let dead = try found()
        #expect(
            dead == [
                "trial.md:8: links to 'other.md#sec-two', which does not exist. Render that document, too"
            ])
    }

    @Test func `A missing anchor or file, a path of this machine and the folder of photographs are found`() throws {
        let pod = try rendered()
        let markdown = try pod.read("reports/trial.md")
        try pod.write(
            "reports/trial.md",
            markdown + """

                [a](#nowhere) [b](gone.md) [c](x.png) [d](/etc/hostname) [e](file:///etc/hostname)
                [f](../data/pod/images/w1p1.jpg) [g](other.md#sec-three) [h](trial.book.md) [i](#sec-one)
                """)
        let html = try pod.read("reports/trial.html")
        try pod.write("reports/trial.html", html.replacing("id=\"fig-worst\"", with: "id=\"fig-uno\""))
        let found = try findings(pod, photographs: "data/pod")
        let words = [
            "'#nowhere', which the document does not have", "'gone.md', which does not exist. Render that document",
            "'x.png', which does not exist. Correct the link", "'/etc/hostname', which other machines do not have",
            "'file:///etc/hostname', which other machines do not have",
            "'../data/pod/images/w1p1.jpg', which is in the folder of photographs",
            "'other.md#sec-three', and that file has no such anchor",
        ]
        for (finding, text) in zip(found, words) {
            #expect(finding.hasPrefix("trial.md:") && finding.contains("links to \(text)"), "\(finding)")
        }
        #expect(found.count == words.count + 1)
        #expect(found.last?.hasPrefix("trial.html: links to '#fig-worst', which the document") == true)
    }

    @Test func `Plain text has no remains of links, except in code`() throws {
        let pod = try rendered()
        let text = try pod.read("reports/trial.txt")
        try pod.write("reports/trial.txt", "    let a = [Int](#one)\n[x](#y)\n" + text)
        #expect(try findings(pod) == ["trial.txt:2: has '](#', which is left of a link. Render again"])
    }

    @Test func `Headings have the anchors that GitHub gives them`() {
        var slugs = HeadingSlugs()
        #expect(slugs.next("3. What's new: A & B?") == "3-whats-new-a--b")
        #expect(slugs.next("Äpfel_und Birnen") == "äpfel_und-birnen")
        #expect([slugs.next("Same"), slugs.next("same"), slugs.next("Same")] == ["same", "same-1", "same-2"])
    }
}
