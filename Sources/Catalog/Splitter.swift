import Basics

/// How photographs are parted: the section `split` of whalebook.yaml.
public struct SplitSettings: Sendable, Codable, Equatable {
    /// What is never torn apart.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Single photographs: pictures of one encounter may fall on both sides.
        case image
        /// All photographs of an encounter stay together.
        case encounter
        /// All photographs of an animal stay together.
        case individual
    }

    public var kind: Kind
    /// The number of parts that take turns in validation.
    public var folds: Int
    /// The share of the animals that training never sees, in `0..<1`.
    public var unseen: Double
    /// Animals with fewer photographs than this take no part.
    public var minimumImages: Int

    enum CodingKeys: String, CodingKey {
        case kind, folds, unseen
        case minimumImages = "minimum-images"
    }

    /// Creates settings.
    public init(kind: Kind, folds: Int, unseen: Double, minimumImages: Int) {
        self.kind = kind
        self.folds = folds
        self.unseen = unseen
        self.minimumImages = minimumImages
    }
}

/// A split that cannot be made.
public enum SplitError: Error, Equatable, CustomStringConvertible {
    case foldOutOfRange(fold: Int, folds: Int)
    case nothingToTrain(images: Int, test: Int, validation: Int)
    case tooFewWhales(count: Int)

    public var description: String {
        switch self {
        case .foldOutOfRange(let fold, let folds):
            "split.fold is \(fold) but there are \(folds) folds. Set it within 0…\(folds - 1)."
        case .nothingToTrain(let images, let test, let validation):
            """
            Of \(images) photographs \(test) are kept for the test and \(validation) for validation, which leaves none \
            to train on. Lower split.unseen, or add photographs outside the scenarios.
            """
        case .tooFewWhales(let count):
            "Training needs at least 2 animals but the split leaves \(count). Lower split.unseen or split.minimum-images."
        }
    }
}

extension SplitSettings {
    /// Parts a labelled catalogue into training, validation and test.
    ///
    /// Where the data brings scenarios, their queries and databases are the test; the animals held out as unseen and
    /// the photographs of one fold validate. Otherwise the test is made of the unseen animals and of one more group of
    /// encounters beside the folds, so that every fold is judged on the same test.
    ///
    /// - Parameters:
    ///   - fold: The part that validates, in `0..<folds`.
    ///   - reserved: The photographs of scenarios that ship with the data, or nil where none do.
    ///   - seed: Fixes every draw.
    /// - Throws: ``SplitError``, or ``CatalogError`` for photographs without a label.
    public func split(_ catalog: Catalog, fold: Int, reserved: Set<String>?, seed: UInt64) throws -> Split {
        guard (0..<folds).contains(fold) else { throw SplitError.foldOutOfRange(fold: fold, folds: folds) }
        try catalog.requireLabels(encounters: kind == .encounter)
        let groups = Groups(catalog, settings: self, reserved: reserved ?? [], seed: seed)
        let heldOut: Role = reserved == nil ? .test : .validation
        let parts = folds + (reserved == nil && kind != .individual ? 1 : 0)
        let dealt = groups.dealt(into: parts)
        let rows = catalog.photographs.map { photograph -> Split.Row in
            let whale = photograph.whaleID ?? ""
            func row(_ role: Role, fold: Int? = nil) -> Split.Row {
                Split.Row(imageID: photograph.id, whaleID: whale, fold: fold, role: role)
            }
            if reserved?.contains(photograph.id) == true { return row(.test) }
            if groups.excluded.contains(whale) { return row(.none) }
            if groups.unseen.contains(whale) { return row(heldOut) }
            guard let part = dealt[photograph.id] else { return row(.train) }
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
}

/// The photographs of a catalogue in the groups that a split keeps whole.
private struct Groups {
    let unseen: Set<String>
    let excluded: Set<String>
    private let photographsByWhale: [(whale: String, groups: [[String]])]
    private let wholeWhales: Bool

    init(_ catalog: Catalog, settings: SplitSettings, reserved: Set<String>, seed: UInt64) {
        let byWhale = Dictionary(grouping: catalog.photographs) { $0.whaleID ?? "" }
        let small = Set(byWhale.filter { $0.value.count < settings.minimumImages }.keys)
        excluded = small
        // An animal whose photographs are all reserved is unseen already and counts towards the share.
        let candidates = byWhale.keys.filter { !small.contains($0) }.sorted()
        let open = candidates.filter { whale in byWhale[whale, default: []].contains { !reserved.contains($0.id) } }
        let wanted = Int((settings.unseen * Double(candidates.count)).rounded()) - (candidates.count - open.count)
        var generator = SeededGenerator(seed: seed, "split", "unseen")
        let drawn = Set(generator.shuffled(open).prefix(max(0, wanted)))
        unseen = drawn
        wholeWhales = settings.kind == .individual
        var order = SeededGenerator(seed: seed, "split", "folds")
        photographsByWhale = order.shuffled(open.filter { !drawn.contains($0) }).map { whale in
            let mine = byWhale[whale, default: []].filter { !reserved.contains($0.id) }
            let grouped = Dictionary(grouping: mine) { photograph in
                switch settings.kind {
                case .image: photograph.id
                case .encounter: photograph.encounterID ?? photograph.id
                case .individual: whale
                }
            }
            let sorted = grouped.sorted { $0.key < $1.key }.map { $0.value.map(\.id) }
            return (whale, order.shuffled(sorted))
        }
    }

    /// Deals the groups of each animal to the parts in turn, so that each part has its share of every animal; an
    /// animal with a single group only ever trains.
    func dealt(into parts: Int) -> [String: Int] {
        var result: [String: Int] = [:]
        var next = 0
        for (_, groups) in photographsByWhale where wholeWhales || groups.count > 1 {
            for group in groups {
                for id in group { result[id] = next % parts }
                next += 1
            }
        }
        return result
    }
}
