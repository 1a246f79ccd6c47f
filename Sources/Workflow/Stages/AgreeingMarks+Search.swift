import Algorithms
import Configuration
import Evaluation
import Marks
import Results
import Retrieval

/// Matches the marks of photographs of one view with one another, to question their names.
struct NameMarks {
    private let photographs: [NamedPhotograph]
    private let search: LocalSearch

    /// Besides all of its own name, each photograph is matched with this many of its view, which the networks find most
    /// similar. On the drawn pod this finds 311 of 325 of the likeliest mistakes; matching all pairs, 307.
    static let shortlist = 100
    /// The photographs, from the whole catalogue, that are matched first: they can show that the others need not be.
    private static let sample = 128

    /// Prepares to match `features`.
    ///
    /// - Throws: ``MatchingError``.
    init(_ photographs: [NamedPhotograph], _ features: MarkedPhotographs) throws {
        self.photographs = photographs
        search = try LocalSearch(features, features, MatchSettings())
    }

    /// How many marks agree, of photographs with embeddings in the rows of `matrix`; nil if that shows nothing.
    ///
    /// If the first photographs show that already, the others are not matched.
    ///
    /// - Throws: `FileError` for a photograph without marks; ``RetrievalError``; errors of `progress`.
    /// - Complexity: O(photographs · (shortlist + photographs of an animal) · marks²) time.
    func agreement(_ matrix: EmbeddingMatrix, progress: (RunProgress) throws -> Void) throws -> AgreeingMarks? {
        let ids = photographs.map(\.id)
        let first = Array(stride(from: 0, to: ids.count, by: max(1, ids.count / Self.sample)))
        let order = first + Set(ids.indices).subtracting(first).sorted()
        let shortlists = try Self.once(shortlists(matrix), in: order)
        let pairs = PhotographPairs(queries: order.map { ids[$0] }, database: ids)
        var found: [AgreeingMarks.Pair] = []
        for range in order.indices.chunks(ofCount: LocalSearch.block) {
            let others = order[range].map { shortlists[$0] }
            let counts = try search.agreeing(of: pairs, queries: range, with: others)
            for (query, (others, counts)) in zip(order[range], zip(others, counts)) {
                found += zip(others, counts).filter { $1 > 0 }.map { .init(one: query, other: $0, count: $1) }
            }
            try progress(RunProgress(done: range.upperBound, total: ids.count, unit: "photographs"))
            let isSampled = range.contains(Self.sample - 1)
            if isSampled,
                AgreeingMarks.failToTellApart(photographs, asked: Array(order[..<range.upperBound]), pairs: found)
            {
                return nil
            }
        }
        return AgreeingMarks(photographs, pairs: found)
    }

    /// The shortlists with each pair once, at the photograph that comes first in `order`.
    private static func once(_ shortlists: [[Int]], in order: [Int]) -> [[Int]] {
        var places = Array(repeating: 0, count: order.count)
        for (place, photograph) in order.enumerated() { places[photograph] = place }
        var result = shortlists.map { _ in Set<Int>() }
        for (photograph, others) in shortlists.enumerated() {
            for other in others {
                let isFirst = places[photograph] < places[other]
                result[isFirst ? photograph : other].insert(isFirst ? other : photograph)
            }
        }
        return result.map { $0.sorted() }
    }

    /// The suspicion with the marks that agree in the photographs that it compares.
    func counted(_ suspect: IdentitySuspect) throws -> IdentitySuspect {
        guard let rival = suspect.rival, let comparison = rival.comparison else { return suspect }
        func agreeing(_ other: String) throws -> Int {
            let matches = try search.matches(of: comparison.imageID, with: other, count: MatchedMark.limit)
            return MarkAgreement(matches).agreeing.count
        }
        var counted = suspect
        counted.rival?.comparison?.agreeing = try agreeing(rival.imageID)
        counted.rival?.comparison?.keptAgreeing = try comparison.keptImageID.map(agreeing)
        return counted
    }

    /// For each photograph those of its view and of other encounters to match, ascending.
    private func shortlists(_ matrix: EmbeddingMatrix) throws -> [[Int]] {
        var result = photographs.map { _ in [Int]() }
        for members in Dictionary(grouping: photographs.indices, by: { photographs[$0].viewpoint }).values {
            let part = try matrix.selecting(rows: members)
            let set = try RetrievalSet(queries: part, database: part, ownRows: Array(members.indices))
            let near = try set.neighbours(count: Self.shortlist)
            let byName = Dictionary(grouping: members) { photographs[$0].whaleID }
            for (member, near) in zip(members, near) {
                let photograph = photographs[member]
                let wanted = Set(near.map { members[$0.row] } + (byName[photograph.whaleID] ?? []))
                result[member] = wanted.filter {
                    $0 != member
                        && (photograph.encounterID == nil || photographs[$0].encounterID != photograph.encounterID)
                }.sorted()
            }
        }
        return result
    }
}
