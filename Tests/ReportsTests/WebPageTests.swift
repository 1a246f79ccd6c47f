import Basics
import Foundation
import Imaging
import Testing

@testable import Reports

struct WebPageTests {
    private static let grid = "```{retrieval-grid}\n#| label: fig-worst\nselect: worst\ncount: 2\n```\n"
    private static let map = "```{embedding-map}\n#| label: fig-map\n```\n"

    private func page(_ text: String, html: String = "default", head: String = "") throws -> (pod: Pod, html: String) {
        let pod = try Pod()
        let result = try pod.render("---\n\(head)format: {html: \(html)}\n---\n\(text)", formats: [.html])
        #expect(result.errors.isEmpty, "\(result.errors)")
        let page = try pod.read("reports/trial.html")
        #expect(XMLWellFormedness(page).problem == nil)
        return (pod, page)
    }

    private func count(_ part: String, in text: String) -> Int { text.components(separatedBy: part).count - 1 }

    // MARK: Contents

    @Test func `A page with three sections has contents beside the text and folded above it`() throws {
        let text = "## A & B {#sec-a}\n\n### Inner\n\n## C\n\n## C\n"
        let html = try page(text).html
        let list = """
            <ul>
            <li><a href="#sec-a">A &amp; B</a>
            <ul>
            <li><a href="#inner">Inner</a></li>
            </ul>
            </li>
            <li><a href="#c">C</a></li>
            <li><a href="#c-1">C</a></li>
            </ul>
            """
        #expect(count(list, in: html) == 2)
        #expect(html.contains("<nav class=\"contents\"") && html.contains("<details class=\"contents\">"))
        #expect(!(try page(text, html: "{toc: false}").html.contains("class=\"contents\"")))
        #expect(!(try page("## A\n\n## B\n").html.contains("class=\"contents\"")))
        #expect(try page("## A\n", html: "{toc: true}").html.contains("<nav class=\"contents\""))
    }

