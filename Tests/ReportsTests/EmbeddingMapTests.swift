import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

@Suite struct EmbeddingMapTests {
    private func data(_ pod: Pod) throws -> JSONValue {
        try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-map-1.json"))
    }

    private func cell(_ body: String, caption: String = "") -> String {
        "```{embedding-map}\n#| label: fig-map\n\(caption)\(body)\n```\n"
    }

    @Test func `The animals with the most photographs are highlighted`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(
            cell("count: 2", caption: "#| fig-cap: \"`{wb} shown` of `{wb} photographs`\"\n"))
        #expect(markdown.contains("**Figure 1.** 2 of 16"))
        let groups = try #require(data(pod)["groups"]?.array)
        #expect(groups.count == 3 && groups.last?["name"]?.string == "others")
        #expect(groups.map { $0["x"]?.array?.count ?? 0 }.reduce(0, +) == 16)
        // Photographs of an animal are in one column of the map, so that each has its own animal next to it.
        let name = try #require(groups[0]["name"]?.string)
        let count = try #require(groups[0]["ids"]?.array?.count)
        #expect(markdown.contains("| \(name) | \(count) | \(count) |"))
        #expect(markdown.contains("a random 16 of 20 photographs: perplexity 5, steps 1000, final divergence 0.500"))
    }

    @Test func `A sentence says how often the nearest photograph shows the same animal, by view`() throws {
        let pod = try Pod()
        #expect(!(try pod.markdown(cell("")).contains("the most similar photograph of another encounter")))
        try pod.write(
            "store/search/suspects.json",
            "{\"asked\": 40, \"includes_trained\": false, \"top1\": 0.6, \"chance\": 0.1, \"needed\": 0.28, "
                + "\"reason\": null, \"views\": {\"top\": {\"asked\": 30, \"top1\": 0.7}, \"left\": {\"asked\": 10, "
                + "\"top1\": 0.3}}}")
        #expect(
            try pod.markdown(cell("")).contains(
                "For 60% of 40 photographs that did not train the network, the most similar photograph of another encounter "
                    + "shows the same animal: 70% of 30 top views, 30% of 10 left views."))
    }

    @Test func `The worst animals are highlighted on request`() throws {
        let pod = try Pod()
        _ = try pod.markdown(cell("select: worst\ncount: 1"))
        let queries = try EvaluateFiles.queries.read(in: pod.root.appending(path: "store/evaluate"))
        let worst = WhaleScore.sorted(WhaleScore.scores(of: queries), by: .worst)[0].id
        #expect(try data(pod)[path: "groups.0.name"]?.string == worst)
    }

    @Test func `Principal components have their share of the variance`() throws {
        let pod = try Pod()
        _ = try pod.markdown(cell("method: pca\ncolor: viewpoint"))
        let data = try data(pod)
        #expect(data["horizontal"]?.string?.contains("first principal component (25") == true)
        #expect(data["groups"]?.array?.contains { $0["name"]?.string == "top" } == true)
        #expect(data["groups"]?.array?.contains { $0["name"]?.string == "others" } == false)
    }

    @Test func `An animal that is not on the map is an error that suggests the nearest`() throws {
        let pod = try Pod()
        let known = try EvaluateFiles.queries.read(in: pod.root.appending(path: "store/evaluate"))[0].whaleID
        let errors = try pod.render(cell("animals: \"\(known)x\"")).errors.map(\.description)
        #expect(errors.contains { $0.contains("no photograph on the map shows '\(known)x'") && $0.contains(known) })
    }

    @Test func `A position that is not a number is reported with its line`() throws {
        let pod = try Pod()
        let url = pod.root.appending(path: "store/reduce/embedding-map.csv")
        let text = try String(contentsOf: url, encoding: .utf8)
        var lines = text.split(separator: "\n").map(String.init)
        lines[2] = lines[2].split(separator: ",").dropLast().joined(separator: ",") + ",far"
        try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: url)
        let errors = try pod.render(cell("")).errors.map(\.description)
        #expect(
            errors.contains { $0.contains("embedding-map.csv:3") && $0.contains("whalebook run -f reduce") },
            "\(errors)")
    }

    @Test func `Without a map the cell has a note and no error`() throws {
        let pod = try Pod()
        pod.graph.removeAll { $0.stage == .reduce }
        #expect(try pod.markdown(cell("")).contains("There is no map of the embeddings"))
    }
}
