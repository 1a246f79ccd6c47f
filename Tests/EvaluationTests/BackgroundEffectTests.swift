import Basics
import Foundation
import Testing

@testable import Evaluation

/// Reference values: `Fixtures/background.py`.
@Suite struct BackgroundEffectTests {
    struct Reference: Decodable {
        struct Row: Decodable {
            let whale: String
            let candidates: Int
            let everything, animal, background: [Int]
        }
        struct Measures: Decodable {
            let map, top1: Double
        }
        struct Area: Decodable {
            let own, others: [Double]
            let area: Double
        }
        let rows: [Row]
        let measures: [String: Measures]
        let chance: Double
        let areas: [Area]
    }

    static func reference() throws -> Reference {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/background.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    }

    private static func row(
        _ number: Int, _ whale: String, candidates: Int, _ everything: [Int], _ animal: [Int], _ background: [Int]
    ) -> BackgroundRow {
        BackgroundRow(
            scenario: "s", queryID: "q\(number)", imageID: "p\(number)", whaleID: whale, candidates: candidates,
            everything: everything, animal: animal, background: background)
    }

    /// Twelve animals with a query each, whose right photograph of 50 has these ranks.
    private static func effect(
        everything: Int = 1, animal: Int = 1, background: [Int], outlined: Int = 30, boxed: Int = 0,
        resamples: Int = 200
    ) -> BackgroundEffect {
        BackgroundEffect(
            background.enumerated().map { number, rank in
                row(number, "w\(number)", candidates: 50, [everything], [animal], [rank])
            }, model: "lite0", outlined: outlined, boxed: boxed, resamples: resamples, seed: 1)
    }

    @Test func `Each sight has the measures of its ranks`() throws {
        let reference = try Self.reference()
        let rows = reference.rows.enumerated().map { number, row in
            Self.row(number, row.whale, candidates: row.candidates, row.everything, row.animal, row.background)
        }
        let effect = BackgroundEffect(rows, model: "lite0", outlined: 40, boxed: 0, resamples: 100, seed: 1)
        #expect(abs(effect.chance - reference.chance) < 1e-12)
        #expect(effect.parts.map(\.sight) == BackgroundEffect.Sight.allCases)
        let plain = try #require(reference.measures["everything"])
        for part in effect.parts {
            let wanted = try #require(reference.measures[part.sight.rawValue])
            // Sums of 40 numbers in another order.
            #expect(abs(part.summary.map - wanted.map) < 1e-12 && abs(part.summary.top1 - wanted.top1) < 1e-12)
            #expect(part.summary.answerable == 40 && part.summary.animals == 9)
            if part.sight == .everything {
                #expect(part.change == nil)
            } else {
                let change = try #require(part.change)
                #expect(abs(change.difference - (wanted.map - plain.map)) < 1e-12)
                #expect(try #require(change.interval).contains(change.difference))
                #expect(change.probability < 0.05)
            }
        }
    }

    @Test func `A background that finds the animals is part of the score`() {
        let effect = Self.effect(animal: 2, background: Array(repeating: 1, count: 6) + Array(repeating: 30, count: 6))
        #expect(
            effect.sentence.hasPrefix(
                "With the animal painted out, the correct animal is still first for 50% of queries (chance 2%; 95% "
                    + "interval by animal "))
        #expect(effect.sentence.contains("%), so part of the score can come from the background. "))
        #expect(
            effect.sentence.hasSuffix("With the background painted out, it is first for 0%, instead of 100% with both.")
        )
    }

    @Test func `A background that finds none does not identify the animals`() {
        let effect = Self.effect(background: Array(repeating: 30, count: 12))
        #expect(
            effect.sentence.contains("still first for 0% of queries (chance 2%; 95% interval by animal 0 to 0%), which")
        )
        // One hit of twelve is within the interval of none.
        let single = Self.effect(background: [1] + Array(repeating: 30, count: 11))
        #expect(single.sentence.contains("), which chance alone can explain."))
    }

    @Test func `With only boxes, their surroundings identify the animals`() {
        let boxes = Self.effect(background: Array(repeating: 1, count: 12), outlined: 0, boxed: 30)
        #expect(boxes.sentence.contains("so what surrounds the boxes identifies animals, too. "))
    }

    @Test func `Boxes are named as such, and nothing is concluded without an interval`() {
        let boxes = Self.effect(background: Array(repeating: 1, count: 12), outlined: 20, boxed: 10, resamples: 0)
        #expect(boxes.sentence.contains("(chance 2%), so nothing is certain without an interval."))
        #expect(
            boxes.sentence.hasSuffix(
                "For 10 of 30 photographs only a box is known: their background is what lies around it, which the network "
                    + "does not otherwise see."))
    }

    @Test func `The sentence says why there is nothing to compare`() {
        #expect(
            Self.effect(background: [], outlined: 0).sentence
                == "The background was not checked: no photograph has an outline or a box that leaves some background.")
        #expect(
            Self.effect(background: []).sentence
                == "The background was not checked: no query with an outline or a box has a match with one.")
        #expect(Self.effect(background: []).parts.isEmpty && Self.effect(background: []).chance == 0)
    }

    @Test func `The form in evaluation.json reads back`() throws {
        for effect in [Self.effect(background: [1, 4, 30]), Self.effect(background: [])] {
            let json = try JSONEncoder().encode(effect)
            #expect(try JSONDecoder().decode(BackgroundEffect.self, from: json) == effect)
        }
    }
}
