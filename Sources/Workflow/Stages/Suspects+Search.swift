import Catalog
import Evaluation
import Marks
import Results
import Retrieval

/// What a search shows about names.
struct SuspectSearch {
    let suspects: [IdentitySuspect]
    let summary: SuspectSummary
    /// How similar each photograph is to the others of its animal and view.
    let typical: [TypicalPhotograph]

    /// Finds names to check among all photographs with a name: by matched marks, and by plain similarity unless the
    /// marks contradict or the similarity ranks too poorly.
    ///
    /// - Parameters:
    ///   - catalog: The photographs.
    ///   - whales: The animal of each photograph, if it is known.
    ///   - rows: The embeddings.
    ///   - trained: The photographs that trained a model.
    ///   - rankings: The queries with what they returned.
    ///   - features: The marks; nil if marks are not matched.
    ///   - progress: Receives the progress of matching.
    /// - Throws: ``RetrievalError``; `FileError` for a photograph without marks; errors of `progress`.
    /// - Complexity: O(photographs²) time, O(photographs · (block + animals)) memory.
    init(
        in catalog: Catalog, whales: [String: String], rows: EmbeddingRows, trained: Set<String>, rankings: Rankings,
        features: MarkedPhotographs?, progress: (RunProgress) throws -> Void
    ) throws {
        let photographs = catalog.photographs.filter { rows.has($0.id) }.compactMap { photograph in
            whales[photograph.id].map {
                NamedPhotograph(
                    id: photograph.id, whaleID: $0, encounterID: photograph.encounterID,
                    viewpoint: photograph.viewpoint.rawValue)
            }
        }
        let matrix = try rows.matrix(of: photographs.map(\.id))
        let animals = Set(photographs.map(\.whaleID)).sorted()
        let search = RelatedSearch(photographs: photographs, matrix: matrix, animals: animals)
        var inView = Array(repeating: [RelatedPhotographs.Near?](), count: photographs.count)
        for members in Dictionary(grouping: photographs.indices, by: { photographs[$0].viewpoint }).values {
            for (member, found) in zip(members, try search.nearest(among: members)) { inView[member] = found }
        }
        let related = RelatedPhotographs(
            photographs: photographs, animals: animals, nearest: try search.nearest(among: Array(photographs.indices)),
            nearestInView: inView, similarity: { matrix.similarity($0, $1) })
        let quality = RankingQuality(related, trained: trained)
        let marks = try features.map { try NameMarks(photographs, $0) }
        let agreement = try marks?.agreement(matrix, progress: progress)
        let clear = agreement.map { related.markSuspects($0) } ?? []
        let groups =
            quality.reason == nil ? related.mergeSuspects() + related.splitSuspects(besides: clear) : []
        let singles = quality.reason == nil ? related.singleSuspects(rankings, besides: clear + groups) : []
        let rest = (groups + singles).filter { suspect in
            agreement.map { !related.contradict(suspect, by: $0) } ?? true
        }
        suspects = try (clear + rest).map { try marks?.counted($0) ?? $0 }
        summary = SuspectSummary(quality, marks: agreement?.check)
        typical = related.typicalPhotographs()
    }
}

/// Finds each animal's nearest photograph to each photograph, outside its own encounter.
private struct RelatedSearch {
    let photographs: [NamedPhotograph]
    let matrix: EmbeddingMatrix
    let animals: [String]

    /// Compares the photographs at these positions with one another.
    ///
    /// - Returns: For each, its nearest photograph of every animal, or nil if there is none.
    func nearest(among members: [Int]) throws -> [[RelatedPhotographs.Near?]] {
        let part = try matrix.selecting(rows: members)
        let set = try RetrievalSet(queries: part, database: part, ownRows: Array(members.indices))
        let number = Dictionary(uniqueKeysWithValues: animals.enumerated().map { ($1, $0) })
        let encounters = Set(members.compactMap { photographs[$0].encounterID }).sorted()
        let encounter = Dictionary(uniqueKeysWithValues: encounters.enumerated().map { ($1, $0) })
        let families = members.map { photographs[$0].encounterID.flatMap { encounter[$0] } }
        return try set.nearest(
            inGroups: members.map { number[photographs[$0].whaleID] }, count: animals.count,
            families: (families, families)
        ).map { row in row.map { near in near.map { .init(position: members[$0.row], score: Double($0.score)) } } }
    }
}

/// Collects how near photographs are to their own animal and to the nearest other one, by plain similarity.
struct NoveltySearch {
    let catalog: Catalog
    /// The animal of each photograph, if it is known.
    let whales: [String: String]

    /// The queries of a scenario against its database; `set` has the embeddings of both.
    func samples(of scenario: Scenario, in set: RetrievalSet) throws -> [NoveltySample] {
        try samples(
            .test, scenario.queries.map { ($0.id, $0.imageID) }, database: scenario.database, set: set, families: nil)
    }

    /// Every validation photograph against those of training and validation, outside its own encounter.
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
