import Basics
import Testing

@testable import Retrieval

@Suite struct GroupMaximaTests {
    @Test func `Each group's nearest row equals that of a full comparison without own row and own family`() throws {
        let database = try EmbeddingMatrix.random(rows: 90, columns: 17, seed: 11)
        let queries = try database.selecting(rows: 0..<20)
        let groups = (0..<90).map { $0 % 7 == 6 ? nil : $0 % 7 }
        let families = (0..<90).map { $0 % 4 == 0 ? nil : $0 / 3 }
        let set = try RetrievalSet(queries: queries, database: database, ownRows: Array(0..<20))
        let found = try set.nearest(inGroups: groups, count: 6, families: (Array(families.prefix(20)), families))
        for query in 0..<20 {
            for group in 0..<6 {
                let rows = (0..<90).filter { row in
                    groups[row] == group && row != query && (families[query] == nil || families[row] != families[query])
                }
                let best = rows.max { queries.cosine(query, database, $0) < queries.cosine(query, database, $1) }
                #expect(found[query][group]?.row == best)
            }
        }
        #expect(try set.nearest(inGroups: Array(repeating: nil, count: 90), count: 1)[3] == [nil])
    }
}
