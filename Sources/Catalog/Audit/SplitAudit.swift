import Basics

/// The leaks of a split and its scenarios: closely related photographs on both sides, of which one reveals the animal
/// in the other.
public struct SplitAudit: Sendable, Equatable {
    /// Two related photographs on different sides.
    public struct Pair: Sendable, Equatable {
        public let imageID: String
        public let otherID: String
    }

    /// The photographs with one kind of relation to the other side.
    public struct Leak: Sendable, Equatable {
        public let kind: LeakKind
        /// Validation photographs related to a training photograph.
        public let validation: Int
        /// Test photographs related to a training photograph.
        public let test: Int
        /// The part of ``validation`` and ``test`` in which the related photograph shows the same animal.
        public let sameAnimal: Int
        /// Test photographs related to a validation photograph.
        public let testAgainstValidation: Int
        /// Queries related to one of their matches.
        public let queries: Int
        /// The first few pairs, each with the evaluated photograph first.
        public let examples: [Pair]

        /// Whether there is no leak.
        public var isEmpty: Bool { validation + test + testAgainstValidation + queries == 0 }
        /// Whether scores are inflated. Photographs of different animals in the same second reveal nothing.
        public var matters: Bool {
            kind == .second ? sameAnimal + queries > 0 : validation + test + queries > 0
        }
    }

    /// A count out of a total.
    public struct Share: Sendable, Equatable {
        public let count: Int
        public let total: Int
        /// In `0...1`; nil if the total is 0.
        public var value: Double? { total == 0 ? nil : Double(count) / Double(total) }
    }

    /// The number of animals on each side.
    public struct Animals: Sendable, Equatable {
        /// In training, and in validation or test.
        public let onBothSides: Int
        /// In validation and test only.
        public let unseen: Int
        /// In training only.
        public let trainedOnly: Int
    }

    /// How many queries of a scenario have a match.
    public struct Answerable: Sendable, Equatable {
        public let scenario: String
        /// Queries with a match in the database.
        public let queries: Share
        /// Matches from their query's own encounter, out of all matches.
        public let sameEncounter: Share
        /// Queries whose photograph is in training.
        public let trained: Int
    }

    /// One for each kind that could be checked.
    public let leaks: [Leak]
    /// The kinds that could not be checked, because no photograph has the necessary fingerprint.
    public let unknown: [LeakKind]
    /// Training and validation photographs whose encounter spans several folds (87.1% in the competition write-up).
    public let acrossFolds: Share
    public let animals: Animals
    public let scenarios: [Answerable]
    /// The number of photographs with each role.
    public let counts: [Role: Int]

    /// The queries of all scenarios that have a match.
    public var answerable: Share {
        Share(
            count: scenarios.reduce(0) { $0 + $1.queries.count }, total: scenarios.reduce(0) { $0 + $1.queries.total })
    }

    static let examples = 3

    /// Checks every photograph of a split and every query.
    ///
    /// `fingerprints` are by image_id; without them exact duplicates are found by path only, and near-duplicates not at
    /// all. The perceptual hashes of near-duplicates differ in at most `limit` bits.
    ///
    /// - Complexity: O(photographs + scenarios' photographs), plus the search for near hashes.
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
    /// The reasons why scores are higher than they would be on new photographs, one sentence each.
    public var warnings: [String] {
        leaks.filter(\.matters).map { $0.sentence(counts) } + [foldWarning, trainedWarning].compactMap(\.self)
    }

    /// Other remarks on the scores.
    public var remarks: [String] {
        var result: [String] = []
        for leak in leaks where leak.kind == .second && !leak.matters && leak.validation + leak.test > 0 {
            let count = leak.validation + leak.test
            result.append(
                """
                \(Self.photographs(count)) in validation and test \(count == 1 ? "was" : "were") taken in the same \
                second as a training photograph of another animal.
                """)
        }
        for leak in leaks where leak.kind != .second && leak.testAgainstValidation > 0 {
            result.append(
                """
                \(leak.testAgainstValidation) of \(counts[.test] ?? 0) test photographs \(leak.kind.tie) a validation \
                photograph, so model selection indirectly saw them.
                """)
        }
        if answerable.count < answerable.total {
            let share = NumberText.percent(answerable.value ?? 0)
            let counts = "\(answerable.count) of \(answerable.total) queries (\(share))"
            result.append("\(counts) have a match; no mean includes the others.")
        }
        if unknown.contains(.nearDuplicate) {
            result.append(
                "Near-duplicates were not checked: run 'whalebook run measure' to compute the hashes they need.")
        }
        return result
    }

    /// The warning about folds that split encounters.
    private var foldWarning: String? {
        guard acrossFolds.count > 0, let share = acrossFolds.value else { return nil }
        return """
            \(NumberText.percent(share)) of the photographs in training and validation share an encounter with a \
            photograph of another fold: the validation score measures recognition of encounters, not of animals.
            """
    }

    private var trainedWarning: String? {
        let trained = scenarios.reduce(0) { $0 + $1.trained }
        guard trained > 0 else { return nil }
        return "\(trained) of \(answerable.total) queries use a training photograph."
    }

    fileprivate static func photographs(_ count: Int) -> String {
        "\(NumberText.thousands(Double(count))) photograph\(count == 1 ? "" : "s")"
    }
}

extension SplitAudit.Leak {
    /// The number of photographs affected, the total, and the first example.
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
                "\(queries) \(queries == 1 ? "query has" : "queries have") a match that \(kind.relation)")
        }
        let first = examples.first.map { " (for example \($0.imageID) and \($0.otherID))" } ?? ""
        return clauses.joined(separator: "; ") + first + "."
    }
}

extension LeakKind {
    /// A verb phrase that relates photographs to another, in the plural.
    fileprivate var tie: String {
        switch self {
        case .encounter: "share an encounter with"
        case .second: "were taken in the same second as"
        case .nearDuplicate: "are near-duplicates of"
        case .source: "are from the same file as"
        }
    }

    /// A verb phrase that relates a match to its query.
    fileprivate var relation: String {
        switch self {
        case .encounter: "is from its own encounter"
        case .second: "was taken in the same second"
        case .nearDuplicate: "is a near-duplicate of the query"
        case .source: "is from the same file"
        }
    }
}
