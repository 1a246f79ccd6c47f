import Basics

/// How much of the network's heat lies on the animals in the queries that were missed.
///
/// A query is missed if the first match is wrong. Its heat is that on the query's photograph, because the same
/// photograph is then compared with a wrong and with a right one.
public struct HeatOnAnimals: Sendable, Equatable, Codable {
    /// Explained queries whose first match is wrong.
    public var misses: Int
    /// Those of them in which an outline says where the animal is.
    public var counted: Int
    /// Those in which less than half of the heat lies on the animal.
    public var mostlyElsewhere: Int
    /// The median share of the heat on the animal, compared with the wrong match; nil if none was counted.
    @OrNull public var median: Double?
    /// The same, compared with the first right match.
    @OrNull public var medianOfRight: Double?
    /// The median share of the network's input that shows the animal; chance would bring this share of the heat.
    @OrNull public var area: Double?
    /// The finding.
    public var sentence: String

    private enum CodingKeys: String, CodingKey {
        case misses, counted, median, area, sentence
        case mostlyElsewhere = "mostly_elsewhere"
        case medianOfRight = "median_of_right"
    }

    /// Counts over explained pairs and their maps; nil if no outline says anywhere where the animal is.
    public init?(_ pairs: [ExplainedPair], maps: [HeatMapRow]) {
        guard maps.contains(where: { $0.animal != nil }) else { return nil }
        let shares = Dictionary(maps.map { ([$0.imageID, $0.partnerImageID], $0.animal) }) { first, _ in first }
        func share(_ pair: ExplainedPair) -> HeatMapRow.Animal? { shares[[pair.queryImageID, pair.imageID]] ?? nil }
        let missed = pairs.filter { $0.kind == .wrong && $0.rank == 1 }
        let ids = Set(missed.map(\.queryID))
        let wrong = missed.compactMap(share)
        let right = pairs.filter { $0.kind == .right && ids.contains($0.queryID) }.compactMap(share)
        misses = missed.count
        counted = wrong.count
        mostlyElsewhere = wrong.count { $0.heat < 0.5 }
        median = Self.median(wrong.map(\.heat))
        medianOfRight = Self.median(right.map(\.heat))
        area = Self.median(wrong.map(\.area))
        sentence = ""
        sentence = finding
    }

    private static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    private var finding: String {
        guard misses > 0 else { return "None of the explained queries is a miss, so no heat was counted." }
        guard let median, let area else {
            return "No miss has an outline by which to count the heat on the animal."
        }
        func percent(_ share: Double) -> String { NumberText.percent(share, 0) }
        let right = medianOfRight.map { ", \(percent($0)) in comparison with the first correct match" } ?? ""
        let rest = misses - counted
        let unknown =
            rest == 0
            ? "" : " \(NumberText.counted(rest, "more miss has", "more misses have")) no outline to count by."
        return
            "In \(mostlyElsewhere) of \(NumberText.counted(counted, "miss", "misses")), less than half of the heat on "
            + "the query lies on the animal (median \(percent(median))\(right); the animal fills \(percent(area)) of what "
            + "the network sees).\(unknown)"
    }
}
