import Basics
import Evaluation
import Figures
import Foundation
import Imaging
import Results
import Testing

@testable import Reports

struct FigureTests {
    @Test func `Curves become an SVG with its data, its table and a sentence, under a numbered caption`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(
            "```{map-curve}\n#| label: fig-map\n#| fig-cap: \"To `{wb} k`, `{wb} scenarios` scenarios\"\n#| fig-alt: auto\n```\n"
        )
        #expect(
            try pod.files(in: "reports") == [
                "trial.book.md", "trial.md", "trial_files/figure-gfm/fig-map-1.json",
                "trial_files/figure-gfm/fig-map-1.svg",
            ] + Pod.records)
        #expect(try pod.read("reports/trial_files/figure-gfm/fig-map-1.svg").contains("<svg"))
        let data = try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-map-1.json"))
        #expect(data.canonicalText.contains("0.5125") && data.canonicalText.contains("left|top"))
        #expect(markdown.contains("](trial_files/figure-gfm/fig-map-1.svg)\n\n**Figure 1.** To 3, 2 scenarios\n"))
        #expect(markdown.contains("| 3 | 0.750 | 0.275 | 0.512 |"))
        let alternative = try #require(markdown.firstMatch(of: /!\[(.*?)\]\(trial_files/)?.1)
        #expect(alternative.contains("all queries 0.512"))
    }

    @Test func `Rows that do not fit on a page come in several figures, each with its table`() throws {
        func parts(_ count: Int) -> [FigurePart] {
            let parts = FigurePart.figures(of: Array(1...count), count: 3, format: .svg) { rows in
                BarChart(horizontal: "x", series: ["a"], rows: rows.map { .init(name: "\($0)", values: [1], note: "") })
            } table: { rows in
                Table(columns: [.init("x")], rows: rows.map { [.text("\($0)")] })
            }
            return parts.compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
        }
        #expect(parts(3).map(\.tableTitle) == ["The same data as a table"])
        let several = parts(7)
        #expect(
            several.map(\.tableTitle) == ["Rows 1 to 3 as a table", "Rows 4 to 6 as a table", "Row 7 as a table"])
        #expect(several.map(\.table.rows.count) == [3, 3, 1])
        let names = several.compactMap { $0.figure.data["rows"]?.array?.compactMap { $0["name"]?.string } }
        #expect(names == [["1", "2", "3"], ["4", "5", "6"], ["7"]])
    }

    @Test func `Training has a chart of the loss and one of the validation score`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown("```{training-curve}\n#| label: fig-t\n```\n")
        #expect(markdown.contains("fig-t-1.svg") && markdown.contains("fig-t-2.svg"))
        #expect(markdown.contains("<summary>Training loss as a table</summary>"))
        #expect(markdown.contains("| 3 | 0.500 |"))
    }

    @Test func `Seeds of a member share a line up to their last common epoch, with a band`() throws {
        let pod = try Pod()
        pod.seeds = [1, 2]
        try pod.writeTraining(folder: "train2", parameters: 7)
        // The second ends an epoch earlier.
        let history = try pod.read("store/train2/history.csv").replacing("5.5,0.2", with: "6.5,0.4")
            .replacing(/lite0,1,0,3.*\n/, with: "")
        try pod.write("store/train2/history.csv", history)
        let markdown = try pod.markdown("```{training-curve}\n#| label: fig-t\n```\n")
        #expect(markdown.contains("its band runs from the lowest to the highest"))
        func line(_ number: Int) throws -> JSONValue? {
            try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-t-\(number).json"))[
                path: "lines.0"]
        }
        let (loss, score) = (try line(1), try line(2))
        #expect(loss?["name"]?.string == "lite0, mean of 2" && loss?["y"]?.numbers == [6, 3.25])
        #expect(loss?["low"]?.numbers == [5.5, 3.25] && loss?["high"]?.numbers == [6.5, 3.25])
        #expect(score?["low"]?.numbers == [0.2, 0.6] && score?["high"]?.numbers == [0.4, 0.6])
    }

    @Test func `A training without validation has only the loss`() throws {
        let pod = try Pod()
        let history = try pod.read("store/train/history.csv")
        try pod.write("store/train/history.csv", history.replacing(/,0\.[256],/, with: ",,"))
        let markdown = try pod.markdown("```{training-curve}\n#| label: fig-t\n```\n")
        #expect(markdown.contains("fig-t-1.svg") && !markdown.contains("fig-t-2.svg"))
    }

    @Test func `Without a recorded training the cells of training say why`() throws {
        let pod = try Pod()
        try FileManager.default.removeItem(at: pod.root.appending(path: "store/train/history.csv"))
        let text = "```{training-curve}\n#| label: fig-t\n```\n\n```{model-table}\n```\n"
        let modelAlone = try pod.markdown(text)
        #expect(modelAlone.contains("**Figure 1.** No epoch is recorded"))
        #expect(modelAlone.contains("| lite0 |"))
        pod.graph.removeAll { $0.stage == .train }
        let embeddingsAlone = try pod.markdown(text)
        #expect(embeddingsAlone.components(separatedBy: "The embeddings were made elsewhere").count == 3)
    }

    @Test func `The worst queries come first, with the reason and links to the photographs`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(
            "```{retrieval-grid}\n#| label: fig-worst\n#| fig-cap: \"`{wb} shown` of `{wb} answerable`\"\nselect: worst\ncount: 2\n```\n"
        )
        #expect(markdown.contains("**Figure 1.** 2 of 4\n"))
        let rows = markdown.split(separator: "\n").filter { $0.contains("photographs/") }
        // Both queries with three photographs each; the first has another correct one beyond them.
        #expect(rows.count == 8)
        #expect(
            rows[0].hasPrefix(
                "| **query** | [w4p4](trial_files/photographs/w4p4.jpeg) | whale 4 | left | 2020-07-04 | – | Average precision "
                    + "0.000. Other view: the query is a left view; the only database photograph of whale 4 is a top view. "
                    + "None of the 2 correct photographs is in the top 3"
            ))
        #expect(rows[0].contains("Whale 1 comes first and fills 3 of the top 3. Factor: the first match is a hub."))
        let second = rows.suffix(4)
        #expect(second.first?.contains("Same view. The first correct match has rank 2. Whale 3 comes first.") == true)
        #expect(
            second.first?.contains("Factor: the first match is a hub.") == true,
            "hits have few photographs to find as often")
        #expect(
            second.dropFirst().first
                == "| 1 | [w3p1](trial_files/photographs/w3p1.jpeg) | whale 3 | top | 2020-07-01 | 0.800 | ✗ wrong |")
        #expect(second.dropFirst(2).first?.hasSuffix("| 0.700 | ✓ correct |") == true)
        let file = try Data(contentsOf: pod.root.appending(path: "reports/trial_files/figure-gfm/fig-worst-1.png"))
        #expect(file.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    }

    @Test func `The nearest right photograph that was missed is at the row's end, with its rank`() throws {
        let pod = try Pod()
        let query = "left|top-w4p4"
        let ranks = RightRanks(rows: [
            .init(scenario: "left|top", queryID: query, imageID: "w4p1", rank: 3, rankInView: 3),
            .init(scenario: "left|top", queryID: query, imageID: "w4p2", rank: 7, rankInView: 7),
            .init(scenario: "left|top", queryID: query, imageID: "w4p3", rank: 9, rankInView: 9),
        ])
        try ExpandFiles.ranks.write(ranks, in: pod.root.appending(path: "store/expand"))
        func grid(_ parameters: String) throws -> (row: String, missed: [JSONValue]) {
            let markdown = try pod.markdown(
                "```{retrieval-grid}\n#| label: fig-a\ncount: 1\nranks: 3\n\(parameters)\n```\n")
            let data = try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-a-1.json"))
            let row = markdown.split(separator: "\n").first { $0.hasSuffix("next correct |") }
            return (String(row ?? ""), data[path: "rows.0.missed"]?.array ?? [])
        }
        let one = try grid("")
        #expect(one.missed.map { $0["id"]?.string } == ["w4p2"])
        #expect(one.missed.first?[path: "captions.0"]?.string == "rank 7")
        #expect(one.row.hasPrefix("| 7 | [w4p2](trial_files/photographs/w4p2.jpeg) | whale 4 | top |"))
        #expect(one.missed.first?["mark"]?.string == "next")
        #expect(try grid("missed: 3").missed.count == 2)
        let none = try grid("missed: 0")
        #expect(none.missed.isEmpty && none.row.isEmpty)
    }

    @Test func `Queries can be chosen best first, at random with a seed, by animal and by scenario`() throws {
        let pod = try Pod()
        func first(_ parameters: String) throws -> Substring? {
            try pod.markdown("```{retrieval-grid}\n\(parameters)\n```\n").split(separator: "\n")
                .first { $0.contains("photographs/") }?.dropFirst("| **query** | [".count).prefix(4)
        }
        #expect(try first("select: best") == "w1p3")
        #expect(try first("whale: whale 3") == "w3p4")
        #expect(try first("scenario: top-top") == "w2p3")
        let seeds = try (1...8).map { try first("select: random\nseed: \($0)") }
        #expect(Set(seeds).count > 1)
        #expect(try seeds[0] == first("select: random\nseed: 1"))
    }

    @Test func `Misses that compare sides on purpose have a grid of their own, and absent ones say so`() throws {
        let pod = try Pod()
        let folder = pod.root.appending(path: "store/evaluate")
        func queries(_ sides: String) throws -> [Substring] {
            try pod.markdown("```{retrieval-grid}\nsides: \(sides)\n```\n").split(separator: "\n")
                .filter { $0.hasPrefix("| **query** |") }.map { $0.dropFirst("| **query** | [".count).prefix(4) }
        }
        #expect(try queries("same") == ["w4p4", "w2p3"])
        #expect(
            try pod.markdown("```{retrieval-grid}\nsides: different\n```\n").contains(
                "No query missed in a scenario that compares different views on purpose."))
        let rows = try EvaluateFiles.causes.read(in: folder)
        try EvaluateFiles.causes.write(
            rows + [
                .init(
                    scenario: "left|top", queryID: "left|top-w4p4", imageID: "w4p4", cause: .crossViews, order: 2,
                    evidence: "")
            ], in: folder)
        #expect(try queries("same") == ["w2p3"])
        #expect(try queries("different") == ["w4p4"])
    }

    @Test(arguments: [
        ("select: wrost", "Did you mean 'worst'?"), ("whale: whale 9", "Did you mean 'whale 1'?"),
        ("count: 0", "must be a whole number from 1"), ("scenario: top", "Known: left|top, top-top."),
    ])
    func `An impossible choice is reported with the possible ones`(parameters: String, remedy: String) throws {
        let result = try Pod().render("```{retrieval-grid}\n\(parameters)\n```\n")
        #expect(result.errors.count == 1)
        #expect(result.errors.first?.message.contains(remedy) == true, "\(result.errors)")
    }

    @Test func `A figure has the file format that its cell requests`() throws {
        let pod = try Pod()
        func file(_ format: String) throws -> Data {
            _ = try pod.render(
                "```{retrieval-grid}\n#| label: fig-a\n#| fig-format: \(format)\n```\n", formats: [.gfm, .html])
            return try Data(contentsOf: pod.root.appending(path: "reports/trial_files/figure-gfm/fig-a-1.\(format)"))
        }
        let png = try file("png")
        let jpeg = try file("jpeg")
        #expect(try pod.read("reports/trial.html").contains("src=\"data:image/jpeg;base64,"))
        #expect(jpeg.starts(with: [0xFF, 0xD8, 0xFF]) && png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(String(decoding: try file("svg"), as: UTF8.self).contains("<svg"))
        let errors = try pod.render("```{retrieval-grid}\n#| fig-format: jpg\n```\n").errors
        #expect(
            errors.contains { $0.description.contains("'fig-format' is 'jpg'") && $0.description.contains("'jpeg'") },
            "\(errors)")
    }

    @Test func `A photograph that cannot be read is left blank and named`() throws {
        let pod = try Pod()
        try pod.write("data/pod/images/w4p4.jpg", "no picture")
        let markdown = try pod.markdown("```{retrieval-grid}\ncount: 1\n```\n")
        #expect(markdown.contains("1 photograph cannot be read and is left blank: w4p4."))
    }

    @Test func `Pictures have none of the photographs' metadata`() throws {
        let pod = try Pod()
        let url = pod.root.appending(path: "data/pod/images/w4p4.jpg")
        var jpeg = try Data(contentsOf: url)
        let exif = Data("Exif\0\0GPS-secret-place".utf8)
        let length = UInt16(exif.count + 2)
        jpeg.insert(contentsOf: [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + exif, at: 2)
        try jpeg.write(to: url)
        _ = try pod.render("```{retrieval-grid}\n#| label: fig-a\ncount: 1\n```\n", formats: [.gfm, .html])
        let png = try Data(contentsOf: pod.root.appending(path: "reports/trial_files/figure-gfm/fig-a-1.png"))
        #expect(png.range(of: Data("GPS-secret".utf8)) == nil)
        #expect(png.range(of: Data("eXIf".utf8)) == nil)
    }

    @Test func `The size and the resolution of a figure follow the cell`() throws {
        let pod = try Pod()
        _ = try pod.render("```{map-curve}\n#| label: fig-a\n#| fig-width: 5\n#| fig-height: 3\n```\n")
        let svg = try pod.read("reports/trial_files/figure-gfm/fig-a-1.svg")
        #expect(svg.contains("viewBox=\"0 0 480 288\""))
        func bytes(_ dpi: Int) throws -> Int {
            _ = try pod.render("```{retrieval-grid}\n#| label: fig-b\n#| fig-dpi: \(dpi)\n```\n")
            return try Data(contentsOf: pod.root.appending(path: "reports/trial_files/figure-gfm/fig-b-1.png")).count
        }
        #expect(try bytes(200) > bytes(96))
    }

    @Test func `Figures have the same bytes in every rendering, and old ones are removed`() throws {
        let pod = try Pod()
        let text = "```{map-curve}\n#| label: fig-a\n```\n\n```{whale-grid}\n#| label: fig-b\ncount: 2\n```\n"
        _ = try pod.render(text, to: "first")
        _ = try pod.render(text, to: "second")
        for file in try pod.files(in: "first") {
            let one = try Data(contentsOf: pod.root.appending(path: "first/\(file)"))
            #expect(try one == Data(contentsOf: pod.root.appending(path: "second/\(file)")), "\(file)")
        }
        _ = try pod.render("```{map-curve}\n#| label: fig-a\n```\n", to: "first")
        #expect(
            try pod.files(in: "first/trial_files") == [
                "figure-gfm/fig-a-1.json", "figure-gfm/fig-a-1.svg", "manifest.json", "record.json",
            ])
    }

    @Test func `A cell that fails leaves no figures behind`() throws {
        let pod = try Pod()
        try pod.write("data/pod/metadata.csv", "image_id\n")
        let result = try pod.render("```{whale-grid}\n#| label: fig-b\n```\n")
        #expect(result.errors.count == 1)
        #expect(try pod.files(in: "reports") == ["trial.book.md", "trial.md"] + Pod.records)
    }

    @Test func `The web page embeds its pictures, or links to them`() throws {
        let pod = try Pod()
        let cell = "```{map-curve}\n#| label: fig-a\n```\n\n```{retrieval-grid}\n#| label: fig-b\n```\n"
        _ = try pod.render(cell, formats: [.html])
        let page = try pod.read("reports/trial.html")
        #expect(page.contains("src=\"data:image/svg+xml;base64,") && page.contains("src=\"data:image/png;base64,"))
        #expect(!page.contains("src=\"trial_files"))
        #expect(XMLWellFormedness(page).problem == nil)
        _ = try pod.render("---\nformat: {html: {embed-resources: false}}\n---\n" + cell, formats: [.html])
        #expect(try pod.read("reports/trial.html").contains("src=\"trial_files/figure-gfm/fig-a-1.svg\""))
    }
}
