/// How photographs are so closely related that one reveals the animal in the other.
public enum LeakKind: String, Sendable, CaseIterable {
    /// Same encounter: the same light, water and pose.
    case encounter
    /// Same second.
    case second
    /// Almost the same picture.
    case nearDuplicate = "near-duplicate"
    /// Same file: identical bytes, or crops of one file.
    case source

    /// The human-readable name, as in `shares …`.
    public var noun: String {
        switch self {
        case .encounter: "encounter"
        case .second: "second"
        case .nearDuplicate: "near-duplicate"
        case .source: "source file"
        }
    }
}

/// The photographs of a catalogue, grouped by one kind of relation.
struct RelatedGroups {
    /// Positions in the catalogue.
    private(set) var members: [[Int]] = []
    /// For each group, its own position and those of near groups.
    private(set) var near: [[Int]] = []
    /// The group of each photograph; nil if unknown.
    private(set) var group: [Int?]
    /// The source of each photograph: photographs from one source are not near-duplicates but the same.
    private let source: [String]?

    /// Groups photographs; the perceptual hashes of near-duplicates differ in at most `limit` bits.
    init(_ kind: LeakKind, of photographs: [Photograph], fingerprints: [String: Fingerprint], limit: Int) {
        func sources() -> [String] { photographs.map { fingerprints[$0.id]?.digest ?? "path \($0.path)" } }
        group = Array(repeating: nil, count: photographs.count)
        switch kind {
        case .encounter:
            source = nil
            collect(photographs.map(\.encounterID))
        case .second:
            source = nil
            collect(photographs.map(\.second))
        case .source:
            source = nil
            collect(sources())
        case .nearDuplicate:
            source = sources()
            let hashes = collect(photographs.map { fingerprints[$0.id]?.perceptualHash })
            for (group, others) in HammingNeighbours.neighbours(of: hashes, within: limit).enumerated() {
                near[group] += others
            }
        }
    }

    /// - Returns: The key of each new group.
    @discardableResult private mutating func collect<Key: Hashable>(_ keys: [Key?]) -> [Key] {
        var groups: [Key: Int] = [:]
        var order: [Key] = []
        for (position, key) in keys.enumerated() {
            guard let key else { continue }
            let place = groups[key] ?? members.count
            if place == members.count {
                groups[key] = place
                order.append(key)
                members.append([])
                near.append([place])
            }
            members[place].append(position)
            group[position] = place
        }
        return order
    }

    /// The first photograph related to the one at `position`, from the candidates of its group and of near groups.
    func related(to position: Int, among candidates: (_ group: Int) -> [Int]?) -> Int? {
        guard let group = group[position] else { return nil }
        for place in near[group] {
            let found = candidates(place)?.first { $0 != position && !isSameSource($0, position) }
            if let found { return found }
        }
        return nil
    }

    private func isSameSource(_ one: Int, _ other: Int) -> Bool { source.map { $0[one] == $0[other] } ?? false }
}

extension Photograph {
    /// The second it was taken, or nil if only the minute is known.
    fileprivate var second: String? {
        guard let timestamp, timestamp.utf8.count >= 19 else { return nil }
        return String(timestamp.prefix(19)).replacing("T", with: " ")
    }
}

/// Counts the photographs with a relation to the other side.
struct LeakFinder {
    private let photographs: [Photograph]
    /// A number for each animal; nil if unnamed.
    private let whales: [Int?]
    private let sides: [Role]
    private let scenarios: [(queries: [Int], database: [Int])]

    init(_ catalog: Catalog, sides: [Role], scenarios: [Scenario]) {
        photographs = catalog.photographs
        var numbers: [String: Int] = [:]
        whales = photographs.map { photograph in
            photograph.whaleID.map { whale in
                let number = numbers[whale] ?? numbers.count
                numbers[whale] = number
                return number
            }
        }
        self.sides = sides
        self.scenarios = scenarios.map { scenario in
            (
                scenario.queries.compactMap { catalog.position(of: $0.imageID) },
                scenario.database.compactMap(catalog.position)
            )
        }
    }

    func leak(_ kind: LeakKind, by groups: RelatedGroups) -> SplitAudit.Leak {
        var examples: [SplitAudit.Pair] = []
        let trained = groups.members.map { $0.filter { sides[$0] == .train } }
        let validated = groups.members.map { $0.filter { sides[$0] == .validation } }
        let trainedByWhale = byWhale(photographs.indices.filter { sides[$0] == .train }, groups)
        var found: [Role: Int] = [:]
        var (sameAnimal, testAgainstValidation) = (0, 0)
        for (position, side) in sides.enumerated() where side == .validation || side == .test {
            if let related = groups.related(to: position, among: { trained[$0] }) {
                found[side, default: 0] += 1
                let own = groups.related(to: position) { trainedByWhale[Family(group: $0, whale: whales[position])] }
                if own != nil { sameAnimal += 1 }
                note(position, own ?? related, in: &examples)
            }
            if side == .test, groups.related(to: position, among: { validated[$0] }) != nil {
                testAgainstValidation += 1
            }
        }
        var queries = 0
        for scenario in scenarios {
            let database = byWhale(scenario.database, groups)
            for query in scenario.queries {
                let related = groups.related(to: query) { database[Family(group: $0, whale: whales[query])] }
                guard let related else { continue }
                queries += 1
                note(query, related, in: &examples)
            }
        }
        return SplitAudit.Leak(
            kind: kind, validation: found[.validation] ?? 0, test: found[.test] ?? 0, sameAnimal: sameAnimal,
            testAgainstValidation: testAgainstValidation, queries: queries, examples: examples)
    }

    private func note(_ one: Int, _ other: Int, in examples: inout [SplitAudit.Pair]) {
        let pair = SplitAudit.Pair(imageID: photographs[one].id, otherID: photographs[other].id)
        if examples.count < SplitAudit.examples, !examples.contains(pair) { examples.append(pair) }
    }

    private struct Family: Hashable {
        let group: Int
        let whale: Int?
    }

    /// Groups by animal. Photographs of unnamed animals are left out, because nothing shows that two are the same.
    private func byWhale(_ positions: [Int], _ groups: RelatedGroups) -> [Family: [Int]] {
        var result: [Family: [Int]] = [:]
        for position in positions {
            guard let group = groups.group[position], let whale = whales[position] else { continue }
            result[Family(group: group, whale: whale), default: []].append(position)
        }
        return result
    }
}
