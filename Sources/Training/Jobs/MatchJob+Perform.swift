import Basics
import Foundation
import Jobs
import Marks
import Networks
import Results
import Retrieval
import Torch

extension MatchJob {
    /// Scores every pair and writes the tables.
    ///
    /// Processes can share the queries: each scores a contiguous part of every comparison's, block by block. The tables
    /// are those of one process, since a query's scores do not depend on the others; rank 0 writes them. The processes
    /// do not divide the database: its marks are in a mapped file and take no memory of a process, and merging the
    /// nearest marks of all parts would send as much as the scores themselves, and again for the matches to verify.
    ///
    /// - Throws: `FileError`, `MatchingError`, `RetrievalError`, `TorchError`.
    public func perform(sharedBy ranks: RankGroup? = nil, report: (Event) -> Void) throws {
        // libtorch only passes on the scores.
        ProductThreads.allow()
        let marks = try MarkedPhotographs(URL(filePath: features))
        let search = try LocalSearch(marks, marks, settings)
        let comparisons = try tables.map { table in
            try JSONDecoder().decode(
                [PhotographPairs].self, from: FileError.contents(of: URL(filePath: table.pairs)))
        }
        let total = comparisons.joined().reduce(0) { $0 + $1.queries.count }
        let pace = ranks.map(RankPace.init)
        let start = ContinuousClock.now
        var done = 0
        func progress(_ count: Int) {
            done += count
            report(
                .progress(
                    done: done, total: total, unit: "queries", rate: Double(done) / start.elapsedSeconds, note: nil))
        }
        for (table, comparisons) in zip(tables, comparisons) {
            let scores = try comparisons.flatMap { pairs in
                try ranks.map { try $0.scores(of: pairs, by: search, pace, progress) }
                    ?? search.scores(of: pairs, progress: progress)
            }
            if ranks.lead { try NPYMatrix(localScores: scores).write(to: URL(filePath: table.output)) }
        }
        if let remark = try pace?.remark() { report(.message(remark)) }
        report(.finished(facts: .object([:])))
    }
}

extension RankGroup {
    /// The scores of every pair, on rank 0; the others keep none.
    fileprivate func scores(
        of pairs: PhotographPairs, by search: LocalSearch, _ pace: RankPace?, _ progress: (Int) -> Void
    ) throws -> [Float] {
        let parts = (0..<place.count).map {
            BatchPart(of: pairs.queries.count, rank: $0, processes: place.count).rows
        }
        let width = pairs.database.count * LocalScores.columns
        var values = place.rank == 0 ? Array(repeating: Float(0), count: pairs.queries.count * width) : []
        // The first part is the longest.
        for start in stride(from: 0, to: parts[0].count, by: LocalSearch.block) {
            let blocks = parts.map { $0.dropFirst(start).prefix(LocalSearch.block) }
            pace?.begin()
            let own = try search.scores(of: pairs, queries: blocks[place.rank])
            pace?.end()
            let size = blocks[0].count * width
            let padded = own + Array(repeating: 0, count: size - own.count)
            let all = try processes.gathered(Tensor(padded, shape: [size])).floats()
            if place.rank == 0 {
                for (rank, block) in blocks.enumerated() {
                    values.replaceSubrange(
                        block.lowerBound * width..<block.upperBound * width,
                        with: all[rank * size..<rank * size + block.count * width])
                }
            }
            progress(blocks.reduce(0) { $0 + $1.count })
        }
        return values
    }
}
