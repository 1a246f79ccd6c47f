import Algorithms
import Catalog
import Evaluation
import Marks
import Results

/// The pairs of photographs whose matched marks a report shows for comparison: a usual correct first match, and of animals
/// that are mistaken for each other the photographs whose marks agree most.
struct ComparedPhotographs {
    let search: LocalSearch
    let catalog: Catalog

    /// The most photographs of an animal and view that are compared, which bounds the work.
    private static let photographs = 10
    /// The most pairs of animals.
    private static let animals = 12

    /// The matches of two photographs.
    func matches(of query: String, with other: String) throws -> [MatchedMark] {
        try search.matches(of: query, with: other, count: MatchedMark.limit).map {
            MatchedMark(queryImageID: query, imageID: other, match: $0)
        }
    }

    /// The matches of the first match that is usual for a correct one; none without one.
    func typical(_ matches: [FirstMatch], _ queries: [QueryRow]) throws -> [MatchedMark] {
        guard let typical = matches.typical, let query = queries.first(where: { $0.id == typical.queryID }) else {
            return []
        }
        return try self.matches(of: query.imageID, with: typical.imageID)
    }

    /// The matches, for each pair of animals, of the two photographs of one view with the most agreement.
    func mostAlike(_ pairs: [ConfusedPair]) throws -> [MatchedMark] {
        try pairs.prefix(Self.animals).flatMap { pair in
            let (one, other) = (byView(pair.whaleID), byView(pair.otherWhaleID))
            let candidates = Viewpoint.inOrder(one.keys).filter { $0 != .unknown }.flatMap { view in
                Array(product(one[view] ?? [], other[view] ?? []))
            }
            var best: (agreeing: Int, matches: [MatchedMark])?
            for (first, second) in candidates {
                let found = try matches(of: first, with: second)
                let agreeing = MarkAgreement(found.map(\.match)).agreeing.count
                if !found.isEmpty, agreeing > best?.agreeing ?? -1 { best = (agreeing, found) }
            }
            return best?.matches ?? []
        }
    }

    /// The first photographs of each view of an animal.
    private func byView(_ animal: String) -> [Viewpoint: [String]] {
        Dictionary(grouping: catalog.photographs.filter { $0.whaleID == animal }, by: \.viewpoint)
            .mapValues { Array($0.map(\.id).sorted().prefix(Self.photographs)) }
    }
}
