import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

/// What a network recognises of the animal and its background, and whether it distinguishes the sides.
@Suite struct BackgroundTableTests {
    private static func cell(_ kind: String) -> String {
        """
        ```{\(kind)}
        #| label: tbl-a
        #| tbl-cap: "`{wb} finding`"
        ```

        """
    }

    private static func background(_ model: String, rank: Int, boxed: Int = 0) -> BackgroundEffect {
        BackgroundEffect(
            (0..<12).map { number in
                BackgroundRow(
                    scenario: "s", queryID: "q\(number)", imageID: "p\(number)", whaleID: "w\(number)",
                    candidates: 50, everything: [1], animal: [2], background: [rank])
            }, model: model, outlined: 30, boxed: boxed, resamples: 100, seed: 1)
    }

    private static func laterality(_ model: String) -> LateralityEffect {
        LateralityEffect(
            (0..<6).map { number in
                LateralityRow(
                    imageID: "p\(number)", whaleID: "w\(number)", mirrored: 0.9, sameAnimal: 0.7, otherAnimals: 0.1,
                    otherSide: number < 4 ? 0.75 : nil, sameEncounter: number < 4 ? 0 : nil)
            }, model: model, averagesMirror: false, resamples: 100, seed: 1)
    }

    private static func markdown(
        _ kind: String, background: [BackgroundEffect]? = nil, laterality: [LateralityEffect]? = nil
    ) throws -> String {
        let pod = try Pod()
        var evaluation = Pod.evaluation.object ?? [:]
        evaluation["background"] = try background.map { try JSONValue(encoding: $0) } ?? .null
        evaluation["laterality"] = try laterality.map { try JSONValue(encoding: $0) } ?? .null
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
        return try pod.markdown(cell(kind))
    }

    @Test func `A background that finds the animals is in the table and in the caption`() throws {
        let markdown = try Self.markdown("background-table", background: [Self.background("lite0", rank: 1)])
        #expect(
            markdown.contains(
                "**Table 1.** With the animal painted out, the correct animal is still first for 100% of queries"))
        #expect(markdown.contains("| the photograph | 12 | 100.0% | 100.0% to 100.0% | 1.0000 | – | – | – |"))
        #expect(
            markdown.contains(
                "| only the animal | 12 | 0.0% | 0.0% to 0.0% | 0.5000 | −0.5000 | −0.5000 to −0.5000 | 0.000"))
        #expect(
            markdown.contains("| only the background | 12 | 100.0% | 100.0% to 100.0% | 1.0000 | 0.0000 | 0.0000 to"))
        #expect(markdown.contains("By chance the first is correct for 2.0%"))
    }

    @Test func `Each model of an ensemble has its rows and its sentence`() throws {
        let markdown = try Self.markdown(
            "background-table",
            background: [Self.background("a", rank: 1), Self.background("b", rank: 30, boxed: 5)])
        #expect(markdown.contains("| a: only the background |") && markdown.contains("| b: only the background |"))
        #expect(markdown.contains("b: With the animal painted out, the correct animal is still first for 0%"))
        #expect(markdown.contains("For 5 of 35 photographs only a box is known"))
    }

    @Test func `Sides have a row for each similarity and one for the probability`() throws {
        let markdown = try Self.markdown("laterality-table", laterality: [Self.laterality("lite0")])
        #expect(
            markdown.contains(
                "**Table 1.** The network hardly distinguishes a photograph from its mirror image (mean similarity 0.90;"
            ))
        #expect(markdown.contains("| with its mirror image | 0.900 | – | 6 |"))
        #expect(markdown.contains("| with other animals | 0.100 | – | 6 |"))
        #expect(markdown.contains("| mirror image minus others of the animal | +0.200 | +0.200 to +0.200 | 6 |"))
        #expect(
            markdown.contains(
                "| probability that the animal's other side is more similar | 0.750 | 0.750 to 0.750 | 4 |"))
        #expect(markdown.contains(" It recognises animals from the other side: left and right views"))
    }

    @Test func `Without the check, and without photographs, the cell is a sentence`() throws {
        func plain(_ kind: String) throws -> String {
            try Pod().markdown("```{\(kind)}\n#| label: tbl-a\n#| tbl-cap: \"A caption\"\n```\n")
        }
        #expect(try plain("background-table").contains("The background was not checked: background.check is off."))
        #expect(try plain("laterality-table").contains("Left and right were not compared: background.check is off."))
        let none = BackgroundEffect([], model: "lite0", outlined: 0, boxed: 0, resamples: 100, seed: 1)
        let markdown = try Self.markdown("background-table", background: [none])
        #expect(markdown.contains("The background was not checked: no photograph has an outline or a box"))
        #expect(!markdown.contains("only the animal"))
        // Imported embeddings have no network to check.
        let imported = try Pod()
        let evaluation = (Pod.evaluation.object ?? [:]).merging(["background": [], "laterality": []]) { $1 }
        try imported.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
        let cells = ["background-table", "laterality-table"].map { "```{\($0)}\n```\n" }.joined(separator: "\n")
        let text = try imported.markdown(cells)
        #expect(text.contains("The background was not checked: imported embeddings have no network."))
        #expect(text.contains("Left and right were not compared: imported embeddings have no network."))
    }
}
