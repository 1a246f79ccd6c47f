import Basics
import Foundation
import Testing

@testable import Evaluation

/// The share of the heat that lies on the animal.
@Suite struct HeatOnAnimalsTests {
    private static func row(_ image: String, _ partner: String, _ heat: Double?) -> HeatMapRow {
        HeatMapRow(
            imageID: image, partnerImageID: partner, similarity: 0.5, map: HeatMap(height: 1, width: 1, scaling: [1]),
            animal: heat.map { HeatMapRow.Animal(heat: $0, area: 0.25) })
    }

    /// A query with a wrong match of a rank and a right one.
    private static func pairs(_ query: String, wrong rank: Int) -> [ExplainedPair] {
        func pair(_ kind: ExplainedPair.Kind, _ rank: Int, _ image: String) -> ExplainedPair {
            ExplainedPair(
                scenario: "s", queryID: "s-\(query)", queryImageID: query, kind: kind, rank: rank, imageID: image)
        }
        return [pair(.wrong, rank, "w"), pair(.right, rank == 1 ? 4 : 1, "r")]
    }

    @Test func `Heat is counted as it is drawn`() throws {
        // From 1 in the left quarter to 0 in the right one: 0.4375 of 0.5 lies in the left half.
        let map = HeatMap(height: 1, width: 2, scaling: [3, 0])
        let left = (0..<32).map { $0 % 8 < 4 }
        #expect(try abs(#require(map.share(on: left, columns: 8)) - 0.875) < 1e-12)
        #expect(map.share(on: left.map { !$0 }, columns: 8).map { abs($0 - 0.125) < 1e-12 } == true)
        #expect(map.share(on: left.map { _ in true }, columns: 8) == 1)
        // Even heat has the animal's own share.
        let even = HeatMap(height: 2, width: 2, scaling: [1, 1, 1, 1])
        #expect(try abs(#require(even.share(on: (0..<16).map { $0 < 5 }, columns: 4)) - 5.0 / 16) < 1e-12)
        #expect(HeatMap(height: 1, width: 2, scaling: [0, 0]).share(on: left, columns: 8) == nil)
    }

    @Test func `One sentence counts the misses, with the medians of both comparisons`() throws {
        // The fourth query is a hit, the fifth has no outline.
        let pairs = ["a", "b", "c", "d", "e"].flatMap { Self.pairs($0, wrong: $0 == "d" ? 2 : 1) }
        let rows = zip(["a", "b", "c", "d", "e"], [(0.2, 0.5), (0.45, 0.75), (0.5, 0.6), (0.1, 0.1), (nil, nil)])
            .flatMap { query, shares in [Self.row(query, "w", shares.0), Self.row(query, "r", shares.1)] }
        let found = try #require(HeatOnAnimals(pairs, maps: rows))
        #expect((found.misses, found.counted, found.mostlyElsewhere) == (4, 3, 2))
        #expect((found.median, found.medianOfRight, found.area) == (0.45, 0.6, 0.25))
        #expect(
            found.sentence
                == "In 2 of 3 misses, less than half of the heat on the query lies on the animal (median 45%, 60% in "
                + "comparison with the first correct match; the animal fills 25% of what the network sees). 1 more miss has "
                + "no outline to count by.")
    }

    @Test func `Without misses or outlines the sentence says so`() throws {
        let hit = try #require(HeatOnAnimals(Self.pairs("a", wrong: 2), maps: [Self.row("a", "w", 0.5)]))
        #expect(hit.misses == 0 && hit.sentence.hasPrefix("None of the explained queries is a miss"))
        let bare = try #require(
            HeatOnAnimals(Self.pairs("a", wrong: 1), maps: [Self.row("a", "w", nil), Self.row("w", "a", 0.5)]))
        #expect((bare.misses, bare.counted, bare.median) == (1, 0, nil))
        #expect(bare.sentence == "No miss has an outline by which to count the heat on the animal.")
        #expect(HeatOnAnimals(Self.pairs("a", wrong: 1), maps: [Self.row("a", "w", nil)]) == nil)
    }

    @Test func `The median of an even number is the mean of the middle two`() throws {
        let pairs = ["a", "b"].flatMap { Self.pairs($0, wrong: 1) }
        let found = try #require(
            HeatOnAnimals(pairs, maps: [Self.row("a", "w", 0.25), Self.row("b", "w", 0.75)]))
        #expect(found.median == 0.5 && found.medianOfRight == nil)
        #expect(!found.sentence.contains("in comparison"))
    }
}
