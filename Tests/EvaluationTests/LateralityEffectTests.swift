import Basics
import Foundation
import Testing

@testable import Evaluation

@Suite struct LateralityEffectTests {
    private static func row(
        _ number: Int, mirrored: Double? = nil, same: Double? = nil, others: Double? = nil, otherSide: Double? = nil,
        sameEncounter: Double? = nil
    ) -> LateralityRow {
        LateralityRow(
            imageID: "p\(number)", whaleID: "w\(number / 2)", mirrored: mirrored, sameAnimal: same,
            otherAnimals: others, otherSide: otherSide, sameEncounter: sameEncounter)
    }

    private static func effect(_ rows: [LateralityRow], averagesMirror: Bool = false) -> LateralityEffect {
        LateralityEffect(rows, model: "lite0", averagesMirror: averagesMirror, resamples: 300, seed: 1)
    }

    @Test func `The probability is scikit-learn's area under the ROC curve`() throws {
        for reference in try BackgroundEffectTests.reference().areas {
            let found = try #require(LateralityRow.probability(of: reference.own, above: reference.others))
            #expect(abs(found - reference.area) < 1e-12)
        }
        #expect(LateralityRow.probability(of: [], above: [0.5]) == nil)
        #expect(LateralityRow.probability(of: [0.5], above: []) == nil)
    }

    @Test func `Means are over the photographs that have a value`() throws {
        let effect = Self.effect([
            Self.row(0, mirrored: 0.9, same: 0.5, others: 0.1), Self.row(1, mirrored: 0.7, others: 0.3),
            Self.row(2, mirrored: 0.8, same: 0.7, others: 0.2), Self.row(3, otherSide: 0.75, sameEncounter: 0.5),
            Self.row(4, otherSide: 0.25),
        ])
        let mirror = try #require(effect.mirror)
        #expect(mirror.photographs == 3 && abs(mirror.mirrored - 0.8) < 1e-12)
        #expect(abs(try #require(mirror.sameAnimal) - 0.6) < 1e-12)
        #expect(abs(try #require(mirror.otherAnimals) - 0.2) < 1e-12)
        // The animals' mean differences are 0.4 and 0.1.
        let interval = try #require(mirror.interval)
        #expect(abs(interval.lowerBound - 0.1) < 1e-12 && abs(interval.upperBound - 0.4) < 1e-12)
        let sides = try #require(effect.sides)
        #expect(sides.photographs == 2 && sides.animals == 2 && sides.auc == 0.5)
        #expect(sides.interval == 0.25...0.75)
        #expect(sides.sameEncounter == 0.5)
    }

    @Test func `The sentence says whether a mirror image is the same side`() {
        func sentence(_ mirrored: Double, _ same: [Double]) -> String {
            Self.effect(same.enumerated().map { Self.row(2 * $0, mirrored: mirrored, same: $1, others: 0.2) }).sentence
        }
        #expect(
            sentence(0.95, [0.7, 0.8, 0.6]).hasPrefix(
                "The network hardly distinguishes a photograph from its mirror image (mean similarity 0.95; of two "
                    + "photographs of one side 0.70), so it may propose an animal whose other flank looks alike."))
        #expect(
            sentence(0.1, [0.7, 0.8, 0.6]).hasPrefix(
                "The network distinguishes a flank from its mirror image (mean similarity 0.10; of"))
        #expect(
            sentence(0.7, [0.6, 0.8, 0.7]).hasPrefix(
                "To the network, a mirror image is as similar as another photograph of that side (mean similarity 0.70;"
            ))
        // One animal has no interval.
        #expect(
            sentence(0.7, [0.6]).hasPrefix(
                "Whether the network distinguishes a photograph from its mirror image is unknown (mean similarity 0.70;"
            ))
    }

    @Test func `The sentence says whether the other side is recognised, and what may explain it`() {
        func sentence(_ values: [Double], sameEncounter: Double? = nil) -> String {
            Self.effect(
                values.enumerated().map { Self.row(2 * $0, otherSide: $1, sameEncounter: sameEncounter) }
            ).sentence
        }
        #expect(
            sentence([0.9, 0.7]).hasSuffix(
                " It recognises animals from the other side: left and right views of one animal are more similar than "
                    + "those of two animals with probability 0.80 (95% interval 0.70 to 0.90, 0.5 is chance)."))
        #expect(
            sentence([0.55, 0.9]).contains(
                " There is weak evidence that it recognises animals from the other side: left"))
        #expect(
            sentence([0.4, 0.9, 0.5]).contains(
                " The data do not show that it recognises animals from the other side: left"))
        #expect(sentence([0.8]).contains(" Whether it recognises animals from the other side is unknown: left and"))
        #expect(sentence([0.8]).hasSuffix("with probability 0.80 (0.5 is chance)."))
        #expect(
            sentence([0.8, 0.9], sameEncounter: 0.4).hasSuffix(
                " Of the pairs of a left and a right view of one animal, 40% are of one encounter and may share their "
                    + "surroundings."))
        #expect(!sentence([0.8, 0.9], sameEncounter: 0).contains("encounter and"))
    }

    @Test func `Without photographs the sentence says why`() throws {
        #expect(
            Self.effect([]).sentence
                == "No photograph that did not train could be mirrored. No animal outside the training has both a left and "
                + "a right view.")
        #expect(
            Self.effect([], averagesMirror: true).sentence.hasPrefix(
                "Each embedding is averaged with that of the mirror image (embed.mirror), so both are the same."))
        let effect = Self.effect([Self.row(0, mirrored: 0.5, otherSide: 0.5), Self.row(2, mirrored: 0.25)])
        let json = try JSONEncoder().encode(effect)
        #expect(try JSONDecoder().decode(LateralityEffect.self, from: json) == effect)
    }
}
