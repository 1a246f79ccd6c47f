import Basics

extension SplitSettings {
    /// Parts a catalogue into training, validation and test.
    ///
    /// Where the data brings scenarios, their queries and databases are the test; what the kind would keep for the test
    /// validates, beside the photographs of one fold. Otherwise the test is what the kind keeps for it, the same for
    /// every fold: the unseen animals and, for ``Kind/image`` and ``Kind/encounter``, one more part beside the folds.
    /// The result depends on the photographs and not on the order of their rows.
    ///
    /// - Parameters:
    ///   - fold: The part that validates, in `0..<folds`.
    ///   - reserved: The photographs of scenarios that ship with the data, or nil where none do.
    ///   - seed: Fixes every draw.
    /// - Throws: ``SplitError``, or ``CatalogError`` for photographs that lack what the kind parts by.
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

    /// The animals that nothing asks for: they only make the databases of the test larger.
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
