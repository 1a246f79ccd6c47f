import Catalog
import Evaluation
import Retrieval

/// Collects how near photographs come to their own animal and to the nearest other one, by plain similarity.
struct NoveltySearch {
    let catalog: Catalog
    /// The animal of each photograph, where it is known.
    let whales: [String: String]

    /// The queries of a scenario against its database.
    ///
    /// - Parameter set: The scenario's queries and database, as they are embedded.
    func samples(of scenario: Scenario, in set: RetrievalSet) throws -> [NoveltySample] {
        try samples(
            .test, scenario.queries.map { ($0.id, $0.imageID) }, database: scenario.database, set: set, families: nil)
    }

    /// Every photograph of validation against those of training and validation, its own encounter left out.
    ///
    /// - Throws: ``RetrievalError``; ``FileError`` for a photograph without an embedding.
    func validation(_ split: Split, rows: EmbeddingRows) throws -> [NoveltySample] {
        let queries = split.images(.validation)
        let database = split.images(.train) + queries
        guard !queries.isEmpty else { return [] }
        let places = Dictionary(database.enumerated().map { ($1, $0) }) { first, _ in first }
        let set = try RetrievalSet(
            queries: rows.matrix(of: queries), database: rows.matrix(of: database), ownRows: queries.map { places[$0] })
        var encounters: [String: Int] = [:]
        for photograph in catalog.photographs {
            guard let encounter = photograph.encounterID, encounters[encounter] == nil else { continue }
            encounters[encounter] = encounters.count
        }
        func family(_ id: String) -> Int? { catalog[id]?.encounterID.flatMap { encounters[$0] } }
        return try samples(
            .validation, queries.map { ($0, $0) }, database: database, set: set,
            families: (queries.map(family), database.map(family)))
    }

    private func samples(
        _ part: NoveltySample.Part, _ queries: [(id: String, imageID: String)], database: [String], set: RetrievalSet,
        families: (queries: [Int?], database: [Int?])?
    ) throws -> [NoveltySample] {
        let animals = Set(database.compactMap { whales[$0] }).sorted()
        let position = Dictionary(uniqueKeysWithValues: animals.enumerated().map { ($1, $0) })
        let groups = database.map { whales[$0].flatMap { position[$0] } }
        let nearest = try set.nearest(inGroups: groups, count: animals.count, families: families)
        return zip(queries, nearest).map { query, found in
            let own = whales[query.imageID].flatMap { position[$0] }
            func match(_ animal: Int?) -> NoveltySample.Match? {
                guard let animal, let neighbour = found[animal] else { return nil }
                return .init(
                    imageID: database[neighbour.row], whaleID: animals[animal], score: Double(neighbour.score))
            }
            let others = animals.indices.filter { $0 != own && found[$0] != nil }
            let best = others.max { (found[$0]?.score ?? 0, $1) < (found[$1]?.score ?? 0, $0) }
            return NoveltySample(
                part: part, queryID: query.id, imageID: query.imageID, whaleID: whales[query.imageID] ?? "",
                own: match(own), other: match(best))
        }
    }
}
