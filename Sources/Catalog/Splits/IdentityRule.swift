import Basics

/// The test set of a closed-set, open-set or disjoint-set split: single photographs, regardless of their encounters.
///
/// The sizes follow the source, with half counts rounded to even; the random draws differ from it.
///
/// Source: Papafitsoros et al., SeaTurtleID, arXiv 2211.10307; `ClosedSetSplit`, `OpenSetSplit` and `DisjointSetSplit`
/// of wildlife-datasets 1.0.9, where `ratio_train` is ``SplitSettings/proportion`` and `ratio_class_test` is
/// ``SplitSettings/unseenImages``.
struct IdentityRule {
    private let settings: SplitSettings
    private let whales: [(name: String, photographs: [Photograph])]
    private let count: Int
    private let seed: UInt64

    init(_ settings: SplitSettings, photographs: [Photograph], seed: UInt64) {
        self.settings = settings
        self.seed = seed
        count = photographs.count
        whales = Dictionary(grouping: photographs) { $0.whaleID ?? "" }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value.sorted { $0.id < $1.id }) }
    }

    /// The test photographs.
    var test: [Photograph] {
        let unseen = settings.kind == .closedSet ? [] : unseenWhales
        let alone = whales.filter { unseen.contains($0.name) }.flatMap(\.photographs)
        if settings.kind == .disjointSet { return alone }
        // Raises the other animals' training share so that `proportion` of all photographs train.
        let others = count - alone.count
        let share = others == 0 ? 0 : min(1, settings.proportion * Double(count) / Double(others))
        var generator = SeededGenerator(seed: seed, "split", "identity", "photographs")
        let drawn = whales.filter { !unseen.contains($0.name) }.flatMap { whale in
            generator.shuffled(whale.photographs).dropFirst(Self.trained(of: whale.photographs.count, share: share))
        }
        return alone + drawn
    }

    /// The number of an animal's photographs that train: about the share, at least one, and never all of several.
    static func trained(of count: Int, share: Double) -> Int {
        let rounded = Int((share * Double(count)).rounded(.toNearestOrEven))
        return max(1, rounded == count && count > 1 ? count - 1 : rounded)
    }

    /// Animals drawn at random until they hold the share of photographs.
    private var unseenWhales: Set<String> {
        let wanted = Int((settings.unseenImages * Double(count)).rounded(.toNearestOrEven))
        var generator = SeededGenerator(seed: seed, "split", "identity", "unseen")
        var (result, found): (Set<String>, Int) = ([], 0)
        for whale in generator.shuffled(whales) where found < wanted {
            result.insert(whale.name)
            found += whale.photographs.count
        }
        return result
    }
}
