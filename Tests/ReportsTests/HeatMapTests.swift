import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

struct HeatMapTests {
    private static let cell = """
        ```{heat-map}
        #| label: fig-heat
        #| fig-cap: "`{wb} shown` queries, `{wb} pairs` pairs, `{wb} height` by `{wb} width` of `{wb} member`"
        ```

        """

    @Test func `Each query has its first wrong and its first right match, with all maps`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(Self.cell)
        #expect(markdown.contains("**Figure 1.** 2 queries, 4 pairs, 2 by 3 of lite0"))
        #expect(
            markdown.contains(
                "| ✗ | 1 | 0.750 | upper left, half of the heat on 8%, 64% on the animal | centre, half of the heat on 50% |"
            ))
        #expect(markdown.contains("finds the wrong photograph more similar than the correct one in 2 of 2 queries."))
        #expect(markdown.contains("In the middle one of the 8 maps, half of the heat lies on 50% of the picture."))
        #expect(markdown.contains("| ✓ | 9 | 0.650 |"))
        #expect(markdown.contains("colours do not compare between photographs"))
        #expect(markdown.contains("In 0 of 1 miss, less than half of the heat on the query lies on the animal"))
        let data = try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-heat-1.json"))
        #expect(data[path: "rows.0.query.id"]?.string == "w4p4")
        #expect(data[path: "rows.0.pairs.1.answer.mark"]?.string == "right")
        #expect(data[path: "rows.1.pairs.0.maps.0.values"]?.numbers == [1, 0, 0, 0, 0, 0])
        #expect(data[path: "rows.0.pairs.0.answer.captions.1"]?.string == "top, cosine 0.750")
    }

    @Test func `A cell shows the requested number of queries`() throws {
        let markdown = try Pod().markdown("```{heat-map}\n#| label: fig-heat\ncount: 1\n```\n")
        #expect(markdown.contains("1 query, each with matches") && markdown.contains("2 pairs, 1 of the same animal"))
    }

    @Test func `Results of older versions have no shares, and the cell says nothing about them`() throws {
        let pod = try Pod()
        try pod.write(
            "store/explain/heat-maps.csv",
            pod.read("store/explain/heat-maps.csv").split(separator: "\n").map { line in
                String(line.split(separator: ",", omittingEmptySubsequences: false).dropLast(2).joined(separator: ","))
            }.joined(separator: "\n") + "\n")
        let summary = try JSONValue.read(pod.root.appending(path: "store/explain/explain.json"))
        guard case .object(var members) = summary else { return }
        members["animals"] = nil
        try pod.write("store/explain/explain.json", JSONValue.object(members).text)
        let markdown = try pod.markdown(Self.cell)
        #expect(markdown.contains("| upper left, half of the heat on 8% |") && !markdown.contains("the animal"))
    }

    @Test func `Maps that need outlines are left out without them`() throws {
        let pod = try Pod()
        let cell = "```{heat-map}\n#| label: fig-heat\noutlined: true\n```\n"
        #expect(try pod.markdown(cell).contains("| ✓ | 9 | 0.650 |"))
        let folder = pod.root.appending(path: "store/explain")
        var summary = try ExplainFiles.summary.read(in: folder)
        summary.animals = nil
        try ExplainFiles.summary.write(summary, in: folder)
        let markdown = try pod.markdown(cell)
        #expect(markdown.contains("without outlines of the animals, the heat on them is unknown"))
        #expect(!markdown.contains("| ✓ |"))
    }

    @Test func `Without a result the cell says what to run`() throws {
        let pod = try Pod()
        try FileManager.default.removeItem(at: pod.root.appending(path: "store/explain"))
        let errors = try pod.render(Self.cell).errors.map(\.description)
        #expect(errors.contains { $0.contains("Run 'whalebook run explain', then render again.") }, "\(errors)")
    }

    @Test func `A map that is missing is an error that names the pair`() throws {
        let pod = try Pod()
        let folder = pod.root.appending(path: "store/explain")
        try ExplainFiles.heatMaps.write(Array(ExplainFiles.heatMaps.read(in: folder).dropLast()), in: folder)
        let errors = try pod.render(Self.cell).errors.map(\.description)
        #expect(errors.contains { $0.contains("has no map of 'w2p3' and 'w2p1'") }, "\(errors)")
        try pod.write(
            "store/explain/heat-maps.csv",
            "image_id,partner_image_id,similarity,height,width,values\na,b,1,2,2,0 1\n")
        let damaged = try pod.render(Self.cell).errors.map(\.description)
        #expect(damaged.contains { $0.contains("is not 2 x 2 numbers from 0 to 1") }, "\(damaged)")
    }

    @Test func `Without anything to explain the cell has a note and no error`() throws {
        let pod = try Pod()
        pod.graph.removeAll { $0.stage == .explain }
        #expect(try pod.markdown("```{heat-map}\n```\n").contains("There are no heat maps: 'explain.queries' is 0"))
    }

    @Test func `The small files of heat maps are kept for verification elsewhere`() throws {
        let pod = try Pod()
        let node = try #require(pod.inputs.nodes.first { $0.stage == .explain })
        let whole = ReportNode(
            node.node, key: node.key, outputDigest: "",
            files: ["pairs.csv": "", "heat-maps.csv": "", "explain.json": ""], directory: node.directory)
        let reference = ReferenceFolder(pod.root.appending(path: "reference"))
        try reference.keep([whole])
        #expect(try pod.files(in: "reference/\(node.place)") == ["explain.json", "heat-maps.csv", "pairs.csv"])
    }
}
