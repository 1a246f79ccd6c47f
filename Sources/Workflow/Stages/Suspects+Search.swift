import Catalog
import Evaluation
import Retrieval

extension IdentitySuspect {
    /// Looks for names that are likely wrong among all photographs whose animal has one, by plain similarity; finds none
    /// where the similarity ranks too poorly to doubt names by it.
    ///
    /// - Parameter trained: The photographs that trained a model.
    /// - Throws: ``RetrievalError``.
    /// - Complexity: O(photographs²) time, O(photographs · (block + animals)) memory.
    static func found(
        in catalog: Catalog, whales: [String: String], rows: EmbeddingRows, trained: Set<String>
    ) throws -> (suspects: [IdentitySuspect], quality: RankingQuality) {
        let photographs = catalog.photographs.filter { rows.has($0.id) }.compactMap { photograph in
            whales[photograph.id].map {
                NamedPhotograph(
                    id: photograph.id, whaleID: $0, encounterID: photograph.encounterID,
                    viewpoint: photograph.viewpoint.rawValue)
            }
        }
        let matrix = try rows.matrix(of: photographs.map(\.id))
        let animals = Set(photographs.map(\.whaleID)).sorted()
        let search = KinSearch(photographs: photographs, matrix: matrix, animals: animals)
        var inView = Array(repeating: [PhotographKinship.Near?](), count: photographs.count)
        for members in Dictionary(grouping: photographs.indices, by: { photographs[$0].viewpoint }).values {
            for (member, found) in zip(members, try search.nearest(among: members)) { inView[member] = found }
        }
        let kinship = PhotographKinship(
            photographs: photographs, animals: animals, nearest: try search.nearest(among: Array(photographs.indices)),
            nearestInView: inView, similarity: { matrix.similarity($0, $1) })
        let quality = RankingQuality(kinship, trained: trained)
        return (quality.reason == nil ? kinship.mergeSuspects() + kinship.splitSuspects() : [], quality)
    }
}

/// Finds each animal's nearest photograph to each photograph, those of its own encounter left out.
private struct KinSearch {
    let photographs: [NamedPhotograph]
    let matrix: EmbeddingMatrix
    let animals: [String]

    /// - Parameter members: The positions of the photographs that ask and answer.
    func nearest(among members: [Int]) throws -> [[PhotographKinship.Near?]] {
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
