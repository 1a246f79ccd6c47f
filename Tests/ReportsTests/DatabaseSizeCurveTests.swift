import Basics
import Evaluation
import Foundation
import Testing

@testable import Reports

@Suite struct DatabaseSizeCurveTests {
    private static let cell =
        "```{database-size-curve}\n#| label: fig-size\n#| fig-cap: \"`{wb} queries`, `{wb} draws`\"\ndraws: 5\n```\n"

    @Test func `Each scenario has a line that ends at its own score`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(Self.cell)
        #expect(markdown.contains("**Figure 1.** 3, 5"))
        #expect(markdown.contains("0.750 | 0.200 | 0.567 |"))
        let data = try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-size-1.json"))
        #expect(data["lines"]?.array?.compactMap { $0["name"]?.string } == ["top-top", "left|top", "all queries"])
        #expect(data[path: "lines.0.x"]?.numbers == [5, 10, 20, 40, 60, 80, 100])
    }

    @Test func `A ranking without ranks in the whole database has a note`() throws {
        let pod = try Pod()
        try? FileManager.default.removeItem(at: pod.root.appending(path: "store/expand/ranks.csv"))
        #expect(try pod.markdown(Self.cell).contains("lacks the ranks of the correct photographs"))
    }
}
