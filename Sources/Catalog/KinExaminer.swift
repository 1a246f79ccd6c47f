/// Counts the photographs that a kinship ties to the other side.
struct KinExaminer {
    private let photographs: [Photograph]
    /// A number for each animal; nil where nobody has named it.
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

    func leak(_ kinship: Kinship, by groups: KinGroups) -> SplitAudit.Leak {
        var examples: [SplitAudit.Pair] = []
        let trained = groups.members.map { $0.filter { sides[$0] == .train } }
        let validated = groups.members.map { $0.filter { sides[$0] == .validation } }
        let trainedByWhale = byWhale(photographs.indices.filter { sides[$0] == .train }, groups)
        var found: [Role: Int] = [:]
        var (sameAnimal, testAgainstValidation) = (0, 0)
        for (position, side) in sides.enumerated() where side == .validation || side == .test {
            if let kin = groups.kin(of: position, among: { trained[$0] }) {
                found[side, default: 0] += 1
                let own = groups.kin(of: position) { trainedByWhale[Family(group: $0, whale: whales[position])] }
                if own != nil { sameAnimal += 1 }
                note(position, own ?? kin, in: &examples)
            }
            if side == .test, groups.kin(of: position, among: { validated[$0] }) != nil { testAgainstValidation += 1 }
        }
        var queries = 0
        for scenario in scenarios {
            let database = byWhale(scenario.database, groups)
            for query in scenario.queries {
                let kin = groups.kin(of: query) { database[Family(group: $0, whale: whales[query])] }
                guard let kin else { continue }
                queries += 1
                note(query, kin, in: &examples)
            }
        }
        return SplitAudit.Leak(
            kinship: kinship, validation: found[.validation] ?? 0, test: found[.test] ?? 0, sameAnimal: sameAnimal,
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

    /// No two photographs without a name show the same animal, as far as anybody knows.
    private func byWhale(_ positions: [Int], _ groups: KinGroups) -> [Family: [Int]] {
        var result: [Family: [Int]] = [:]
        for position in positions {
            guard let group = groups.group[position], let whale = whales[position] else { continue }
            result[Family(group: group, whale: whale), default: []].append(position)
        }
        return result
    }
}
