import Basics
import Foundation
import Testing

@testable import Evaluation

@Suite struct AdapterEffectTests {
    /// One query per animal, whose right photograph moves from one rank to another.
    private static func rows(
        animals: Int = 12, from plain: Int, to bridged: Int, direction: AdapterRow.Direction = .topLateral
    ) -> [AdapterRow] {
        (0..<animals).map { animal in
            AdapterRow(
                direction: direction, scenario: "s", queryID: "q\(animal)", imageID: "p\(animal)",
                whaleID: "w\(animal)", plain: [plain], bridged: [bridged])
        }
    }

    private static func effect(_ runs: [[AdapterRow]], absence: String? = nil) -> AdapterEffect {
        AdapterEffect(
            runs.enumerated().map { ($0 + 1, $1) }, resamples: 500, seed: 1, absence: absence)
    }

    @Test func `A gain in every seed and for every animal helps`() throws {
        let effect = Self.effect([Self.rows(from: 4, to: 1), Self.rows(from: 4, to: 2), Self.rows(from: 4, to: 1)])
        #expect(effect.verdict == .helps)
        let both = try #require(effect.both)
        #expect(both.plain.values == [0.25, 0.25, 0.25])
        #expect(both.bridged.values == [1, 0.5, 1])
        #expect(both.difference.values == [0.75, 0.25, 0.75])
        #expect(abs(both.difference.mean - 7.0 / 12) < 1e-12)
        #expect(
            effect.sentence
                == "The bridge helps across views: mAP@20 changes by +0.5833 (95% interval by animal +0.5833 to "
                + "+0.5833; standard deviation over 3 seeds 0.2887).")
    }

    @Test func `A loss, or no change at all, does not help`() {
        for bridged in [3, 2] {
            let run = Self.rows(from: 2, to: bridged)
            #expect(Self.effect([run, run]).verdict == .doesNotHelp)
        }
        #expect(
            Self.effect([Self.rows(from: 1, to: 2), Self.rows(from: 1, to: 2)]).sentence
                .hasPrefix("The bridge does not help across views: mAP@20 changes by −0.5000"))
    }

    @Test func `One seed, a change within the spread of seeds, and animals that disagree are unclear`() {
        let gain = Self.rows(from: 2, to: 1)
        let one = Self.effect([gain])
        #expect(one.verdict == .cannotBeTold)
        #expect(one.sentence.contains("one seed, spread unknown"))
        // +0.5 and 0: the mean is below the deviation, although the interval excludes 0.
        let spread = Self.effect([gain, Self.rows(from: 1, to: 1)])
        #expect(spread.both?.interval?.lowerBound ?? 0 > 0)
        #expect(spread.verdict == .cannotBeTold)
        let mixed = Self.rows(animals: 6, from: 2, to: 1) + Self.rows(from: 1, to: 2).suffix(6)
        #expect(Self.effect([mixed, mixed]).verdict == .cannotBeTold)
        #expect(
            Self.effect([mixed, mixed]).sentence.hasPrefix("It is unclear whether the bridge helps across views"))
    }

    @Test func `Without a measurement the sentence has the reason`() {
        let untrained = Self.effect([[], []], absence: "3 animals of the training are seen from both sides")
        #expect(untrained.verdict == .notMeasured)
        #expect(
            untrained.sentence
                == "The bridge was not measured: 3 animals of the training are seen from both sides.")
        #expect(untrained.both == nil)
        #expect(Self.effect([[]]).sentence.contains("no answerable query crosses views"))
    }

    @Test func `Each direction is reported separately, with its seeds`() throws {
        let run = Self.rows(from: 4, to: 1) + Self.rows(animals: 3, from: 1, to: 2, direction: .lateralTop)
        let effect = Self.effect([run, run])
        let json = try JSONValue(encoding: effect)
        #expect(try json.decoded(as: AdapterEffect.self) == effect)
        #expect(json[path: "top-lateral.queries"] == 12)
        #expect(json[path: "top-lateral.verdict"] == "helps")
        #expect(json[path: "lateral-top.difference.values"]?.numbers == [-0.5, -0.5])
        #expect(json[path: "lateral-top.verdict"] == "does not help")
        #expect(json[path: "both.queries"] == 15)
        #expect(json[path: "both.difference.interval"]?.numbers?.count == 2)
    }

    @Test func `Folds of one seed are averaged before the spread between seeds is computed`() throws {
        let effect = AdapterEffect(
            [(1, Self.rows(from: 1, to: 1)), (1, Self.rows(from: 2, to: 1)), (2, Self.rows(from: 1, to: 1))],
            resamples: 10, seed: 1)
        #expect(effect.both?.difference.values == [0.25, 0])
    }

    @Test func `Precision counts the first twenty ranks`() {
        let row = AdapterRow(
            direction: .lateralTop, scenario: "s", queryID: "q", imageID: "p", whaleID: "w", plain: [30, 2],
            bridged: [1, 25])
        // Rank 2 of two right photographs, and rank 1; ranks after the twentieth do not count.
        #expect(row.plainPrecision == 0.25)
        #expect(row.bridgedPrecision == 0.5)
    }
}
