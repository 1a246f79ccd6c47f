import Basics
import Foundation
import Testing

@testable import Matching

struct LNBNNTests {
    @Test(arguments: [1, 3]) func `Scores are NumPy's`(neighbours: Int) throws {
        let golden = try Golden()
        let wanted = golden.numbers("lnbnn.\(neighbours)")
        #expect(wanted.count == 5)
        let scores = try LNBNN(neighbours: neighbours).scores(golden.set())
        #expect(scores.count == 1)
        // Eleven descriptors, each with a cosine in single precision.
        for (score, wanted) in zip(scores[0], wanted) { #expect(abs(score - wanted) < 11 * 4 * 6e-8) }
    }

    private static func naive(_ queries: Made, _ database: Made, _ neighbours: Int, _ own: [Int?]) -> [[Double]] {
        queries.photographs.indices.map { query in
            var scores = database.photographs.map { _ in 0.0 }
            for row in 0..<queries.count(query) {
                let best = database.photographs.indices.filter { $0 != own[query] && database.count($0) > 0 }.map {
                    (photograph: $0, cosine: queries.cosines((query, row), database, $0).max() ?? 0)
                }.sorted { ($1.cosine, $0.photograph) < ($0.cosine, $1.photograph) }
                guard let last = best.prefix(neighbours + 1).last else { continue }
                for entry in best.prefix(neighbours) { scores[entry.photograph] += 2 * (entry.cosine - last.cosine) }
            }
            return scores
        }
    }

    /// Photographs without descriptors, with one, and around the sizes of the selection's steps.
    private static let counts = [3, 0, 1, 15, 16, 17, 0, 31, 32, 33, 47, 48, 49, 64, 65, 100]

    @Test func `Scores are those of the definition`() throws {
        let queries = Made([5, 0, 40, 1], seed: 1), database = Made(Self.counts, seed: 2)
        let own: [Int?] = [nil, 3, 4, 0]
        for neighbours in [1, 5, 13, 14, 20] {
            let set = try MatchSet(queries: queries.set(), database: database.set(), ownPhotographs: own)
            let scores = try LNBNN(neighbours: neighbours).scores(set)
            for (found, wanted) in zip(scores, Self.naive(queries, database, neighbours, own)) {
                #expect(found.count == wanted.count)
                // Each of up to 40 descriptors adds a difference of cosines in single precision.
                for (found, wanted) in zip(found, wanted) { #expect(abs(found - wanted) < 40 * 4 * 6e-8) }
            }
            #expect(scores[1].allSatisfy { $0 == 0 })
            #expect(scores[2][4] == 0)
        }
    }

    @Test(arguments: [(1, 1), (7, 3), (16, 40), (41, 1000), (1000, 17)])
    func `Scores do not depend on tiles`(rows: Int, columns: Int) throws {
        let queries = Made([5, 0, 40, 1], columns: 128, seed: 1), database = Made(Self.counts, columns: 128, seed: 2)
        var set = try MatchSet(queries: queries.set(), database: database.set())
        let wanted = try LNBNN().scores(set)
        set.tile = ProductTiles.Size(rows: rows, columns: columns)
        #expect(try LNBNN().scores(set) == wanted)
        set.allowsByteProducts = false
        #expect(try LNBNN().scores(set) == wanted)
        #expect(try LNBNN().scores(set, queries: 2..<4) == Array(wanted[2..<4]))
    }

    @Test func `Products of bytes are exact`() throws {
        let query = [UInt8](repeating: 255, count: 256)
        let near = [UInt8](repeating: 255, count: 255) + [251], far = (0..<256).map { UInt8(255 - $0 % 7) }
        func product(_ x: [UInt8], _ y: [UInt8]) -> Int { zip(x, y).reduce(0) { $0 + Int($1.0) * Int($1.1) } }
        func scale(_ x: [UInt8]) -> Float { Float(1 / Double(product(x, x)).squareRoot()) }
        func cosine(_ x: [UInt8]) -> Double { Double(Float(product(query, x)) * scale(x) * scale(query)) }
        let set = try MatchSet(
            queries: DescriptorSet(columns: 256, bytes: [Data(query)]),
            database: DescriptorSet(columns: 256, bytes: [Data(far), Data(near)]))
        // Equal, although 256 products of bytes are added: all sums are whole and below 2^24.
        #expect(try LNBNN(neighbours: 1).scores(set) == [[0, 2 * (cosine(near) - cosine(far))]])
    }

    @Test func `Fewer photographs than neighbours leave the last as the measure`() throws {
        let database = Made([4, 4], seed: 5)
        let set = try MatchSet(queries: database.set(), database: database.set())
        let scores = try LNBNN(neighbours: 5).scores(set)
        #expect(scores[0][0] > 0 && scores[0][1] == 0)
        let alone = try MatchSet(queries: database.set(), database: database.set().selecting([0]))
        #expect(try LNBNN().scores(alone) == [[0], [0]])
    }

    @Test func `Descriptors of zeros and an empty database score nothing`() throws {
        let zeros = try DescriptorSet(columns: 4, bytes: [Data(count: 8)])
        let some = Made([2, 2, 0], columns: 4, seed: 3)
        #expect(try LNBNN(neighbours: 1).scores(MatchSet(queries: zeros, database: some.set())) == [[0, 0, 0]])
        #expect(try LNBNN(neighbours: 1).scores(MatchSet(queries: some.set(), database: zeros)) == [[0], [0], [0]])
        let empty = try DescriptorSet(columns: 4, bytes: [])
        #expect(try LNBNN().scores(MatchSet(queries: some.set(), database: empty)) == [[], [], []])
        #expect(try LNBNN().scores(MatchSet(queries: empty, database: some.set())).isEmpty)
    }

    @Test func `Settings and sets that do not fit are refused`() throws {
        #expect(throws: MatchingError.self) { try LNBNN(neighbours: 0) }
        let narrow = Made([1], columns: 4, seed: 1), wide = Made([1], columns: 5, seed: 1)
        #expect(throws: MatchingError.widthMismatch(queries: 4, database: 5)) {
            try MatchSet(queries: narrow.set(), database: wide.set())
        }
        for own: [Int?] in [[], [1], [-1], [nil, nil]] {
            #expect(throws: MatchingError.self) {
                try MatchSet(queries: narrow.set(), database: narrow.set(), ownPhotographs: own)
            }
        }
    }

    @Test func `Descriptors of other sizes and numbers that are not finite are refused`() {
        #expect(throws: MatchingError.self) { try DescriptorSet(columns: 4, bytes: [Data(count: 4), Data(count: 5)]) }
        #expect(throws: MatchingError.self) { try DescriptorSet(columns: 0, bytes: []) }
        #expect(throws: MatchingError.self) { try DescriptorSet(columns: 257, bytes: []) }
        for bad in [Float.nan, .infinity, -1e7] {
            let error = #expect(throws: MatchingError.self) {
                try DescriptorSet(columns: 2, values: [[1, 2], [3, bad]])
            }
            #expect(error?.description.contains("photograph 1") == true)
        }
        let many = Data(count: (LocalFeatures.mostKeypoints + 1) * 2)
        #expect(throws: MatchingError.self) { try DescriptorSet(columns: 2, bytes: [many]) }
    }
}
