import Basics

/// What a split and its scenarios let through: photographs on two sides that belong together so closely that one tells
/// what the other shows.
public struct SplitAudit: Sendable, Equatable {
    /// Two photographs that belong together, on two sides.
    public struct Pair: Sendable, Equatable {
        public let imageID: String
        public let otherID: String
    }

    /// The photographs that one kind ties to the other side.
    public struct Leak: Sendable, Equatable {
        public let kind: LeakKind
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
            kind == .second ? sameAnimal + queries > 0 : validation + test + queries > 0
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

    /// One for each kind that could be looked for.
    public let leaks: [Leak]
    /// What could not be looked for, since no photograph has a fingerprint that tells.
    public let unknown: [LeakKind]
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
        let known = LeakKind.allCases.filter { isHashed || $0 != .nearDuplicate }
        let roles = split.roles
        let sides = catalog.photographs.map { roles[$0.id] ?? .none }
        let examiner = LeakFinder(catalog, sides: sides, scenarios: scenarios)
        leaks = known.map { kind in
            examiner.leak(
                kind,
                by: RelatedGroups(kind, of: catalog.photographs, fingerprints: fingerprints, limit: limit))
        }
        unknown = LeakKind.allCases.filter { !known.contains($0) }
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

extension SplitAudit {
    /// What makes scores better than they would be on new photographs, a sentence for each.
    public var warnings: [String] {
        leaks.filter(\.matters).map { $0.sentence(counts) } + [foldWarning, trainedWarning].compactMap(\.self)
    }

    /// What else should be known of the scores.
    public var remarks: [String] {
        var result: [String] = []
        for leak in leaks where leak.kind == .second && !leak.matters && leak.validation + leak.test > 0 {
            let count = leak.validation + leak.test
            result.append(
                """
                \(Self.photographs(count)) of validation and test \(count == 1 ? "was" : "were") taken in the same \
                second as a training photograph of another animal.
                """)
        }
        for leak in leaks where leak.kind != .second && leak.testAgainstValidation > 0 {
            result.append(
                """
                \(Self.photographs(leak.testAgainstValidation)) of the test \
                \(leak.testAgainstValidation == 1 ? "has" : "have") kin in the validation by \
                \(leak.kind.noun), so that choosing by validation looks at the test.
                """)
        }
        if answerable.count < answerable.total {
            let share = NumberText.percent(answerable.value ?? 0)
            let counts = "\(answerable.count) of \(answerable.total) queries (\(share))"
            result.append("\(counts) can be answered; no mean counts the others.")
        }
        if unknown.contains(.nearDuplicate) {
            result.append(
                "Near-duplicates were not looked for: 'whalebook run measure' gives the hashes they are told by.")
        }
        return result
    }

    /// Leaks between the folds, where folds tear encounters.
    private var foldWarning: String? {
        guard acrossFolds.count > 0, let share = acrossFolds.value else { return nil }
        return """
            \(NumberText.percent(share)) of the photographs in training and validation share an encounter with a \
            photograph of another fold: the validation score tells how well encounters are known again, not animals.
            """
    }

    private var trainedWarning: String? {
        let trained = scenarios.reduce(0) { $0 + $1.trained }
        guard trained > 0 else { return nil }
        return "\(trained) of \(answerable.total) queries ask with a photograph that is trained on."
    }

    fileprivate static func photographs(_ count: Int) -> String {
        "\(NumberText.thousands(Double(count))) photograph\(count == 1 ? "" : "s")"
    }
}

extension SplitAudit.Leak {
    /// How many photographs are concerned, out of how many, and the first of them.
    fileprivate func sentence(_ counts: [Role: Int]) -> String {
        func part(_ count: Int, _ role: Role, _ name: String) -> String? {
            guard count > 0 else { return nil }
            return "\(count) of \(counts[role] ?? 0) \(name) photographs"
        }
        var clauses: [String] = []
        let judged = [part(validation, .validation, "validation"), part(test, .test, "test")].compactMap(\.self)
        if !judged.isEmpty {
            clauses.append("\(judged.joined(separator: " and ")) \(kind.tie) a training photograph")
        }
        if queries > 0 {
            clauses.append(
                "\(queries) \(queries == 1 ? "query has" : "queries have") a right answer that \(kind.relation)")
        }
        let first = examples.first.map { " (the first: \($0.imageID) and \($0.otherID))" } ?? ""
        return clauses.joined(separator: "; ") + first + "."
    }
}

extension LeakKind {
    /// Joins photographs with another, in the plural.
    fileprivate var tie: String {
        switch self {
        case .encounter: "share an encounter with"
        case .second: "were taken in the same second as"
        case .nearDuplicate: "are near-duplicates of"
        case .source: "are of the same file as"
        }
    }

    /// What an answer has to do with its query.
    fileprivate var relation: String {
        switch self {
        case .encounter: "is of its own encounter"
        case .second: "was taken in the same second"
        case .nearDuplicate: "is a near-duplicate of it"
        case .source: "is of the same file"
        }
    }
}
