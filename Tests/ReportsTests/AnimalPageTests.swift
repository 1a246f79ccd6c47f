import Basics
import Catalog
import Evaluation
import Foundation
import Imaging
import Results
import Testing

@testable import Reports

/// The pages of animals, next to a document with an index of them.
struct AnimalPageTests {
    private static let cell = "```{whale-grid}\n#| label: tbl-animals\n```\n"
    private static let grid = "```{retrieval-grid}\n#| label: fig-worst\ncount: 2\n```\n\n"
    private static let missed = "reports/trial_files/animals/whale-20-4"

    private func findings(_ pod: Pod) throws -> [String] {
        let folder = pod.root.appending(path: "reports")
        return try DocumentVerification.all(of: folder.appending(path: "trial.book.md"), in: folder).flatMap { one in
            let results = one.record.locating { node in pod.root.appending(path: "store/\(node.stage)") }
            return try one.findings(results: results, place: pod.inputs.place, versions: [:])
        }.map(\.description)
    }

    private func rendered(_ text: String = cell, _ formats: [FrontMatter.Format] = [.gfm, .html, .text]) throws -> Pod {
        let pod = try Pod()
        let result = try pod.render(text, formats: formats)
        try #require(result.errors.isEmpty, "\(result.errors)")
        return pod
    }

    // MARK: Index