    @Test
    func `A link to another document leads to its page, one to another file stays, and one out of the folder is text`()
        throws
    {
        let pod = try Pod()
        _ = try pod.render("Text\n", name: "a b")
        let text = "[x](<a b.md>) [y](a%20b.md#one) [z](notes.md) [`up` here](../Sources/A.swift#L3)"
        _ = try pod.render(text + "\n", formats: [.gfm, .html])
        let html = try pod.read("reports/trial.html")
        #expect(
            html.contains(
                "<a href=\"a%20b.html\">x</a> <a href=\"a%20b.html#one\">y</a> <a href=\"notes.md\">z</a> <code>up</code> here"
            ))
        #expect(try pod.read("reports/trial.md").contains(text))
    }

    // MARK: Photographs

    @Test func `Photographs have an enlargement next to the document, without EXIF, at most 800 pixels long`() throws {
        let pod = try Pod()
        var large = Raster(width: 2000, height: 900, red: 30, green: 90, blue: 140)
        large[0, 0] = (255, 255, 255)
        try AtomicFile.write(try large.jpeg(quality: 90), to: pod.root.appending(path: "data/pod/images/w4p4.jpg"))
        _ = try pod.render(Self.grid, formats: [.gfm])
        let url = pod.root.appending(path: "reports/trial_files/photographs/w4p4.jpeg")
        let picture = try Raster.decoding(PhotographFile(id: "a", url: url))
        #expect(picture.width == 800 && picture.height == 360)
        #expect(try Data(contentsOf: url).range(of: Data("Exif".utf8)) == nil)
        #expect(try pod.read("reports/trial.md").contains("[w4p4](trial_files/photographs/w4p4.jpeg)"))
    }

    @Test func `Beyond their limit photographs have neither an enlargement nor a link`() throws {
        let pod = try Pod()
        _ = try pod.render("---\nenlargements: 0\n---\n\(Self.grid)", formats: [.gfm, .html])
        #expect(!(try pod.files(in: "reports").contains { $0.contains("/photographs/") }))
        let markdown = try pod.read("reports/trial.md")
        #expect(markdown.contains("| w4p4 |") && !markdown.contains("](trial_files/photographs"))
        #expect(!(try pod.read("reports/trial.html").contains("class=\"photograph")))

        let catalog = try Artefacts(pod.inputs).catalog()
        let size = try catalog.file(of: catalog.photographs[0]).storedSize()
        // Room for two photographs of this size.
        let files = PhotographFiles(folder: "f", limit: Double(size.width * size.height) * 0.25 * 2.5)
        let paths = catalog.photographs.prefix(4).map { files.path(of: $0.id, in: catalog) }
        #expect(paths.map { $0 == nil } == [false, false, true, true])
        #expect(files.path(of: catalog.photographs[1].id, in: catalog) == paths[1])
        #expect(files.path(of: "unknown", in: catalog) == nil)
    }

    @Test func `A photograph of a figure opens at its place`() throws {
        let html = try page(Self.grid).html
        let places = html.matches(of: #/<a class="photograph place"[^>]*href="([^"]*)" style="left:([\d.]+)%/#)
        #expect(places.count > 6)
        #expect(Set(places.map { String($0.1) }).contains("trial_files/photographs/w4p4.jpeg"))
        #expect(places.allSatisfy { (0...100).contains(Double($0.2) ?? -1) })
        #expect(html.contains("data-title=\"w4p4, whale 4, left, 2020-07-04\""))
    }

    // MARK: Weight

    @Test func `Pictures are part of the page until its limit, and load from next to it beyond that`() throws {
        let whole = try page(Self.grid)
        #expect(whole.html.contains("src=\"data:image/png;base64,") && !whole.html.contains("loading=\"lazy\""))
        #expect(whole.html.contains("<footer class=\"weight\"><p>This page has 0."))
        for options in ["{embed-limit: 0}", "{embed-resources: false}"] {
            let apart = try page(Self.grid, html: options)
            #expect(!apart.html.contains("src=\"data:"))
            let address = "trial_files/figure-gfm/fig-worst-1.png"
            #expect(apart.html.contains("<img src=\"\(address)\" alt=") && apart.html.contains(" loading=\"lazy\"/>"))
            #expect(try pod(apart.pod, has: address))
            #expect(apart.html.contains("1 picture of 0."))
        }
    }

    private func pod(_ pod: Pod, has file: String) throws -> Bool { try pod.files(in: "reports").contains(file) }

    @Test func `No page exceeds its limit`() throws {
        let text = (0..<6).map { "```{retrieval-grid}\n#| label: fig-w\($0)\ncount: 4\n```\n" }.joined(separator: "\n")
        let limit = 300_000
        let html = try page(text, html: "{embed-limit: 0.3}").html
        #expect(html.utf8.count <= limit)
        let embedded = count("src=\"data:", in: html)
        #expect(embedded > 0 && embedded < 6 && count("loading=\"lazy\"", in: html) == 6 - embedded)
    }

    // MARK: Maps

    @Test func `The points of all maps share one sheet of thumbnails`() throws {
        let (pod, html) = try page(Self.map + "\n" + Self.map.replacing("fig-map", with: "fig-two"))
        let maps = html.matches(of: #/data-points="(\[[^"]*\])"/#)
        #expect(maps.count == 2)
        let points = try JSONValue(parsing: Data(String(try #require(maps.first).1).utf8)).array ?? []
        #expect(points.count == 16)
        let script = try #require(
            html.firstMatch(of: #/<script type="application/json" id="whalebook-map">(.*?)<\/script>/#))
        let data = try JSONValue(parsing: Data(String(script.1).utf8))
        #expect(data["photographs"]?.array?.count == 16 && data["columns"]?.integer == 4)
        let numbers = points.compactMap { $0.integers }
        #expect(Set(numbers.map { $0[2] }) == Set(0..<16))
        #expect(numbers.allSatisfy { (0...10_000).contains($0[0]) && (0...10_000).contains($0[1]) })
        let sheet = pod.root.appending(path: "reports").appending(path: try #require(data["sheet"]?.string))
        let picture = try Raster.decoding(PhotographFile(id: "a", url: sheet))
        #expect(picture.width == 4 * PhotographSheet.side && picture.height == 4 * PhotographSheet.side)
        #expect(try pod.files(in: "reports").filter { $0.contains("thumbnails") }.count == 1)
    }

    @Test func `A name that looks like markup stays within the map's data`() throws {
        let pod = try Pod()
        let metadata = try pod.read("data/pod/metadata.csv")
        try pod.write("data/pod/metadata.csv", metadata.replacing("whale 1", with: "</script><b>&"))
        _ = try pod.render(Self.map, formats: [.html])
        let html = try pod.read("reports/trial.html")
        #expect(html.contains("\\u003c/script\\u003e\\u003cb\\u003e\\u0026") && !html.contains("</script><b>"))
        #expect(XMLWellFormedness(html).problem == nil)
    }
}
