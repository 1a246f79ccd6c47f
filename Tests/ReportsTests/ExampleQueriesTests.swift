import Foundation
import Testing

@testable import Reports

/// One success and one failure of the hardest scenario.
struct ExampleQueriesTests {
    private static func markdown(_ change: (inout [Pod.Asked]) -> Void = { _ in }) throws -> String {
        let pod = try Pod()
        var asked = Pod.asked
        change(&asked)
        try pod.writeQueries(asked)
        return try pod.markdown(
            "```{example-queries}\n#| label: fig-e\n#| fig-cap: \"Shown: `{wb} shown`. `{wb} finding`\"\nranks: 2\n```\n"
        )
    }

    /// The photographs of the queries, in their order.
    private static func queries(_ markdown: String) -> [String] {
        markdown.split(separator: "\n").filter { $0.hasPrefix("| **query** |") }.compactMap {
            $0.firstMatch(of: #/\[(w\dp\d)\]/#).map { String($0.1) }
        }
    }

    @Test func `Both examples are of the scenario with the lowest score, the success first`() throws {
        let markdown = try Self.markdown()
        #expect(Self.queries(markdown) == ["w3p4", "w4p4"])
        #expect(
            markdown.contains(
                "**Figure 1.** Shown: 2. Both are of left\\|top (mAP@20 0.275), the hardest scenario with a success.\n")
        )
        let titles = ["**Success**", "fig-e-1.png", "**Failure**", "fig-e-2.png"]
        let places = titles.compactMap { markdown.range(of: $0)?.lowerBound }
        #expect(places.count == 4 && places == places.sorted())
    }

    @Test func `A scenario in which everything fails has no success to compare with`() throws {
        let markdown = try Self.markdown { $0[2].first = 2 }
        #expect(Self.queries(markdown) == ["w1p3", "w2p3"])
        #expect(markdown.contains("Shown: 2. Both are of top-top (mAP@20 0.750).\n"))
    }

    @Test func `Without a failure only a success is shown`() throws {
        let markdown = try Self.markdown { asked in for index in asked.indices { asked[index].first = 1 } }
        #expect(Self.queries(markdown) == ["w1p3"], "the highest average precision")
        #expect(
            markdown.contains("**Figure 1.** Shown: 1. No scenario has both.\n") && !markdown.contains("**Failure**"))
    }
}
