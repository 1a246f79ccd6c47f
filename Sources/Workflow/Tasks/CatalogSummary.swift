import Basics
import Catalog

/// What a folder of photographs holds, in numbers.
public struct CatalogSummary: Sendable {
    /// What other programs read.
    public let json: JSONValue

    /// Counts a catalogue, and its scenarios where the folder brings some.
    ///
    /// - Throws: ``CatalogError`` or ``FileError`` for scenario files that do not fit the catalogue.
    public init(_ catalog: Catalog) throws {
        let photographs = catalog.photographs
        var perAnimal: [String: Int] = [:]
        var encounters: [String: Set<String>] = [:]
        for photograph in photographs {
            guard let whale = photograph.whaleID else { continue }
            perAnimal[whale, default: 0] += 1
            if let encounter = photograph.encounterID { encounters[whale, default: []].insert(encounter) }
        }
        let dates = photographs.compactMap(\.date)
        let scenarios = ScenarioFiles.exist(in: catalog.directory) ? try ScenarioFiles.read(catalog) : []
        func number(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
        let counts = perAnimal.values.sorted()
        json = [
            "photographs": number(photographs.count),
            "unlabelled": number(photographs.count { $0.whaleID == nil }),
            "animals": number(perAnimal.count),
            "encounters": number(Set(photographs.compactMap(\.encounterID)).count),
            "animals_with_one_photograph": number(counts.count { $0 == 1 }),
            "animals_with_one_encounter": number(encounters.values.count { $0.count == 1 }),
            "photographs_per_animal": [
                "median": number(counts.isEmpty ? nil : counts[counts.count / 2]), "most": number(counts.last),
            ],
            "viewpoints": .object(
                Dictionary(
                    uniqueKeysWithValues: Viewpoint.inOrder(Viewpoint.standard + photographs.map(\.viewpoint)).map {
                        viewpoint in
                        (viewpoint.rawValue, number(photographs.count { $0.viewpoint == viewpoint }))
                    })),
            "dates": [
                "first": dates.min().map(JSONValue.string) ?? .null,
                "last": dates.max().map(JSONValue.string) ?? .null,
            ],
            "sides": [
                "smallest": number(photographs.compactMap(\.sides).map { min($0.width, $0.height) }.min()),
                "largest": number(photographs.compactMap(\.sides).map { max($0.width, $0.height) }.max()),
            ],
            "scenarios": .array(
                scenarios.map { scenario in
                    [
                        "id": .string(scenario.id), "queries": number(scenario.queries.count),
                        "database": number(scenario.database.count),
                    ]
                }),
        ]
    }

    /// Lines for people.
    public var text: String {
        func word(_ path: String) -> String {
            json[path: path].flatMap { $0 == .null ? nil : $0.string ?? $0.canonicalText } ?? "unknown"
        }
        let viewpoints = json["viewpoints"]?.object?.keys.map(Viewpoint.init(_:)) ?? []
        var lines = [
            "photographs  \(word("photographs")), \(word("unlabelled")) without whale_id",
            """
            animals      \(word("animals")), \(word("animals_with_one_photograph")) with one photograph, \
            median \(word("photographs_per_animal.median")), most \(word("photographs_per_animal.most"))
            """,
            "encounters   \(word("encounters")), \(word("animals_with_one_encounter")) animals have one",
            "viewpoints   "
                + Viewpoint.inOrder(viewpoints).map { "\($0) \(word("viewpoints.\($0)"))" }
                .joined(separator: ", "),
            "dates        \(word("dates.first")) to \(word("dates.last"))",
            "sides        \(word("sides.smallest")) to \(word("sides.largest")) pixels",
        ]
        let scenarios = json["scenarios"]?.array ?? []
        if scenarios.isEmpty { lines.append("scenarios    none; they are built from the metadata") }
        for (position, scenario) in scenarios.enumerated() {
            let id = scenario["id"]?.string ?? ""
            let counts = "\(scenario["queries"]?.integer ?? 0) queries, database \(scenario["database"]?.integer ?? 0)"
            lines.append("\(position == 0 ? "scenarios   " : "            ") \(id): \(counts)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
