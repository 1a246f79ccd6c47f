import Basics

/// What a kind of split settles: which photographs have their role for good, and which take turns.
///
/// A photograph in neither trains, whichever fold validates.
struct SplitPlan {
    private(set) var settled: [String: Role] = [:]
    /// Parts from 0; a part behind the folds is one of the test.
    private(set) var parts: [String: Int] = [:]

    /// Plans the split of some photographs, all of named animals and open to every role.
    ///
    /// - Parameters:
    ///   - open: Outside the scenarios that ship with the data.
    ///   - candidates: The animals of which a share is to be unseen, whether all their photographs are open or not.
    ///   - hasScenarios: Whether the data bring the test, so that what is kept from training validates.
    /// - Throws: ``SplitError``.
    init(
        _ settings: SplitSettings, open: [Photograph], candidates: Set<String>, hasScenarios: Bool, fold: Int,
        seed: UInt64
    ) throws {
        let heldOut: Role = hasScenarios ? .validation : .test
        let folds = settings.folds
        switch settings.kind {
        case .image, .encounter, .individual:
            let unseen = Self.unseen(settings.unseen, open: open, candidates: candidates, seed: seed)
            settle(heldOut, open.filter { $0.whaleID.map(unseen.contains) == true })
            let unit: FoldDealer.Unit =
                switch settings.kind {
                case .encounter: .encounter
                case .individual: .individual
                default: .photograph
                }
            let hasPartForTest = !hasScenarios && settings.kind != .individual
            deal(open, by: unit, into: folds + (hasPartForTest ? 1 : 0), seed: seed)
            if settings.kind == .encounter { keepEncountersWhole(open) }
        case .time:
            let time = TimeOrder(open)
            settle(heldOut, try time.later(date: settings.date, proportion: settings.proportion))
            parts = try time.blocks(of: open.filter { settled[$0.id] == nil }, into: folds)
        case .closedSet, .openSet, .disjointSet:
            settle(heldOut, IdentityRule(settings, photographs: open, seed: seed).test)
            deal(open, by: settings.kind == .disjointSet ? .individual : .photograph, into: folds, seed: seed)
        case .column:
            for photograph in open {
                if let role = photograph.columnRole, role != .train { settled[photograph.id] = role }
            }
            guard settled.values.contains(.validation) else {
                deal(open, by: .encounter, into: folds, seed: seed)
                return
            }
            if fold > 0 { throw SplitError.oneValidation(fold: fold) }
        }
    }

    private mutating func settle(_ role: Role, _ photographs: [Photograph]) {
        for photograph in photographs { settled[photograph.id] = role }
    }

    private mutating func deal(_ open: [Photograph], by unit: FoldDealer.Unit, into count: Int, seed: UInt64) {
        parts = FoldDealer(unit).dealt(open.filter { settled[$0.id] == nil }, into: count, seed: seed)
    }

    /// Brings encounters together that hold several animals: each animal's share of one was dealt by itself.
    private mutating func keepEncountersWhole(_ open: [Photograph]) {
        let encounters = Dictionary(grouping: open.filter { $0.encounterID != nil }) { $0.encounterID ?? "" }
        for photographs in encounters.values where Set(photographs.map(\.whaleID)).count > 1 {
            let ids = photographs.map(\.id).sorted()
            if let role = ids.compactMap({ settled[$0] }).first {
                settle(role, photographs)
            } else if let part = ids.compactMap({ parts[$0] }).first {
                for id in ids { parts[id] = part }
            }
        }
    }

    /// Draws the animals that training never sees.
    ///
    /// One whose photographs are all reserved is unseen already and counts towards the share.
    private static func unseen(
        _ share: Double, open: [Photograph], candidates: Set<String>, seed: UInt64
    ) -> Set<String> {
        let whales = Set(open.compactMap(\.whaleID)).sorted()
        let wanted = Int((share * Double(candidates.count)).rounded()) - (candidates.count - whales.count)
        var generator = SeededGenerator(seed: seed, "split", "unseen")
        return Set(generator.shuffled(whales).prefix(max(0, wanted)))
    }
}

extension Photograph {
    /// The names that the metadata's column `split` has for each role; an empty one leaves a photograph out.
    static let columnRoles: [String: Role] = [
        "train": .train, "training": .train, "val": .validation, "valid": .validation, "validation": .validation,
        "test": .test, "testing": .test, "none": .none, "": .none,
    ]

    /// The role that the metadata's column `split` gives, whatever its case; nil for a name that means none.
    var columnRole: Role? { Self.columnRoles[(split ?? "").lowercased()] }
}

/// A split that cannot be made.
public enum SplitError: Error, Equatable, CustomStringConvertible {
    case foldOutOfRange(fold: Int, folds: Int)
    case nothingToTrain(images: Int, test: Int, validation: Int)
    case tooFewWhales(count: Int)
    case nothingAfter(date: Day, first: Day, last: Day)
    case tooFewDays(days: Int, folds: Int)
    case oneValidation(fold: Int)

    public var description: String {
        switch self {
        case .foldOutOfRange(let fold, let folds):
            "split.fold is \(fold) but there are \(folds) folds. Set it within 0…\(folds - 1)."
        case .nothingToTrain(let images, let test, let validation):
            """
            Of \(images) photographs \(test) are kept for the test and \(validation) for validation, which leaves none \
            to train on. Keep less for the test (split.unseen, split.date, split.proportion), or add photographs \
            outside the scenarios.
            """
        case .tooFewWhales(let count):
            """
            Training needs at least 2 animals but the split leaves \(count). Keep fewer for the test, or lower \
            split.minimum-images.
            """
        case .nothingAfter(let date, let first, let last):
            """
            split.date is \(date) but the photographs are of \(first) to \(last), so that none is left for the test. \
            Set it to a day after \(first) and no later than \(last).
            """
        case .tooFewDays(let days, let folds):
            """
            The photographs before the test are of \(days) days but are to be parted by day into \(folds) folds. Set \
            split.folds to \(max(2, days)) at most, or move split.date or split.proportion.
            """
        case .oneValidation(let fold):
            """
            The metadata's column 'split' names the photographs that validate, so that there is one fold only, but \
            split.fold asks for \(fold). Set split.fold: 0, or name only train and test in the column.
            """
        }
    }
}
