import Basics

/// Deals photographs to the parts that take turns in validation.
struct FoldDealer {
    /// What stays together.
    enum Unit { case photograph, encounter, individual }

    private let unit: Unit

    init(_ unit: Unit) { self.unit = unit }

    /// Deals the groups of each animal to the parts in turn, so that each part has its share of every animal.
    ///
    /// An animal with a single group gets no part, since it could not be found again; whole animals all get one.
    func dealt(_ photographs: [Photograph], into parts: Int, seed: UInt64) -> [String: Int] {
        var generator = SeededGenerator(seed: seed, "split", "folds")
        let byWhale = Dictionary(grouping: photographs) { $0.whaleID ?? "" }
        // Every shuffle is drawn before any is dealt: which animals are dealt must not change the draws.
        let groups = generator.shuffled(byWhale.keys.sorted()).map { whale in
            let mine = Dictionary(grouping: byWhale[whale, default: []]) { photograph in
                switch unit {
                case .photograph: photograph.id
                case .encounter: photograph.encounterID ?? photograph.id
                case .individual: whale
                }
            }
            return generator.shuffled(mine.sorted { $0.key < $1.key }.map { $0.value.map(\.id) })
        }
        var result: [String: Int] = [:]
        var next = 0
        for groups in groups where unit == .individual || groups.count > 1 {
            for group in groups {
                for id in group { result[id] = next % parts }
                next += 1
            }
        }
        return result
    }
}
