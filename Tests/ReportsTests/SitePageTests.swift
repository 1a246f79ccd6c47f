import Testing

@testable import Reports

struct SitePageTests {
    @Test func `The list links to each document by its title`() {
        let html = SitePage.index([("write-up.html", "mAP *0.5*"), ("a b.html", "Worst \\<1\\>")])
        #expect(html.contains("<a href=\"write-up.html\">mAP <em>0.5</em></a>"))
        #expect(html.contains("<a href=\"a%20b.html\">Worst &lt;1&gt;</a>"))
        #expect(html.contains("<title>Reports</title>"))
    }

    @Test func `A notice shows its text line by line, without markup`() {
        let html = SitePage.notice(title: "Not <now>", text: "a.yaml:1: *unknown* '<b>'\nb: `x`")
        #expect(html.contains("<h1>Not &lt;now&gt;</h1>"))
        #expect(html.contains("<p>a.yaml:1: *unknown* '&lt;b&gt;'</p>\n<p>b: `x`</p>"))
    }
}