    @Test func `Animals with missed queries come first, those without are folded, and each has a page`() throws {
        let pod = try rendered()
        let markdown = try pod.read("reports/trial.md")
        // Both have one miss of one query, and whale 4 scores lower.
        #expect(
            markdown.contains(
                "| Animal | Trained the network | Queries | Missed, same view | Missed, other view | None"))
        let two = try #require(
            markdown.range(of: "| [whale 2](trial_files/animals/whale-20-2.md) | yes | 1 | 1 | 0 | 0 | 0.500 |"))
        let four = try #require(
            markdown.range(of: "| [whale 4](trial_files/animals/whale-20-4.md) | no | 1 | 0 | 1 | 1 | 0.000 |"))
        let fold = try #require(
            markdown.range(of: "<summary>2 animals were found first every time</summary>"))
        let one = try #require(
            markdown.range(of: "| [whale 1](trial_files/animals/whale-20-1.md) | yes | 1 | 1.000 |"))
        #expect(
            four.lowerBound < two.lowerBound && two.lowerBound < fold.lowerBound && fold.lowerBound < one.lowerBound)
        #expect(markdown.contains("| 5: 3 top, 2 left |"))
        for ending in ["md", "html"] {
            let pages = try pod.files(in: "reports/trial_files/animals").filter { $0.hasSuffix(".\(ending)") }
            #expect(pages == (1...4).map { "whale-20-\($0).\(ending)" })
        }
        // Plain text has the pages in place.
        let text = try pod.read("reports/trial.txt")
        #expect(text.contains("### whale 4") || text.contains("whale 4\n"))
        #expect(text.contains("The best photograph of each view"))
    }

    @Test func `The most missed queries come first, of any view, then the largest share of an animal's queries`() {
        func score(_ id: String, missed: Int, of all: Int) -> WhaleScore {
            WhaleScore(
                id: id,
                queries: (0..<all).map { number in
                    let isRight = number >= missed
                    let rows = [
                        AveragePrecision.Row(score: 1, isRelevant: isRight), .init(score: 0, isRelevant: !isRight),
                    ]
                    return QueryRow(
                        QueryResult(
                            scenario: "s", queryID: "\(id)\(number)", imageID: "x", whaleID: id, relevant: 1,
                            answers: rows), before: nil, viewpoint: "top")
                })
        }
        let scores = [
            score("a", missed: 1, of: 1), score("b", missed: 2, of: 9),
            score("c", missed: 2, of: 4), score("d", missed: 0, of: 2),
        ]
        #expect(WhaleScore.sorted(scores, by: .misses).map(\.id) == ["c", "b", "a", "d"])
    }

    @Test func `An animal without queries has a page, in a part of its own`() throws {
        let pod = try Pod()
        try pod.writeQueries(Array(Pod.asked.prefix(2)))
        let markdown = try pod.markdown(Self.cell)
        #expect(markdown.contains("<summary>2 animals have no answerable query</summary>"))
        let page = try pod.read("\(Self.missed).md")
        #expect(
            page.contains("It has no answerable query: no photograph was a query.")
                && page.contains("**The best photograph of each view**"))
        #expect(!page.contains(" missed") && !page.contains("All photographs"))
    }

    @Test func `Without a miss, all animals are folded`() throws {
        let pod = try Pod()
        try pod.writeQueries(
            Pod.asked.map { query in
                var query = query
                (query.first, query.precision) = (1, 1)
                return query
            })
        let markdown = try pod.markdown(Self.cell)
        #expect(!markdown.contains("None correct"))
        #expect(markdown.contains("<summary>4 animals were found first every time</summary>"))
        #expect(!(try pod.files(in: "reports/trial_files/figure-gfm").contains { $0.contains("-4.") }))
    }

    // MARK: Pages

    @Test func `A page has numbers, the best of each view, the missed queries, all photographs and links`() throws {
        let pod = try rendered()
        let page = try pod.read("\(Self.missed).md")
        let links =
            "[All animals](../../trial.md#tbl-animals) · next: [whale 2](whale-20-2.md)"
        let uses = "Of these, 1 is in a database."
        #expect(
            page.hasPrefix("# whale 4\n\n\(links)\n\n5 photographs: 3 top, 2 left. \(uses) 1 query, 1 missed, 1 of"))
        #expect(page.hasSuffix("\n\n\(links)\n"))
        #expect(page.contains("Came first instead: [whale 1](whale-20-1.md)."))
        #expect(
            page.contains("| **query** | [w4p4](../photographs/w4p4.jpeg) | whale 4 | left | 2020-07-04 | – | Average"))
        #expect(page.contains("[Whale 1](whale-20-1.md) comes first"))
        #expect(page.contains("](../figure-gfm/tbl-animals-whale-20-4-2.png)"))
        #expect(
            page.contains(
                "| [w4p4](../photographs/w4p4.jpeg) | left | 2020-07-04 | test | not found; compared with other views | "
                    + "left\\|top: none, 0.000 | hub |"))
        #expect(
            page.contains(
                "| [w4p1](../photographs/w4p1.jpeg) | top | 2020-07-01 | test; database of top-top, lateral-top |"))
        let second = try pod.read("reports/trial_files/animals/whale-20-2.md")
        #expect(second.contains(" · previous: [whale 4](whale-20-4.md) · next: [whale 3](whale-20-3.md)"))
        #expect(
            second.contains(
                "- **Name to check, no. 2 of 2.** [w2p3](../photographs/w2p3.jpeg) (2020-07-03) may not show whale 2. Two "
                    + "groups. A single photograph: light or water may explain it."))
        #expect(
            second.contains("- **Look-alike.** 2 queries returned [whale 3](whale-20-3.md) first, and 1 of [whale 3]"))
        #expect(second.contains("returned it; 1 of these in one view."))
        #expect(second.contains("**Names to check: the nearest photograph that keeps the name, the one to check,"))
        #expect(second.contains("cross: not found; question mark: check the name**"))
        let marked = try JSONValue(
            parsing: Data(pod.read("reports/trial_files/figure-gfm/tbl-animals-whale-20-2-4.json").utf8))
        let doubtful = marked["photographs"]?.array?.filter { $0["mark"]?.string == "doubtful" } ?? []
        #expect(doubtful.map { $0["id"]?.string } == ["w2p3"])
        #expect(doubtful.first?[path: "captions"]?.array?.last?.string == "name to check, no. 2")
        // One that was always first has no missed queries, but a name to check, and so pictures of the two names and of all
        // photographs.
        let found = try pod.read("reports/trial_files/animals/whale-20-1.md")
        #expect(!found.contains("missed quer") && found.components(separatedBy: "![").count == 4)
        #expect(
            found.contains("- **Name to check, no. 1 of 2.** whale 1 and [whale 3](whale-20-3.md) may be one animal;"))
        let html = try pod.read("\(Self.missed).html")
        #expect(XMLWellFormedness(html).problem == nil)
        #expect(html.contains("href=\"../../trial.html#tbl-animals\"") && html.contains("src=\"../figure-gfm/"))
        #expect(html.contains("class=\"photograph place\"") && html.contains("href=\"../photographs/w4p4.jpeg\""))
    }

    @Test func `The symbol is the outcome of the same view, and what other views returned is written below`() {
        func query(_ scenario: String, _ rank: Int?) -> QueryRow {
            QueryRow(
                scenario: scenario, id: scenario, imageID: "a", whaleID: "x", viewpoint: "top", relevant: 1,
                averagePrecision: 0, averagePrecisionBefore: nil, firstHitRank: rank, cause: "")
        }
        let photograph = Photograph(id: "a", path: "a", viewpoint: .top)
        func entry(_ queries: [QueryRow]) -> AnimalPage.Entry {
            AnimalPage.Entry(photograph, queries: queries) { $0.scenario == "across" }
        }
        let both = entry([query("same", 1), query("across", 18)])
        #expect(both.outcome == .first && both.note == "found first")
        #expect(both.acrossViews == "other views: found at rank 18")
        let only = entry([query("across", nil)])
        #expect(only.outcome == .missed && only.note == "not found" && only.acrossViews == "compared with other views")
        #expect(entry([query("same", 2)]).acrossViews == nil && entry([]).outcome == .notAsked)
    }

    @Test func `The best photograph of a view is the medoid of those that are not small or flawed`() {
        func quality(_ side: Double, sharpness: Double = 100, exposure: Double = 0.5) -> PhotographQuality {
            PhotographQuality(sharpness: sharpness, exposure: exposure, darkClipping: 0, brightClipping: 0, side: side)
        }
        var all = Dictionary(uniqueKeysWithValues: (0..<20).map { ("x\($0)", quality(450 + 5 * Double($0))) })
        all["a"] = quality(520)
        all["b"] = quality(510)
        // The most typical, but far darker than the others.
        all["c"] = quality(515, exposure: 0.01)
        all["d"] = PhotographQuality()
        // Small and by far the sharpest, as a splash is.
        all["f"] = quality(460, sharpness: 900)
        all["g"] = quality(470)
        let photographs = ["a", "b", "c", "d", "e", "f", "g"].map { id in
            Photograph(id: id, path: id, viewpoint: id == "e" ? .left : .top)
        }
        let typical = [("a", 0.7), ("b", 0.8), ("c", 0.9), ("f", 0.95), ("g", 0.99)].map {
            TypicalPhotograph(imageID: $0.0, similarity: $0.1)
        }
        let best = BestPhotographs(all, typical: typical).chosen(photographs)
        #expect(best.map(\.photograph.id) == ["b", "e"] && best.map(\.count) == [6, 1])
        // Without similarities, the largest.
        #expect(BestPhotographs(all).chosen(photographs).map(\.photograph.id) == ["a", "e"])
        #expect(BestPhotographs(nil).chosen(photographs).map(\.photograph.id) == ["a", "e"])
        #expect(BestPhotographs(nil).chosen([]).isEmpty)
    }

    @Test func `An animal of one view has one best photograph`() throws {
        let pod = try Pod()
        try pod.write("data/pod/metadata.csv", try pod.read("data/pod/metadata.csv").replacing(",left,", with: ",top,"))
        _ = try pod.markdown(Self.cell)
        let page = try pod.read("\(Self.missed).md")
        #expect(page.contains("5 photographs: 5 top.") && page.contains("**The best photograph**"))
        #expect(page.contains("1 photograph. top, best of 5"))
    }

    @Test func `Names with any characters have pages of their own`() throws {
        let names = ["../x", "Nanuq/2", "a\\u0301", "[x](y)", "# | *`", "<b>", "com1.", "Öko ", "a]", "a-b", "a--b"]
        let pod = try Pod()
        var lines = try pod.read("data/pod/metadata.csv").split(separator: "\n").map(String.init)
        for (place, name) in names.enumerated() {
            lines.append("n\(place),images/w1p1.jpg,32,48,top,2020-07-01,2020-07-01 12:00:00,\(name),n\(place)")
        }
        try pod.write("data/pod/metadata.csv", lines.joined(separator: "\n") + "\n")
        let result = try pod.render(Self.cell, formats: [.gfm, .html, .text])
        try #require(result.errors.isEmpty, "\(result.errors)")
        let pages = try pod.files(in: "reports/trial_files/animals").filter { $0.hasSuffix(".md") }
        #expect(pages.count == 4 + Set(names.map { $0.trimmingCharacters(in: .whitespaces) }).count, "\(pages)")
        #expect(try findings(pod) == [])
        for page in try pod.files(in: "reports/trial_files/animals").filter({ $0.hasSuffix(".html") }) {
            #expect(XMLWellFormedness(try pod.read("reports/trial_files/animals/\(page)")).problem == nil, "\(page)")
        }
    }

    @Test func `The number of drawn photographs is bounded, and what has only a table is counted`() throws {
        let pod = try Pod()
        // Each animal has two views, and the missed query of whale 4 has 5 photographs.
        let some = try pod.markdown("```{whale-grid}\ndrawn: 12\nranks: 3\n```\n")
        #expect(some.contains("4 pages have tables in place of some pictures, because 'drawn' allows 12 photographs."))
        let page = try pod.read("\(Self.missed).md")
        #expect(page.components(separatedBy: "![").count == 2 && page.contains("**1 missed query**\n\n| Place |"))
        let none = try pod.markdown("```{whale-grid}\ndrawn: 0\n```\n")
        #expect(none.contains("4 pages have tables"))
        #expect(!(try pod.files(in: "reports/trial_files").contains { $0.hasSuffix(".png") }))
        #expect(!(try pod.markdown("```{whale-grid}\n```\n").contains("in place of some pictures")))
    }

    @Test func `Photographs beyond the limit of enlargements are counted`() throws {
        let pod = try Pod()
        // 48 by 32 pixels at a quarter of a byte: two photographs.
        let markdown = try pod.markdown("---\nenlargements: 0.0008\n---\n\(Self.cell)")
        #expect(markdown.contains("18 photographs have no enlargement, because those named before take the 0.0008 MB"))
        #expect(try pod.files(in: "reports/trial_files/photographs").count == 2)
    }

    // MARK: Links

    @Test func `Names lead to the animals' pages from tables before and after, and are text without an index`() throws {
        let table = "```{whale-table}\n```\n"
        let pod = try rendered(Self.grid + Self.cell + table, [.gfm, .html])
        let markdown = try pod.read("reports/trial.md")
        #expect(markdown.contains("| [whale 4](trial_files/animals/whale-20-4.md) | left | 2020-07-04 |"))
        #expect(markdown.contains("of [whale 4](trial_files/animals/whale-20-4.md) is a top view."))
        #expect(markdown.contains("[Whale 1](trial_files/animals/whale-20-1.md) comes first"))
        #expect(markdown.contains("| [whale 4](trial_files/animals/whale-20-4.md) | 5 | 1 |"))
        #expect(
            try pod.read("reports/trial.html").contains("<a href=\"trial_files/animals/whale-20-4.html\">whale 4</a>"))
        #expect(try findings(pod) == [])
        // Only whale 2 has a page.
        _ = try pod.render(Self.grid + "```{whale-grid}\nwhale: whale 2\n```\n")
        let one = try pod.read("reports/trial.md")
        #expect(one.contains("| whale 4 | left |") && one.contains("| [whale 2](trial_files/animals/whale-20-2.md) |"))
        #expect(try pod.markdown(Self.grid).contains("| whale 4 | left | 2020-07-04 |"))
    }

    @Test func `Two indexes have pages in folders of their own, and a callout keeps its pages`() throws {
        let pod = try rendered(
            "::: {.callout-note}\n```{whale-grid}\nwhale: whale 1\n```\n:::\n\n" + Self.cell, [.gfm, .html, .text])
        let files = try pod.files(in: "reports/trial_files")
        #expect(files.contains("animals/whale-20-1.md") && files.contains("animals-2/whale-20-1.md"))
        let second = try pod.read("reports/trial_files/animals-2/whale-20-4.md")
        #expect(second.contains("Came first instead: [whale 1](../../trial_files/animals/whale-20-1.md)."))
        #expect(try findings(pod) == [])
    }

    // MARK: Files

    @Test func `Verification finds a damaged, a missing and an unlisted page`() throws {
        let pod = try rendered()
        #expect(try findings(pod) == [])
        let (markdown, html) = (try pod.read("\(Self.missed).md"), try pod.read("\(Self.missed).html"))
        try pod.write("\(Self.missed).md", markdown.replacing("1 missed", with: "0 missed"))
        try pod.write("\(Self.missed).html", html.replacing("1 missed", with: "0 missed"))
        let damaged = try findings(pod)
        #expect(damaged.count == 4, "\(damaged)")
        #expect(damaged[0].hasPrefix("trial_files/animals/whale-20-4.md:5: says") && damaged[0].contains("0 missed"))
        try pod.write("\(Self.missed).md", markdown)
        try FileManager.default.removeItem(at: pod.root.appending(path: "\(Self.missed).html"))
        let missing = try findings(pod)
        #expect(missing.first == "trial_files/animals/whale-20-4.html: is missing")
        #expect(missing.contains { $0.hasPrefix("trial.html: links to 'trial_files/animals/whale-20-4.html', which") })
    }

    @Test func `Pages that are no longer rendered are removed, except those of other formats`() throws {
        let pod = try rendered()
        _ = try pod.render("```{whale-grid}\n#| label: tbl-animals\ncount: 1\n```\n", formats: [.gfm])
        #expect(
            try pod.files(in: "reports/trial_files/animals")
                == ["whale-20-1.html", "whale-20-2.html", "whale-20-3.html", "whale-20-4.html", "whale-20-4.md"])
        _ = try pod.render("Text\n", formats: [.gfm, .html])
        #expect(!(try pod.files(in: "reports").contains { $0.contains("animals") }))
        #expect(!FileManager.default.fileExists(atPath: pod.root.appending(path: "reports/trial_files/animals").path))
    }

    @Test func `A result that is stale is marked on the pages, too`() throws {
        let pod = try Pod()
        pod.staleness["evaluate"] = "the configuration changed"
        _ = try pod.render(Self.cell)
        #expect(try pod.read("\(Self.missed).md").contains("⚠ *stale: the configuration changed*"))
    }

    @Test func `Text with animals is escaped around their links, and keeps its blanks`() {
        let text: AnimalText = "a_b of \(animal: "x*"), then \(animal: "y", as: "Y") *"
        #expect(text.plain == "a_b of x*, then Y *")
        let linked = AnimalLink.resolved(text.markdown) { $0 == "y" ? "y.md" : nil }
        #expect(linked == "a\\_b of x\\*, then [Y](y.md) \\*")
        #expect(AnimalLink.resolved("\u{2}a\u{3} \u{2}", target: { _ in "x" }) == "\u{2}a\u{3} \u{2}")
    }
}
