/// What a split and its scenarios let through: photographs on two sides that belong together so closely that one tells
/// what the other shows.
public struct SplitAudit: Sendable, Equatable {
    /// Two photographs that belong together, on two sides.
    public struct Pair: Sendable, Equatable {
        public let imageID: String
        public let otherID: String
    }

    /// The photographs that one kinship ties to the other side.
    public struct Leak: Sendable, Equatable {
        public let kinship: Kinship
        /// Photographs of the validation with kin in the training.
        public let validation: Int
        /// Photographs of the test with kin in the training.
        public let test: Int
        /// Of ``validation`` and ``test`` those whose kin shows the same animal.
        public let sameAnimal: Int
        /// Photographs of the test with kin in the validation.
        public let testAgainstValidation: Int
        /// Queries with a right answer that is their kin.
        public let queries: Int
        /// The first few of each kind, the photograph that is judged first.
        public let examples: [Pair]

        /// Whether nothing was let through.
        public var isEmpty: Bool { validation + test + testAgainstValidation + queries == 0 }
        /// Whether scores suffer: in one second two animals may be photographed, which tells nothing of either.
        public var matters: Bool {
            kinship == .second ? sameAnimal + queries > 0 : validation + test + queries > 0
        }
    }

    /// Photographs that may be, out of those that are.
    public struct Share: Sendable, Equatable {
        public let count: Int
        public let total: Int
        /// In `0...1`; nil of none.
        public var value: Double? { total == 0 ? nil : Double(count) / Double(total) }
    }

    /// How many animals stand where.
    public struct Animals: Sendable, Equatable {
        /// Trained on and asked for or validated.
        public let onBothSides: Int
        /// In validation and test only.
        public let unseen: Int
        /// In the training only.
        public let trainedOnly: Int
    }

    /// How much of a scenario can be answered.
    public struct Answerable: Sendable, Equatable {
        public let scenario: String
        /// Queries with a right answer in the database.
        public let queries: Share
        /// Right answers to all queries that are of their query's encounter.
        public let sameEncounter: Share
        /// Queries whose photograph is trained on.
        public let trained: Int
    }

    /// One for each kinship that could be looked for.
    public let leaks: [Leak]
    /// What could not be looked for, since no photograph has a fingerprint that tells.
    public let unknown: [Kinship]
    /// Photographs of training and validation whose encounter has two in different folds, such as 87.1% of the
    /// write-up's.
    public let acrossFolds: Share
    public let animals: Animals
    public let scenarios: [Answerable]
    /// The photographs that train, validate and test.
    public let counts: [Role: Int]

    /// The queries of all scenarios that can be answered.
    public var answerable: Share {
        Share(
            count: scenarios.reduce(0) { $0 + $1.queries.count }, total: scenarios.reduce(0) { $0 + $1.queries.total })
    }

    static let examples = 3

    /// Looks at every photograph of a split and at every query.
    ///
    /// - Parameters:
    ///   - fingerprints: By image_id; without them exact duplicates are told by path alone, and near ones not at all.
    ///   - limit: The most bits in which the perceptual hashes of near-duplicates differ.
    /// - Complexity: O(photographs + scenarios' photographs) beside the search for near hashes.
    public init(
        _ catalog: Catalog, split: Split, scenarios: [Scenario], fingerprints: [String: Fingerprint] = [:],
        limit: Int = Duplicates.limit
    ) {
        let isHashed = fingerprints.values.contains { $0.perceptualHash != nil }
        let known = Kinship.allCases.filter { isHashed || $0 != .nearDuplicate }
        let roles = split.roles
        let sides = catalog.photographs.map { roles[$0.id] ?? .none }
        let examiner = KinExaminer(catalog, sides: sides, scenarios: scenarios)
        leaks = known.map { kinship in
            examiner.leak(
                kinship,
                by: KinGroups(kinship, of: catalog.photographs, fingerprints: fingerprints, limit: limit))
        }
        unknown = Kinship.allCases.filter { !known.contains($0) }
        counts = Dictionary(sides.map { ($0, 1) }, uniquingKeysWith: +)
        acrossFolds = Self.acrossFolds(catalog, split: split)
        animals = Self.animals(split)
        self.scenarios = scenarios.map { Self.answerable($0, in: catalog, roles: roles) }
    }

    private static func acrossFolds(_ catalog: Catalog, split: Split) -> Share {
        var folds: [String: Set<Int>] = [:]
        let rows = split.rows.filter { $0.role == .train || $0.role == .validation }
        for row in rows {
            guard let fold = row.fold, let encounter = catalog[row.imageID]?.encounterID else { continue }
            folds[encounter, default: []].insert(fold)
        }
        let torn = rows.count { row in
            row.fold != nil && (catalog[row.imageID]?.encounterID.flatMap { folds[$0] }?.count ?? 0) > 1
        }
        return Share(count: torn, total: rows.count)
    }

    private static func animals(_ split: Split) -> Animals {
        let trained = split.rows.filter { $0.role == .train }.animals
        let judged = split.rows.filter { $0.role == .validation || $0.role == .test }.animals
        return Animals(
            onBothSides: trained.intersection(judged).count, unseen: judged.subtracting(trained).count,
            trainedOnly: trained.subtracting(judged).count)
    }

    private static func answerable(_ scenario: Scenario, in catalog: Catalog, roles: [String: Role]) -> Answerable {
        let answers = scenario.answers(in: catalog)
        let own = scenario.answersOfOwnEncounter(in: catalog)
        return Answerable(
            scenario: scenario.id,
            queries: Share(count: answers.count { !$0.answers.isEmpty }, total: answers.count),
            sameEncounter: Share(count: own.count, total: own.total),
            trained: scenario.queries.count { roles[$0.imageID] == .train })
    }
}
