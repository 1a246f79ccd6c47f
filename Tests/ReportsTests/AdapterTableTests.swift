import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

@Suite struct AdapterTableTests {
    private static let cell = """
        ```{bridge-table}
        #| label: tbl-bridge
        #| tbl-cap: "It `{wb} verdict`"
        ```

        """

    /// The table if every query's right photograph moves from one rank to another, in each of some seeds.
    private static func markdown(
        from plain: Int, to bridged: Int, seeds: Int = 2, absence: String? = nil
    ) throws -> String {
        let rows = (0..<12).map { animal in
            AdapterRow(
                direction: animal.isMultiple(of: 2) ? .topLateral : .lateralTop, scenario: "s", queryID: "q\(animal)",
                imageID: "p\(animal)", whaleID: "w\(animal)", plain: [plain], bridged: [bridged])
        }
        let effect = AdapterEffect(
            (0..<seeds).map { ($0, absence == nil ? rows : []) }, resamples: 100, seed: 1, absence: absence)
        let pod = try Pod()
        let evaluation = (Pod.evaluation.object ?? [:]).merging(["bridge": try JSONValue(encoding: effect)]) { $1 }
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
        return try pod.markdown(cell)
    }

    @Test func `A bridge that helps is reported with both directions, their spread and the interval`() throws {
        let markdown = try Self.markdown(from: 2, to: 1)
        #expect(markdown.contains("**Table 1.** It helps"))
        #expect(
            markdown.contains(
                "| top-lateral | 6 | 0.500 ± 0.000 | 1.000 ± 0.000 | +0.500 ± 0.000 | +0.500 to +0.500 | helps |"
            ))
        #expect(markdown.contains("| **both** | 12 |"))
        #expect(markdown.contains("The bridge helps across views: mAP@20 changes by +0.5000"))
        #expect(markdown.contains("the whole interval is above 0"))
    }

    @Test func `A bridge that does not help, and an unclear one, are named as such`() throws {
        #expect(try Self.markdown(from: 1, to: 2).contains("| does not help |"))
        #expect(try Self.markdown(from: 1, to: 2).contains("The bridge does not help across views"))
        let single = try Self.markdown(from: 2, to: 1, seeds: 1)
        #expect(single.contains("| **both** | 12 | 0.500 | 1.000 | +0.500 | +0.500 to +0.500 | cannot be told |"))
        #expect(single.contains("one seed, spread unknown"))
    }

    @Test func `Without a configured or a trained bridge, nothing was measured`() throws {
        let off = try Pod().markdown(Self.cell)
        #expect(
            off.contains("**Table 1.** The bridge was not measured: bridge.kind is off."))
        #expect(try !Pod().markdown("```{bridge-table}\n```\n").contains("bridge"), "without a label there is nothing")
        let untrained = try Self.markdown(from: 1, to: 1, absence: "2 animals are seen from both sides")
        #expect(untrained.contains("**Table 1.** The bridge was not measured: 2 animals are seen from both sides."))
        #expect(!untrained.contains("top-lateral"))
    }
}
