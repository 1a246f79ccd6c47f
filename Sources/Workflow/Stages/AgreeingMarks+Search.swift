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
    /// similar. On the drawn pod, matching all pairs finds no more of the likeliest mistakes (309 of 325, and 311).
    static let shortlist = 100
    /// The photographs matched between two reports of progress.
    private static let block = 64
    /// The photographs, from the whole catalogue, that are matched first: they can show that the others need not be.
    private static let sample = 128

    /// Prepares to match `features`.
    ///
    /// - Throws: ``MatchingError``.
    init(_ photographs: [NamedPhotograph], _ features: MarkedPhotographs) throws {
        self.photographs = photographs
        var settings = MatchSettings()
        settings.verify = .on
        // Every pair counts, not only the best.
        settings.verified = photographs.count
        search = try LocalSearch(features, features, settings)
    }

    /// How many marks agree, of photographs with embeddings in the rows of `matrix`; nil if that shows nothing.
    ///
    /// If the first photographs show that already, the others are not matched.
    ///
    /// - Throws: `FileError` for a photograph without marks; ``RetrievalError``; errors of `progress`.
    /// - Complexity: O(photographs · (shortlist + photographs of an animal) · marks²) time.
    func agreement(_ matrix: EmbeddingMatrix, progress: (RunProgress) throws -> Void) throws -> AgreeingMarks? {
        let ids = photographs.map(\.id)
        let shortlists = try shortlists(matrix)
        let first = Array(stride(from: 0, to: ids.count, by: max(1, ids.count / Self.sample)))
        let order = first + Set(ids.indices).subtracting(first).sorted()
        let pairs = PhotographPairs(
            queries: order.map { ids[$0] }, database: ids, shortlist: order.map { shortlists[$0] })
        var found: [AgreeingMarks.Pair] = []
        for range in order.indices.chunks(ofCount: Self.block) {
            let scores = try search.scores(of: pairs, queries: range)
            for (row, query) in order[range].enumerated() {
                for other in shortlists[query] {
                    let count = scores[(row * ids.count + other) * LocalScores.columns + 1]
                    if count > 0 { found.append(.init(one: query, other: other, count: Int(count))) }
                }
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
