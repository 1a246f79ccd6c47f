import Basics

/// The plan of one kind of split: the photographs with a fixed role, and those that rotate through the folds.
///
/// A photograph in neither group always trains.
struct SplitPlan {
    private(set) var settled: [String: Role] = [:]
    /// Parts from 0; a part after the last fold belongs to the test set.
    private(set) var parts: [String: Int] = [:]

    /// Plans the split of photographs that all show a named animal and may take any role.
    ///
    /// `open` has the photographs outside the scenarios that ship with the data. The unseen share is drawn from
    /// `candidates`, which include animals whose photographs are not all open. If the data provide the test set
    /// (`hasScenarios`), held-out photographs validate.
    ///
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

    /// Reunites encounters with several animals, because each animal's photographs were dealt separately.
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
    /// An animal whose photographs are all reserved is already unseen and counts towards the share.
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
    /// The role for each name in the metadata's column `split`; an empty cell leaves the photograph out.
    static let columnRoles = splitRoles.merging(["none": .none, "": .none]) { $1 }

    /// The role given by the metadata's column `split`, ignoring case; nil for an unknown name.
    var columnRole: Role? { Self.role(ofPart: split ?? "") }

    /// The role that a name in the metadata's column `split` gives, ignoring case; nil for an unknown name.
    public static func role(ofPart name: String) -> Role? { columnRoles[name.lowercased()] }
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
            No photographs are left for training: of \(images), \(test) are for testing and \(validation) for \
            validation. Test on fewer (split.unseen, split.date, split.proportion), or add photographs outside the \
            scenarios.
            """
        case .tooFewWhales(let count):
            """
            Training needs at least 2 animals but the split leaves \(count). Test on fewer animals, or lower \
            split.minimum-images.
            """
        case .nothingAfter(let date, let first, let last):
            """
            split.date is \(date) but the photographs were taken from \(first) to \(last), so none is left for the \
            test. Set it to a day after \(first) and no later than \(last).
            """
        case .tooFewDays(let days, let folds):
            """
            The photographs before the test cover \(days) days, too few to split by day into \(folds) folds. Set \
            split.folds to at most \(max(2, days)), or change split.date or split.proportion.
            """
        case .oneValidation(let fold):
            """
            The metadata's column 'split' names the validation photographs, so there is only one fold, but split.fold \
            is \(fold). Set split.fold: 0, or use only train and test in the column.
            """
        }
    }
}
