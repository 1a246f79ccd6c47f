import Basics
import Foundation
import Testing

@testable import Matching

struct MutualMatchesTests {
    /// Every mutual match, since no cosine is lower.
    private static let all = MutualRule.cosine(atLeast: -2)

    @Test func `Matches are NumPy's`() throws {
        let golden = try Golden()
        let set = try golden.set()
        let found = try set.mutualMatches(Self.all, with: [[0, 1, 2, 3, 4]])[0]
        let wanted = golden.values[path: "mutual"]?.array ?? []
        #expect(wanted.count == 5)
        for (found, wanted) in zip(found, wanted.map { $0.array ?? [] }) {
            #expect(found.count == wanted.count)
            for (match, wanted) in zip(found, wanted) {
                #expect(match.query == wanted[path: "query"]?.integer)
                #expect(match.database == wanted[path: "database"]?.integer)
                // Cosines in single precision; the ratio's error is that of the cosine over the squared distance.
                #expect(abs(match.cosine - (wanted[path: "cosine"]?.double ?? 0)) < 2e-7)
                let ratio = wanted[path: "ratio"]?.double
                #expect((match.ratio == nil) == (ratio == nil))
                if let ratio, let found = match.ratio { #expect(abs(found - ratio) < 2e-6) }
            }
        }
        let counts = try set.mutualCounts(.ratio(below: 0.8))
        #expect(counts == [found.map { $0.count { $0.ratio ?? 1 < 0.8 } }])
    }

    private static func naive(_ queries: Made, _ query: Int, _ database: Made, _ photograph: Int) -> [(Int, Int)] {
        let cosines = (0..<queries.count(query)).map { queries.cosines((query, $0), database, photograph) }
        return cosines.enumerated().compactMap { row, similar in
            guard let best = similar.indices.max(by: { (similar[$0], $1) < (similar[$1], $0) }) else { return nil }
            let nearest = cosines.indices.max { (cosines[$0][best], $1) < (cosines[$1][best], $0) }
            return nearest == row ? (row, best) : nil
        }
    }

    @Test func `Matches are those of the definition, whatever the tiles`() throws {
        let queries = Made([40, 0, 1, 7], seed: 8), database = Made([1, 0, 2, 16, 17, 33, 70], seed: 9)
        var set = try MatchSet(queries: queries.set(), database: database.set(), ownPhotographs: [6, nil, nil, nil])
        let everything = Array(repeating: Array(0..<7), count: 4)
        let found = try set.mutualMatches(Self.all, with: everything)
        for query in 0..<4 {
            for photograph in 0..<7 where photograph != set.ownPhotographs[query] {
                let wanted = Self.naive(queries, query, database, photograph)
                #expect(found[query][photograph].map(\.query) == wanted.map(\.0))
                #expect(found[query][photograph].map(\.database) == wanted.map(\.1))
            }
        }
        #expect(found[0][6].isEmpty)
        #expect(found[0][0].map(\.ratio) == [nil])
        for (rows, columns, allowsBytes) in [
            (1, 1, true), (6, 20, true), (39, 100, true), (1024, 1024, false), (6, 20, false),
        ] {
            set.tile = ProductTiles.Size(rows: rows, columns: columns)
            set.allowsByteProducts = allowsBytes
            #expect(try set.mutualMatches(Self.all, with: everything) == found)
            #expect(try set.mutualCounts(Self.all) == found.map { $0.map(\.count) })
        }
        #expect(try set.mutualMatches(Self.all, with: [[5, 0], [], [2, 2], []])[2] == [found[2][2], found[2][2]])
    }

    @Test func `Each rule counts what it says`() throws {
        let queries = Made([30], seed: 3), database = Made([30], seed: 4)
        let set = try MatchSet(queries: queries.set(), database: database.set())
        let all = try set.mutualMatches(Self.all, with: [[0]])[0][0]
        let limits = [0.9, 0.95, 0.99]
        for limit in limits {
            #expect(try set.mutualCounts(.ratio(below: limit)) == [[all.count { $0.ratio! < limit }]])
            #expect(try set.mutualCounts(.cosine(atLeast: limit)) == [[all.count { $0.cosine >= limit }]])
        }
        #expect(!all.isEmpty && all.allSatisfy { (0...1).contains($0.ratio!) })
    }

    @Test func `Equal descriptors match once, the first with the first`() throws {
        let row: [UInt8] = [9, 1, 0, 4]
        let queries = try DescriptorSet(columns: 4, bytes: [Data(row + row)])
        let database = try DescriptorSet(columns: 4, bytes: [Data(row + row + [0, 0, 7, 0])])
        let found = try MatchSet(queries: queries, database: database).mutualMatches(Self.all, with: [[0]])[0][0]
        #expect(found.count == 1)
        #expect(found.first?.query == 0 && found.first?.database == 0)
        // The second is as near, so the match is not distinctive.
        #expect(found.first?.ratio == 1)
    }

    @Test func `A photograph with one descriptor has no ratio`() throws {
        let one = try DescriptorSet(columns: 2, bytes: [Data([3, 4])])
        let set = try MatchSet(queries: one, database: one)
        #expect(try set.mutualCounts(.ratio(below: 1)) == [[0]])
        let found = try set.mutualMatches(Self.all, with: [[0]])[0][0]
        #expect(found.map(\.ratio) == [nil])
        #expect(abs((found.first?.cosine ?? 0) - 1) < 1e-6)
    }
}
