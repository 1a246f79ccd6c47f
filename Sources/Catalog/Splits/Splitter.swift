import Basics

extension SplitSettings {
    /// Splits a catalogue into training, validation and test; part `fold` validates, in `0..<folds`.
    ///
    /// If the data provide scenarios, their photographs (`reserved`) are the test set, and the photographs that the
    /// kind would hold out for testing validate along with one fold. Otherwise `reserved` is nil and the test set is
    /// what the kind holds out, the same for every fold: the unseen animals and, for ``Kind/image`` and
    /// ``Kind/encounter``, one part in addition to the folds. The seed fixes every draw; the result does not depend on
    /// the order of the rows.
    ///
    /// - Throws: ``SplitError``, or ``CatalogError`` for photographs that lack what the kind splits by.
    /// - Complexity: O(n log n).
    public func split(_ catalog: Catalog, fold: Int, reserved: Set<String>?, seed: UInt64) throws -> Split {
        guard (0..<folds).contains(fold) else { throw SplitError.foldOutOfRange(fold: fold, folds: folds) }
        try catalog.require(requirements)
        let rare = rareWhales(in: catalog)
        let open = catalog.photographs.filter { photograph in
            photograph.whaleID.map { !rare.contains($0) } == true && reserved?.contains(photograph.id) != true
        }
        let candidates = Set(catalog.whales).subtracting(rare)
        let plan = try SplitPlan(
            self, open: open, candidates: candidates, hasScenarios: reserved != nil, fold: fold, seed: seed)
        let rows = catalog.photographs.map { photograph -> Split.Row in
            func row(_ role: Role, fold: Int? = nil) -> Split.Row {
                Split.Row(imageID: photograph.id, whaleID: photograph.whaleID ?? "", fold: fold, role: role)
            }
            if reserved?.contains(photograph.id) == true { return row(.test) }
            guard let whale = photograph.whaleID else { return row(unknown == .queries ? .test : .none) }
            if rare.contains(whale) { return row(self.rare == .distractors ? .test : .none) }
            if let role = plan.settled[photograph.id] { return row(role) }
            guard let part = plan.parts[photograph.id] else { return row(.train) }
            if part == folds { return row(.test) }
            return row(part == fold ? .validation : .train, fold: part)
        }
        let split = Split(rows: rows)
        if split.images(.train).isEmpty {
            throw SplitError.nothingToTrain(
                images: rows.count, test: split.images(.test).count, validation: split.images(.validation).count)
        }
        if split.trainedWhales.count < 2 { throw SplitError.tooFewWhales(count: split.trainedWhales.count) }
        return split
    }

    /// The animals that no query shows: they only enlarge the test databases.
    public func distractors(in catalog: Catalog) -> Set<String> {
        rare == .distractors ? rareWhales(in: catalog) : []
    }

    private func rareWhales(in catalog: Catalog) -> Set<String> {
        var counts: [String: Int] = [:]
        for photograph in catalog.photographs { if let whale = photograph.whaleID { counts[whale, default: 0] += 1 } }
        return Set(counts.filter { $0.value < minimumImages }.keys)
    }

    private var requirements: Set<Catalog.Requirement> {
        let labels: Set<Catalog.Requirement> = unknown == .refuse ? [.whale] : []
        return switch kind {
        case .encounter: labels.union([.encounter])
        case .time: labels.union([.day])
        case .column: labels.union([.split])
        case .image, .individual, .closedSet, .openSet, .disjointSet: labels
        }
    }
}

/// Deals photographs to the folds.
struct FoldDealer {
    /// The photographs that stay together.
    enum Unit { case photograph, encounter, individual }

    private let unit: Unit

    init(_ unit: Unit) { self.unit = unit }

    /// Deals the groups of each animal to the parts in turn, so that each part has its share of every animal.
    ///
    /// An animal with a single group gets no part, because it could not be matched; whole animals always get one.
    func dealt(_ photographs: [Photograph], into parts: Int, seed: UInt64) -> [String: Int] {
        var generator = SeededGenerator(seed: seed, "split", "folds")
        let byWhale = Dictionary(grouping: photographs) { $0.whaleID ?? "" }
        // Draws every shuffle before dealing, because the choice of animals must not change the draws.
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

/// Photographs in order of time with encounters whole: each has the last day of its encounter.
struct TimeOrder {
    private let photographs: [Photograph]
    private let lastDays: [String: Day]

    /// - Parameter photographs: Each has a known day.
    init(_ photographs: [Photograph]) {
        self.photographs = photographs
        var lastDays: [String: Day] = [:]
        for photograph in photographs {
            guard let encounter = photograph.encounterID, let day = photograph.day else { continue }
            lastDays[encounter] = max(lastDays[encounter] ?? day, day)
        }
        self.lastDays = lastDays
    }

    private func day(of photograph: Photograph) -> Day? {
        photograph.encounterID.flatMap { lastDays[$0] } ?? photograph.day
    }

    /// The photographs held out from training.
    ///
    /// With a date these are all photographs from that day on, including whole encounters that reach it (the
    /// time-cutoff split). Without one, each animal's days are divided: the share `proportion` trains and later days
    /// are held out. The last of several days is always held out; an animal with a single day only trains (the
    /// time-proportion split).
    ///
    /// - Throws: ``SplitError/nothingAfter(date:first:last:)``.
    ///
    /// Source: Papafitsoros et al., SeaTurtleID, arXiv 2211.10307; `TimeCutoffSplit` and `TimeProportionSplit` of
    /// wildlife-datasets 1.0.9, which ignore encounters.
    func later(date: Day?, proportion: Double) throws -> [Photograph] {
        guard let date else {
            let byWhale = Dictionary(grouping: photographs) { $0.whaleID ?? "" }
            return byWhale.values.flatMap { photographs in
                let days = Set(photographs.compactMap(day)).sorted()
                let trained = Int((proportion * Double(days.count)).rounded(.toNearestOrEven))
                let late = days.count > 1 ? Set(days.dropFirst(min(days.count - 1, trained))) : []
                return photographs.filter { day(of: $0).map(late.contains) == true }
            }
        }
        let result = photographs.filter { day(of: $0).map { $0 >= date } == true }
        let days = photographs.compactMap(\.day)
        if result.isEmpty, let first = days.min(), let last = days.max() {
            throw SplitError.nothingAfter(date: date, first: first, last: last)
        }
        return result
    }

    /// Parts of consecutive whole days with about the same number of photographs.
    ///
    /// - Throws: ``SplitError/tooFewDays(days:folds:)``.
    func blocks(of photographs: [Photograph], into count: Int) throws -> [String: Int] {
        let byDay = Dictionary(grouping: photographs) { day(of: $0) }.compactMap { day, photographs in
            day.map { (day: $0, photographs: photographs) }
        }
        if byDay.isEmpty { return [:] }
        guard byDay.count >= count else { throw SplitError.tooFewDays(days: byDay.count, folds: count) }
        var result: [String: Int] = [:]
        var (before, block) = (0, 0)
        for (position, entry) in byDay.sorted(by: { $0.day < $1.day }).enumerated() {
            // A day joins the block of its middle photograph, but no block may stay empty.
            let middle = before + entry.photographs.count / 2
            let wanted = middle * count / photographs.count
            let most = position == 0 ? 0 : block + 1
            block = max(min(wanted, most), count - (byDay.count - position), block)
            for photograph in entry.photographs { result[photograph.id] = block }
            before += entry.photographs.count
        }
        return result
    }
}

extension Photograph {
    /// The day, or nil if it is not fully known.
    var day: Day? { date.flatMap { Day(String($0.prefix(10))) } }
}
