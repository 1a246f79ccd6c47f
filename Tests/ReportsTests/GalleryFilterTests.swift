import Foundation
import Testing

@testable import Reports

struct GalleryFilterTests {
    private static let cell = "```{whale-grid}\n#| label: fig-whales\n```\n"

    @Test func `A web page has a filter for animals, and other formats have none`() throws {
        let pod = try Pod()
        _ = try pod.render(Self.cell, formats: [.gfm, .html, .text])
        let html = try pod.read("reports/trial.html")
        #expect(
            html.contains(
                "<div class=\"gallery\" data-facets=\"[&quot;Animal&quot;,&quot;View of the query&quot;,&quot;Cause of the miss&quot;]\""
            ))
        // One entry for each row, in the order of the tables.
        #expect(
            html.contains(
                " data-cases=\"[[[&quot;whale 4&quot;,&quot;left&quot;,&quot;found first&quot;]],[[&quot;whale 2&quot;,"
            ))
        #expect(html.contains("<script>") && XMLWellFormedness(html).problem == nil)
        for name in ["trial.md", "trial.txt"] {
            let text = try pod.read("reports/\(name)")
            #expect(text.contains("whale 4") && !text.contains("data-cases") && !text.contains("gallery"))
        }
    }

    @Test func `A name with any characters stays within its attribute`() {
        let name = "\"><script>alert(1)</script>\n\n'&"
        let filter = RowFilter(facets: ["Animal"], cases: [[[name]]])
        let marked = filter.marked("text").joined(separator: "\n\n")
        let page = HTMLPage(markdown: marked, frontMatter: FrontMatter()).text
        #expect(page.contains("[[[&quot;\\&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\\n\\n'&amp;&quot;]]]"))
        #expect(page.split(separator: "<script>").count == 2)
    }
}
